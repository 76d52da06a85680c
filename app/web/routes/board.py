"""The board, and the stream that keeps it true."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from app.core.errors import NotFound
from app.core.permissions import Permission
from app.core.vocabulary import ItemState, Lane
from app.db.queries import activity, sources, sprints
from app.views import boards
from app.views.boards import Board, Wanted
from app.web.badges import badge_of
from app.web.desk import AtDesk, Desk, needs
from app.web.errors import answer
from app.web.faces import json_answer, shell_of
from app.web.kept import serve_kept
from app.web.live import FOR_A_PERSON, FOR_A_PROGRAM, Broadcast, LiveStream, Seat
from app.web.rendering import render

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["board"])
Words = Annotated[str, Query(max_length=200)]


class BoardQuery(BaseModel):
    """What of the board is asked for; empty means all of it."""

    q: str = Field("", max_length=200)
    state: str = Field("", max_length=40, json_schema_extra={"enum": ["", *ItemState]})
    team: str = Field("", max_length=40)
    lane: str = Field("", max_length=40, json_schema_extra={"enum": ["", *Lane]})
    after: str = Field("", max_length=40)
    limit: int = Field(100, ge=1, le=500)


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
def board_page(desk: AtDesk, slug: str, asked: Annotated[BoardQuery, Query()]) -> Response:
    """Show a sprint's bugs, worst first; unchanged bytes are neither made nor sent twice."""
    wanted = Wanted(**asked.model_dump(exclude={"limit"}))
    version = (*_version(desk), desk.today)

    def make() -> bytes:
        view = boards.board(desk.reader, slug, wanted, at=desk.at)
        return render("board/page.html", view=view, shell=shell_of(desk)).encode()

    return serve_kept(desk, (slug, wanted), version, make)


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
    latest = activity.latest(desk.reader)
    known = latest if seen is None else min(seen, latest)
    return LiveStream(broadcast, s or _current(desk), known, _seat(desk))


def _seat(desk: Desk) -> Seat:
    most = FOR_A_PERSON if desk.standing else FOR_A_PROGRAM
    title = f"You have {most} live pages open; close one, or read this one without its updates."
    refusal = partial(answer, desk.request, 429, "too-many", title)
    return Seat(desk.asker, most, refusal, badge_of(desk))
