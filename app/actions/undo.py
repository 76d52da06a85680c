"""Take back what one did a moment ago, while it is still as one left it.

What that needs was kept beside the action's note.  An item goes back by one UPDATE that holds only
while nobody changed it since (its version is the one that the action gave it); links go back
together or not at all.  The log is append-only: taking back leaves a note of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import links, moves
from app.actions.bulk import Guard
from app.core.batches import Outcome, Refusal
from app.core.errors import AppError, Conflict, NotFound
from app.core.undoing import UNDONE, Undone, Whose, batches, undone
from app.core.vocabulary import ItemState
from app.db.models import Activity, Bug
from app.db.queries import activity, bugs, sprints

DEEDS = {
    "claimed": "the claim of",
    "released_claim": "the release of",
    "assigned": "the team of",
    "fixed": "the fix of",
    "reopened": "the re-opening of",
    "declined": "the declining of",
    "linked": "the link to",
    "suggested": "the suggestion for",
    "unlinked": "the unlinking from",
    "judged": "the verdict on a link to",
}
TIMES = ("claimed_at", "resolved_at")
BACK_ALREADY = "That was taken back already."


def action_of(db: Session, note_id: int, whose: Whose) -> list[Activity]:
    """Return the notes of the action that a note is of: its own, or all of one press of a button.

    What somebody else did is not found: each takes back only what is theirs.
    """
    known = activity.note_by_id(db, note_id)
    told = [note for note, _ in activity.done_at(db, whose, [known.at])] if known else []
    for batch in batches(told):
        if note_id in {note.id for note in batch}:
            return batch
    raise NotFound(f"You did nothing under {note_id} that can be taken back.")


def take_back(
    db: Session, notes: Sequence[Activity], guard: Guard, *, actor: str, at: datetime
) -> Outcome:
    """Take an action back as far as that goes; raises Conflict when nothing of it can be."""
    oldest = min(note.id or 0 for note in notes)
    gone = undone(activity.undone_since(db, [n.bug_id for n in notes if n.bug_id], oldest))
    outcome, said = Outcome(), list[dict[str, Any]]()
    for note in sorted(notes, key=lambda each: each.bug_id or 0):
        try:
            if "item" in (note.undo or {}):
                guard(note.bug_id or 0)
            said.append(_one(db, note, gone, actor, at))
        except AppError as error:
            outcome.refused.append(Refusal(note.bug_id or 0, str(error)))
        else:
            outcome.done.append(note.bug_id or 0)
    if not outcome.done:
        db.rollback()
        raise Conflict(" ".join(dict.fromkeys(each.why for each in outcome.refused)))
    for about in said:
        activity.note(db, **about)
    db.commit()
    return outcome


def _one(db: Session, note: Activity, gone: Undone, actor: str, at: datetime) -> dict[str, Any]:
    facts = note.undo or {}
    title = _title(bugs.bug(db, note.bug_id or 0))
    if note.id in gone.ids:
        raise Conflict(BACK_ALREADY)
    if "no" in facts:
        raise Conflict(f"{title} stays as it is: {facts['no']}.")
    about: dict[str, Any] = {"verb": UNDONE, "detail": DEEDS[note.verb], "undo": {"undid": note.id}}
    if "links" in facts:
        return about | links.put_back(db, facts["links"], actor=actor, at=at)
    about["undo"] |= _item_back(db, note, gone, title)
    where = {"bug_id": note.bug_id, "sprint_id": note.sprint_id, "team_id": note.team_id}
    return about | where | {"actor": actor, "at": at}


def _item_back(db: Session, note: Activity, gone: Undone, title: str) -> dict[str, Any]:
    """Set an item back; returns which version it equals again, for taking back what was before."""
    facts, sprint = note.undo or {}, moves.running(db)
    if note.sprint_id != sprint.id:
        raise Conflict(f"{title} was in a sprint that is over.")
    was = {name: _value(name, value) for name, value in facts["was"].items()}
    item_id = facts["item"]
    version = sprints.versions(db, [item_id]).get(item_id)
    same = version is not None and gone.plain(item_id, version) == facts["version"]
    if version is None or not same or not sprints.put_back(db, item_id, version, **was):
        raise Conflict(changed_since(db, note, title))
    return {"item": item_id, "version": version + 1, "as": facts["version"] - 1}


def _value(name: str, value: Any) -> Any:
    if name == "state":
        return ItemState(value)
    return datetime.fromisoformat(value) if name in TIMES and value else value


def changed_since(db: Session, note: Activity, title: str) -> str:
    """Say who changed a bug since a note."""
    since = activity.newest_since(db, [note.bug_id or 0], note.id or 0).get(note.bug_id or 0)
    who = f" by {since.actor}" if since else ""
    return f"{title} was changed{who} since, so it stays as it is."


def _title(bug: Bug | None) -> str:
    return f"“{bug.title}”" if bug else "The bug"
