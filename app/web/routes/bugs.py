"""One bug, and what can be done with it."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, ConfigDict, Field

from app.actions import claims, loop, merging
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.permissions import Permission
from app.core.vocabulary import Role
from app.db.queries import sprints
from app.db.queries.lines import Line
from app.views import bugs, inbox
from app.views.bugs import BugPage, one_row
from app.views.models import BoardRow
from app.views.rows import board_rows
from app.views.strip import header
from app.views.why import Eyes
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import HTML, back_to, by_htmx, fragment, json_answer, whole_page
from app.web.frames import Changes
from app.web.rendering import render
from app.web.texts import LINE

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1/bugs", tags=["bugs"])
LARGEST_ID = 2**31 - 1
BugId = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Claim(BaseModel):
    """For which team; left out, the team of the plan or one's own."""

    model_config = ConfigDict(extra="forbid")

    team_id: int | None = Field(None, ge=1, le=LARGEST_ID)


class Decline(BaseModel):
    """Why a bug is not done in this sprint."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(max_length=500, pattern=LINE)


class Merge(BaseModel):
    """The bug that stands for this one: its id, key, number or address."""

    model_config = ConfigDict(extra="forbid")

    into: str = Field(max_length=300, pattern=LINE)


@pages.get("/bugs/{bug_id}")
@needs(Permission.board_read)
def bug_page(desk: AtDesk, bug_id: BugId) -> Response:
    """Show one bug."""
    return whole_page(desk, "bugs/page.html", page_of(desk, bug_id))


@api.get("/{bug_id}", response_model=BugPage)
@needs(Permission.board_read)
def bug(desk: AtDesk, bug_id: BugId) -> Response:
    """Return one bug with its reasons, tickets and history."""
    return json_answer(page_of(desk, bug_id))


def page_of(desk: Desk, bug_id: int) -> BugPage:
    """Return what the visitor may see of a bug."""
    eyes = Eyes(
        money=desk.can(Permission.money_read),
        tickets=desk.can(Permission.ticket_read),
        text=desk.can(Permission.pii_read),
    )
    return bugs.bug_page(desk.reader, bug_id, eyes=eyes, at=desk.at)


def _claim(desk: Desk, bug_id: int, team_id: int | None) -> Line:
    own, who = claiming_team(desk, team_id), desk.visitor.name
    return claims.claim(desk.db, bug_id, team_id=own, actor=who, at=desk.at)


def claiming_team(desk: Desk, team_id: int | None) -> int | None:
    """Return for which team the visitor claims; engineers do so for their own only."""
    who = desk.visitor
    own = team_id if team_id is not None else who.team_id
    if who.role == Role.engineer and (own is None or own != who.team_id):
        raise Forbidden(
            f"You can claim for your own team, {who.team or 'once you have one'}, only."
        )
    return own


def own_team(desk: Desk, bug_id: int) -> None:
    """Refuse engineers what belongs to another team; support leads act for all of them."""
    who = desk.visitor
    if who.role != Role.engineer:
        return
    for item in sprints.live_items(desk.reader, [bug_id]):
        if item.team_id is not None and item.team_id != who.team_id:
            raise Forbidden("Another team has this bug; only its people can change that.")


def _do(desk: Desk, verb: str, bug_id: int) -> None:
    known: dict[str, Callable[..., object]] = {
        "release": claims.release,
        "resolve": claims.resolve,
        "reopen": claims.reopen,
        "ship": loop.ship,
    }
    own_team(desk, bug_id)
    known[verb](desk.db, bug_id, actor=desk.visitor.name, at=desk.at)


def _row(desk: Desk, bug_id: int) -> BoardRow:
    row = one_row(desk.after, bug_id, at=desk.at)
    if row is None:
        raise Invalid("This bug is in no sprint under way.")
    return row


def _shown(desk: Desk, bug_id: int, back: str | None) -> Response:
    """Answer a form: the changed row for the page's script, else back to where it came from."""
    if not by_htmx(desk):
        return back_to(desk, back, f"/bugs/{bug_id}")
    rows = [_row(desk, bug_id)]
    sprint = sprints.current_sprint(desk.reader)
    assert sprint is not None
    changes = Changes(rows=rows, header=header(desk.reader, sprint, at=desk.at), notes=[])
    return fragment("board/frame.html", changes)


def _attempt(desk: Desk, bug_id: int, back: str | None, act: Callable[[], object]) -> Response:
    """Act for a form; who was too late gets the row as it is now beside the refusal."""
    try:
        act()
    except Conflict as error:
        desk.db.rollback()
        row = one_row(desk.after, bug_id, at=desk.at) if by_htmx(desk) else None
        if row is None:
            raise
        # The row comes first: after anything else a browser's parser would drop it.
        truth = render("board/row.html", view=row)
        refused = render("refused.html", view={"title": str(error), "status": 409})
        return Response(truth + refused, 409, media_type=HTML)
    return _shown(desk, bug_id, back)


Back = Annotated[str | None, Form(max_length=500)]


@pages.post("/bugs/{bug_id}/claim")
@needs(Permission.bug_claim)
def claim_by_form(
    desk: AtDesk,
    bug_id: BugId,
    team_id: Annotated[int | None, Form(ge=1, le=LARGEST_ID)] = None,
    back: Back = None,
) -> Response:
    """Take a bug for a team."""
    return _attempt(desk, bug_id, back, partial(_claim, desk, bug_id, team_id))


@api.post("/{bug_id}/claim", response_model=BoardRow)
@needs(Permission.bug_claim)
def claim(desk: AtDesk, bug_id: BugId, wish: Claim | None = None) -> Response:
    """Take a bug for a team; 409 names who was first."""
    line = _claim(desk, bug_id, wish.team_id if wish else None)
    return json_answer(board_rows(desk.reader, [line], at=desk.at)[0])


@pages.post("/bugs/{bug_id}/decline")
@needs(Permission.bug_claim)
def decline_by_form(
    desk: AtDesk,
    bug_id: BugId,
    why: Annotated[str, Form(max_length=500)] = "",
    back: Back = None,
) -> Response:
    """Take a bug out of the sprint, with a reason."""
    own_team(desk, bug_id)
    claims.decline(desk.db, bug_id, why=why, actor=desk.visitor.name, at=desk.at)
    return _shown(desk, bug_id, back)


@api.post("/{bug_id}/decline", response_model=BoardRow)
@needs(Permission.bug_claim)
def decline(desk: AtDesk, bug_id: BugId, said: Decline) -> Response:
    """Take a bug out of the sprint, with a reason."""
    own_team(desk, bug_id)
    claims.decline(desk.db, bug_id, why=said.why, actor=desk.visitor.name, at=desk.at)
    return json_answer(_row(desk, bug_id))


def _add_verb(verb: str, meaning: str) -> None:
    """Register one of the verbs that take nothing but a bug, for both faces."""

    def by_form(desk: AtDesk, bug_id: BugId, back: Back = None) -> Response:
        return _attempt(desk, bug_id, back, partial(_do, desk, verb, bug_id))

    def by_json(desk: AtDesk, bug_id: BugId) -> Response:
        _do(desk, verb, bug_id)
        return json_answer(_row(desk, bug_id))

    guard = needs(Permission.bug_claim)
    by_json.__name__, by_json.__doc__ = verb, meaning
    pages.post(f"/bugs/{{bug_id}}/{verb}")(guard(by_form))
    api.post(f"/{{bug_id}}/{verb}", response_model=BoardRow)(guard(by_json))


_add_verb("release", "Give a claimed bug back.")
_add_verb("resolve", "Say that a bug is fixed.")
_add_verb("reopen", "Say that a bug is not fixed after all.")
_add_verb("ship", "Say that the fix is released; drafts a message to each customer it hurt.")


@pages.post("/bugs/{bug_id}/merge")
@needs(Permission.link_write)
def merge_by_form(
    desk: AtDesk,
    bug_id: BugId,
    into: Annotated[str, Form(max_length=300)] = "",
    back: Back = None,
) -> Response:
    """Count a bug for another one."""
    _merge(desk, bug_id, into)
    return back_to(desk, back, f"/bugs/{bug_id}")


@api.post("/{bug_id}/merge", status_code=204)
@needs(Permission.link_write)
def merge(desk: AtDesk, bug_id: BugId, wish: Merge) -> Response:
    """Count a bug for another one."""
    _merge(desk, bug_id, wish.into)
    return Response(status_code=204)


def _merge(desk: Desk, bug_id: int, into: str) -> None:
    other = inbox.bug_meant(desk.db, into)
    merging.merge(desk.db, bug_id, other, actor=desk.visitor.name, at=desk.at)


@pages.post("/bugs/{bug_id}/unmerge")
@needs(Permission.link_write)
def unmerge_by_form(desk: AtDesk, bug_id: BugId, back: Back = None) -> Response:
    """Let a merged bug stand for itself again."""
    merging.unmerge(desk.db, bug_id, actor=desk.visitor.name, at=desk.at)
    return back_to(desk, back, f"/bugs/{bug_id}")


@api.post("/{bug_id}/unmerge", status_code=204)
@needs(Permission.link_write)
def unmerge(desk: AtDesk, bug_id: BugId) -> Response:
    """Let a merged bug stand for itself again."""
    merging.unmerge(desk.db, bug_id, actor=desk.visitor.name, at=desk.at)
    return Response(status_code=204)
