"""The board, and the stream that keeps it true."""

from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.vocabulary import ItemState, Lane
from app.db.models import Sprint
from app.db.queries import activity, sources, sprints
from app.views import boards, filters
from app.views.boards import Board, Wanted
from app.views.filters import LONGEST, PICKED, Asker
from app.views.shapes import shaped_page
from app.web.badges import badge_of
from app.web.desk import AtDesk, Desk, needs
from app.web.errors import answer
from app.web.faces import json_answer, shell_of
from app.web.kept import serve_kept
from app.web.live import FOR_A_PERSON, FOR_A_PROGRAM, Broadcast, LiveStream, Seat
from app.web.rendering import render
from app.web.texts import FILTER

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["board"])
Words = Annotated[str, Query(max_length=200)]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A table.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


Shape = Literal["list", "columns", "areas"]


class BoardQuery(BaseModel):
    """What of the board is asked for; empty means all of it."""

    q: str = Field("", max_length=LONGEST, json_schema_extra=FILTER)
    state: str = Field("", max_length=40, json_schema_extra={"enum": ["", *ItemState]})
    team: str = Field("", max_length=40)
    lane: str = Field("", max_length=40, json_schema_extra={"enum": ["", *Lane]})
    after: str = Field("", max_length=40)
    limit: int = Field(100, ge=1, le=500)

    @property
    def picks(self) -> dict[str, str]:
        """What was chosen from lists."""
        return {field: getattr(self, field) for field in PICKED}


class PageQuery(BoardQuery):
    """The same from a page: in which shape, and the text for which its lists were shown."""

    shape: Shape = "list"
    was: str | None = Field(None, max_length=LONGEST)


def asker(desk: Desk) -> Asker:
    """Return who filters."""
    who = desk.visitor
    return Asker(who.name, who.user_id, who.team_id, who.can)


@pages.get("/")
@pages.get("/board")
@needs(Permission.board_read)
def home(desk: AtDesk) -> Response:
    """Send people to the board of the sprint they mean."""
    sprint = sprints.current_sprint(desk.reader)
    asked = f"?{desk.request.url.query}" if desk.request.url.query else ""
    return RedirectResponse(f"/s/{sprint.slug}/board{asked}" if sprint else "/sprints", 303)


@pages.get("/s/{slug}/board")
@needs(Permission.board_read)
def board_page(desk: AtDesk, slug: str, asked: Annotated[PageQuery, Query()]) -> Response:
    """Show a sprint's bugs, worst first; unchanged bytes are neither made nor sent twice."""
    if asked.model_fields_set & {*PICKED, "was"}:
        return _with_one_text(desk, slug, asked)
    wanted = Wanted(asked.q.strip(), asked.after)
    version = (*_version(desk), desk.today)

    def make() -> bytes:
        view = shaped_page(desk.reader, slug, wanted, asked.shape, who=asker(desk), at=desk.at)
        return render("board/page.html", view=view, shell=shell_of(desk)).encode()

    return serve_kept(desk, (slug, wanted, asked.shape), version, make)


def _with_one_text(desk: Desk, slug: str, asked: PageQuery) -> Response:
    """Send a form's browser to the address in which the filter is one text."""
    sprint = boards.find_sprint(desk.reader, slug)
    texts = (asked.q, asked.was)
    q = filters.folded(desk.reader, sprint.id or 0, asker(desk), texts, asked.picks)
    given = desk.request.query_params.multi_items()
    kept = [each for each in given if each[0] not in {*PICKED, "was", "q", "after"}]
    query = urlencode([*([("q", q)] if q else []), *kept])
    return RedirectResponse(f"/s/{quote(slug)}/board{'?' if query else ''}{query}", 303)


def _version(desk: Desk) -> tuple[object, ...]:
    if desk.standing is not None:
        return desk.standing.version
    return (activity.latest(desk.reader), sources.reading(desk.reader))


@api.get("/board", response_model=Board)
@needs(Permission.board_read)
def board(desk: AtDesk, asked: Annotated[BoardQuery, Query()]) -> Response:
    """List the bugs of the sprint under way, worst first."""
    sprint = _current(desk)
    wanted = Wanted(_text(desk, sprint, asked), asked.after, asked.limit)
    return json_answer(boards.board(desk.reader, sprint.slug, wanted, who=asker(desk), at=desk.at))


@api.get("/board.csv", response_class=Response, responses=CSV)
@needs(Permission.board_read)
def sheet(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=LONGEST, json_schema_extra=FILTER)] = "",
) -> Response:
    """Return every bug of the sprint under way that a filter means, as CSV."""
    text = boards.sheet(desk.reader, _current(desk).slug, q, who=asker(desk), at=desk.at)
    named = {"content-disposition": 'attachment; filename="board.csv"'}
    return Response(text, headers=named, media_type="text/csv; charset=utf-8")


def _text(desk: Desk, sprint: Sprint, asked: BoardQuery) -> str:
    picks = {field: value for field, value in asked.picks.items() if value}
    if not picks:
        return asked.q
    if asked.team and not filters.knows(
        desk.reader, sprint.id or 0, asker(desk), "team", asked.team
    ):
        raise NotFound(f"There is no team “{asked.team}”.")
    return filters.folded(desk.reader, sprint.id or 0, asker(desk), (asked.q, None), picks)


@pages.get("/filters/complete")
@needs(Permission.board_read)
def completions(
    desk: AtDesk,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
    at: Annotated[int, Query(ge=0, le=LONGEST)] = LONGEST,
    s: Words = "",
) -> Response:
    """Say how the term at a place in a filter may go on."""
    sprint = boards.find_sprint(desk.reader, s) if s else _current(desk)
    return json_answer(filters.completions(desk.reader, sprint.id or 0, q, at, asker(desk)))


def _current(desk: Desk) -> Sprint:
    sprint = sprints.current_sprint(desk.reader)
    if sprint is None:
        raise NotFound("There is no sprint yet.")
    return sprint


@pages.get("/live")
@needs(Permission.board_read)
def live(
    desk: AtDesk,
    s: Words = "",
    after: Annotated[int | None, Query(ge=0, le=2**62)] = None,
    last_event_id: Annotated[str, Header(max_length=20)] = "",
) -> Response:
    """Stream every change of a board to an open page."""
    broadcast: Broadcast = desk.request.app.state.broadcast
    seen = int(last_event_id) if last_event_id.isdecimal() else after
    latest = activity.latest(desk.reader)
    known = latest if seen is None else min(seen, latest)
    return LiveStream(broadcast, s or _current(desk).slug, known, _seat(desk))


@pages.get("/live/poll")
@needs(Permission.board_read)
def poll(
    desk: AtDesk,
    s: Words = "",
    after: Annotated[int | None, Query(ge=0, le=2**62)] = None,
) -> Response:
    """Answer what a page missed, as the stream would have: for pages that get no stream."""
    broadcast: Broadcast = desk.request.app.state.broadcast
    slug = s or _current(desk).slug
    frames = [] if after is None else broadcast.render(after)[1]
    missed = b"".join(frame.payload for frame in frames if frame.channel == slug)
    return Response(broadcast.greeting() + missed, media_type="text/plain; charset=utf-8")


def _seat(desk: Desk) -> Seat:
    most = FOR_A_PERSON if desk.standing else FOR_A_PROGRAM
    title = f"You have {most} live pages open; close one, or read this one without its updates."
    refusal = partial(answer, desk.request, 429, "too-many", title)
    return Seat(desk.asker, most, refusal, badge_of(desk))
