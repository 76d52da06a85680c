"""Wallboards: the screens themselves, and the page on which their links are made and revoked."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import wallboards as acting
from app.actions.people import hashed
from app.core.permissions import Permission
from app.core.sentences import counted
from app.db.models import Wallboard
from app.db.queries import activity, sources, sprints
from app.db.queries import wallboards as rows
from app.views.tv import Wallboards, state_of, wall, wallboard_list
from app.web.assets import edition
from app.web.badges import badge_of
from app.web.desk import AtDesk, Desk, needs
from app.web.errors import answer
from app.web.faces import HTML, back_to, json_answer, squeezed, whole_page
from app.web.kept import KeptPages
from app.web.live import WALL, Broadcast, LiveStream, Seat
from app.web.rendering import render
from app.web.texts import LINE

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/wallboards", tags=["wallboards"])
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
Token = Annotated[str, Path(max_length=80)]
HERE = "/wallboards"
FOR_A_WALL = 6
PAGES = ("figures", "burn-up", "teams", "fixes")
Page = Literal["figures", "burn-up", "teams", "fixes"]
GONE = {
    "revoked": "The link of this wallboard was revoked.",
    "ended": "The link of this wallboard has ended.",
    "unknown": "There is no wallboard with this link.",
}


class Screen(BaseModel):
    """One of a wall's pages; `base` is its address, `edition` that of the scripts it runs."""

    wall: object
    page: str
    pages: tuple[str, ...]
    following: str
    base: str
    edition: str
    demo: bool


class NewWallboard(BaseModel):
    """What makes a wallboard: where it hangs, and how long its link is good."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(max_length=80, pattern=LINE)
    days: int = Field(90, ge=1, le=acting.LONGEST_DAYS)


class MadeWallboard(BaseModel):
    """A new wallboard; the address is shown this once."""

    id: int
    address: str


@pages.get("/tv")
@needs(Permission.tv_read)
def own_screen(desk: AtDesk, page: Annotated[Page, Query()] = "figures") -> Response:
    """Show the wallboard to somebody who is signed in."""
    return _screen(desk, "", "/tv", page)


@pages.get("/tv/{token}")
@needs(Permission.anyone)  # the link is the credential
def screen(desk: AtDesk, token: Token, page: Annotated[Page, Query()] = "figures") -> Response:
    """Show the wallboard to a screen with a good link; else say who can make another."""
    found, state = _known(desk, token)
    if found is None or state != "good":
        return _gone(state)
    _note_seen(desk, found)
    return _screen(desk, found.label, f"/tv/{token}", page)


@pages.get("/live/tv")
@needs(Permission.tv_read)
def own_changes(desk: AtDesk) -> Response:
    """Tell the wallboard of somebody who is signed in of changes."""
    return _stream(desk, desk.asker, badge_of(desk))


@pages.get("/tv/{token}/live")
@needs(Permission.anyone)  # the link is the credential
def changes(desk: AtDesk, token: Token) -> Response:
    """Tell a screen that something changed; what it is, the screen reads for itself."""
    found, state = _known(desk, token)
    if found is None or state != "good":
        return _gone(state)
    return _stream(desk, f"wall {found.id}", found.token_hash)


def _known(desk: Desk, token: str) -> tuple[Wallboard | None, str]:
    found = rows.by_hash(desk.reader, hashed(token))
    return found, state_of(found, desk.at) if found else "unknown"


def _gone(state: str) -> Response:
    status = 404 if state == "unknown" else 410
    return Response(render("tv/gone.html", view=GONE[state]), status, media_type=HTML)


def _note_seen(desk: Desk, found: Wallboard) -> None:
    if found.id and (found.seen_at is None or desk.at - found.seen_at > acting.SEEN_EVERY):
        wallboard_id = found.id
        desk.quietly(lambda db: acting.note_seen(db, wallboard_id, at=desk.at))


def _screen(desk: Desk, label: str, base: str, page: str) -> Response:
    """Draw the wall once per change and minute, however many screens ask."""
    minute = desk.at.replace(second=0, microsecond=0)
    version = (activity.latest(desk.reader), sources.reading(desk.reader), minute)
    following = PAGES[(PAGES.index(page) + 1) % len(PAGES)]

    def make() -> bytes:
        view = Screen(
            wall=wall(desk.reader, label, at=desk.at),
            page=page,
            pages=PAGES,
            following=following,
            base=base,
            edition=edition(),
            demo=desk.demo,
        )
        return render("tv/screen.html", view=view).encode()

    kept: KeptPages = desk.request.app.state.pages
    return squeezed(desk, kept.get(("wall", base, page), repr(version), make).plain)


def _stream(desk: Desk, who: str, badge: str | None) -> Response:
    broadcast: Broadcast = desk.request.app.state.broadcast
    title = f"This wallboard is open on {counted(FOR_A_WALL, 'screen')} already."
    seat = Seat(who, FOR_A_WALL, partial(answer, desk.request, 429, "too-many", title), badge)
    sprint = sprints.current_sprint(desk.reader)
    channel = WALL + (sprint.slug if sprint else "")
    return LiveStream(broadcast, channel, broadcast.latest, seat)


@pages.get(HERE)
@needs(Permission.sprint_write)
def links(desk: AtDesk) -> Response:
    """List wallboards and make new ones."""
    return whole_page(desk, "tv/page.html", wallboard_list(desk.reader, at=desk.at))


@pages.post(HERE)
@needs(Permission.sprint_write)
def make_by_form(
    desk: AtDesk,
    label: Annotated[str, Form(max_length=80)],
    days: Annotated[int, Form(ge=1, le=acting.LONGEST_DAYS)] = 90,
) -> Response:
    """Make a wallboard, and show its address this once."""
    _, address = _make(desk, label, days)
    shown = wallboard_list(desk.after, at=desk.at)
    view = shown.model_copy(update={"made": address, "made_label": label})
    return whole_page(desk, "tv/page.html", view)


@pages.post("/wallboards/{wallboard_id}/revoke")
@needs(Permission.sprint_write)
def revoke_by_form(desk: AtDesk, wallboard_id: Id) -> Response:
    """End a wallboard's link."""
    acting.revoke(desk.db, wallboard_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, HERE, HERE)


@api.get("", response_model=Wallboards)
@needs(Permission.sprint_write)
def wallboards(desk: AtDesk) -> Response:
    """List wallboards, newest first, without their links."""
    return json_answer(wallboard_list(desk.reader, at=desk.at))


@api.post("", response_model=MadeWallboard, status_code=201)
@needs(Permission.sprint_write)
def make(desk: AtDesk, new: NewWallboard) -> Response:
    """Make a wallboard; its address is in the answer and nowhere else."""
    number, address = _make(desk, new.label, new.days)
    return json_answer(MadeWallboard(id=number, address=address), 201)


@api.post("/{wallboard_id}/revoke", status_code=204)
@needs(Permission.sprint_write)
def revoke(desk: AtDesk, wallboard_id: Id) -> Response:
    """End a wallboard's link at once."""
    acting.revoke(desk.db, wallboard_id, actor=desk.visitor.name, at=desk.at)
    return Response(status_code=204)


def _make(desk: Desk, label: str, days: int) -> tuple[int, str]:
    who = desk.visitor.name
    number, token = acting.make(desk.db, label, days=days, actor=who, at=desk.at)
    return number, f"{desk.request.app.state.base_url}/tv/{token}"
