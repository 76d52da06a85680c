"""The board, and the stream that keeps it true."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.vocabulary import ItemState, Lane
from app.db.queries import activity, sources, sprints
from app.views import boards
from app.views.boards import Board, Wanted
from app.views.shapes import shaped
from app.web.desk import AtDesk, Desk, needs
from app.web.errors import answer
from app.web.faces import json_answer, shell_of
from app.web.kept import serve_kept
from app.web.live import FOR_A_PERSON, FOR_A_PROGRAM, Broadcast, LiveStream, Seat
from app.web.rendering import render

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["board"])
Words = Annotated[str, Query(max_length=200)]


Shape = Literal["list", "columns", "areas"]


class BoardQuery(BaseModel):
    """What of the board is asked for; empty means all of it."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=40, json_schema_extra={"enum": ["", *ItemState]})
    team: str = Field("", max_length=40)
    lane: str = Field("", max_length=40, json_schema_extra={"enum": ["", *Lane]})
    after: str = Field("", max_length=40)
    limit: int = Field(100, ge=1, le=500)


class PageQuery(BoardQuery):
    """What of the board people ask for, and in which shape."""

    shape: Shape = "list"


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
    wanted = Wanted(**asked.model_dump(exclude={"limit", "shape"}))
    version = (*_version(desk), desk.today)

    def make() -> bytes:
        found = boards.board(desk.reader, slug, wanted, at=desk.at)
        narrowed = boards.conditions(desk.reader, wanted)
        view = shaped(desk.reader, found, asked.shape, narrowed, at=desk.at)
        return render("board/page.html", view=view, shell=shell_of(desk)).encode()

    return serve_kept(desk, (slug, wanted, asked.shape), version, make)


def _version(desk: Desk) -> tuple[object, ...]:
    if desk.standing is not None:
        return desk.standing.version
    return (activity.latest(desk.reader), sources.reading(desk.reader))


@api.get("/board", response_model=Board)
@needs(Permission.board_read)
def board(desk: AtDesk, asked: Annotated[BoardQuery, Query()]) -> Response:
    """List the bugs of the sprint under way, worst first."""
    sprint = _current(desk)
    wanted = Wanted(**asked.model_dump())
    return json_answer(boards.board(desk.reader, sprint, wanted, at=desk.at))


def _current(desk: Desk) -> str:
    sprint = sprints.current_sprint(desk.reader)
    if sprint is None:
        raise NotFound("There is no sprint yet.")
    return sprint.slug


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
    from_now = broadcast.latest if seen is None else seen
    return LiveStream(broadcast, s or _current(desk), from_now, _seat(desk))


@pages.get("/live/poll")
@needs(Permission.board_read)
def poll(
    desk: AtDesk,
    after: Annotated[int, Query(ge=0, le=2**62)],
    s: Words = "",
) -> Response:
    """Answer what a page missed, as the stream would have: for pages that get no stream."""
    broadcast: Broadcast = desk.request.app.state.broadcast
    body = broadcast.greeting() + broadcast.missed(s or _current(desk), after)
    return Response(body, media_type="text/plain; charset=utf-8")


def _seat(desk: Desk) -> Seat:
    most = FOR_A_PERSON if desk.standing else FOR_A_PROGRAM
    title = f"You have {most} live pages open; close one, or read this one without its updates."
    return Seat(desk.asker, most, partial(answer, desk.request, 429, "too-many", title))
