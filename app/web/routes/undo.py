"""One's last actions, and taking them back."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from pydantic import BaseModel

from app.actions import undo as undoing
from app.core.batches import Outcome, message
from app.core.errors import Conflict
from app.core.permissions import Permission
from app.core.sentences import sentence
from app.core.undoing import UNDONE, Whose
from app.db.models import Activity
from app.db.queries import bugs
from app.views import undo
from app.views.undo import Done
from app.web.desk import AtDesk, Desk, needs
from app.web.faces import back_to, by_htmx, fragment, json_answer, whole_page
from app.web.routes.bugs import LARGEST_ID, own_team
from app.web.telling import changed

pages = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["activity"])
NoteId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Back = Annotated[str | None, Form(max_length=500)]
NEEDS = {
    "linked": Permission.link_write,
    "unlinked": Permission.link_write,
    "judged": Permission.link_write,
    "suggested": Permission.link_suggest,
}
"""What taking back a verb takes; for all others that is the permission to claim."""
NOTHING = "There is nothing of yours left to take back."


class TakenBack(BaseModel):
    """Which bugs were changed, and what happened in a sentence."""

    bugs: list[int]
    said: str


@pages.get("/me/actions")
@needs(Permission.board_read)
def actions_page(desk: AtDesk) -> Response:
    """Show what one did last."""
    view = _done(desk)
    if by_htmx(desk):
        return fragment("frame/done.html", view)
    return whole_page(desk, "me/actions.html", view)


@api.get("/me/actions", response_model=Done)
@needs(Permission.board_read)
def actions(desk: AtDesk) -> Response:
    """List one's last ten actions, and which of them can still be taken back."""
    return json_answer(_done(desk))


def _done(desk: Desk) -> Done:
    return undo.done(desk.reader, _whose(desk))


def _whose(desk: Desk) -> Whose:
    return Whose(desk.visitor.name, desk.visitor.user_id)


@pages.post("/me/actions/undo")
@needs(Permission.bug_claim)
def undo_newest(desk: AtDesk, back: Back = None) -> Response:
    """Take back the newest action that still can be."""
    note_id = undo.newest_to_undo(desk.reader, _whose(desk))
    if note_id is None:
        raise Conflict(NOTHING)
    return _by_form(desk, note_id, back)


@pages.post("/me/actions/{note_id}/undo")
@needs(Permission.bug_claim)
def undo_by_form(desk: AtDesk, note_id: NoteId, back: Back = None) -> Response:
    """Take one action back."""
    return _by_form(desk, note_id, back)


@api.post("/activity/{note_id}/undo", response_model=TakenBack)
@needs(Permission.bug_claim)
def take_back(desk: AtDesk, note_id: NoteId) -> Response:
    """Take back an action of one's own, while nobody changed what it left."""
    notes, outcome = _take_back(desk, note_id)
    return json_answer(TakenBack(bugs=outcome.done, said=_said(desk, notes, outcome)))


def _by_form(desk: Desk, note_id: int, back: str | None) -> Response:
    notes, outcome = _take_back(desk, note_id)
    if not by_htmx(desk):
        return back_to(desk, back, "/me/actions")
    touched = {*outcome.done, *(bug for note in notes for bug in note.bugs)}
    return changed(desk, sorted(touched), _said(desk, notes, outcome))


def _take_back(desk: Desk, note_id: int) -> tuple[list[Activity], Outcome]:
    actor = desk.visitor.name
    notes = undoing.action_of(desk.db, note_id, _whose(desk))
    desk.admit(NEEDS.get(notes[0].verb, Permission.bug_claim))
    guard = partial(own_team, desk)
    return notes, undoing.take_back(desk.db, notes, guard, actor=actor, at=desk.at)


def _said(desk: Desk, notes: list[Activity], outcome: Outcome) -> str:
    if len(notes) > 1:
        return message(outcome, "set back as before")
    bug, verb = bugs.bug(desk.after, notes[0].bug_id or 0), notes[0].verb
    thing = bug.title if bug else None
    return sentence(UNDONE, actor="you", thing=thing, detail=undoing.DEEDS[verb])
