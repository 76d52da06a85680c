"""The last actions of one person, and which of them can still be taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.sentences import counted, sentence
from app.core.undoing import LISTED, Whose, batches, undone
from app.db.models import Activity
from app.db.queries import activity, links, sprints

DID = {
    "claimed": "claimed for {detail}",
    "released_claim": "given back",
    "fixed": "fixed",
    "reopened": "re-opened",
    "assigned": "given to {detail}",
}
BACK = "Taken back."


class DoneLine(BaseModel):
    """One action; `why_not`: why it cannot be taken back any more, "" while it can."""

    id: int
    at: datetime
    verb: str
    text: str
    bugs: int
    bug_id: int | None
    why_not: str


class Done(BaseModel):
    """What somebody did last, newest first."""

    rows: list[DoneLine] = Field(serialization_alias="items")


Titled = tuple[Activity, str | None]


def done(db: Session, whose: Whose) -> Done:
    """List somebody's last actions."""
    titled = activity.done_at(db, whose, activity.moments_of(db, whose, limit=LISTED))
    titles = {note.id: title for note, title in titled}
    found = batches([note for note, _ in titled])[:LISTED]
    if not found:
        return Done(rows=[])
    now = Now(db, [note for batch in found for note in batch])
    return Done(rows=[_line(batch, titles, now) for batch in found])


def newest_to_undo(db: Session, whose: Whose) -> int | None:
    """Return the newest action that can still be taken back."""
    return next((row.id for row in done(db, whose).rows if not row.why_not), None)


class Now:
    """How everything stands that some notes changed."""

    def __init__(self, db: Session, notes: Sequence[Activity]) -> None:
        facts = [note.undo or {} for note in notes]
        oldest = min(note.id or 0 for note in notes)
        self.versions = sprints.versions(db, [each["item"] for each in facts if "item" in each])
        every = [link["id"] for each in facts for link in each.get("links", ())]
        self.links = links.stands(db, every)
        about = {note.bug_id for note in notes if note.bug_id}
        self.undone = undone(activity.undone_since(db, about, oldest))
        self.newest = activity.newest_since(db, about, oldest)

    def why_not(self, note: Activity, title: str | None) -> str:
        """Say why a note's action cannot be taken back; "" when it can."""
        facts = note.undo or {}
        if note.id in self.undone.ids:
            return BACK
        if "no" in facts:
            return f"It stays: {facts['no']}."
        return "" if self._same(facts) else self._since(note, title)

    def _same(self, facts: dict[str, Any]) -> bool:
        if "links" in facts:
            return all(self.links.get(each["id"]) == each["now"] for each in facts["links"])
        now = self.undone.plain(facts["item"], self.versions.get(facts["item"]))
        return bool(now == facts["version"])

    def _since(self, note: Activity, title: str | None) -> str:
        newer = self.newest.get(note.bug_id or 0)
        if newer is None or newer.id == note.id:
            return "It was changed since."
        said = sentence(newer.verb, actor=newer.actor, thing=title, detail=newer.detail)
        return f"Since then: {said}"


def _line(batch: Sequence[Activity], titles: dict[int | None, str | None], now: Now) -> DoneLine:
    first = batch[0]
    reasons = [now.why_not(note, titles[note.id]) for note in batch]
    return DoneLine(
        id=first.id or 0,
        at=first.at,
        verb=first.verb,
        text=_text(batch, titles[first.id]),
        bugs=len(batch),
        bug_id=first.bug_id if len(batch) == 1 else None,
        why_not="" if "" in reasons else reasons[0],
    )


def _text(batch: Sequence[Activity], title: str | None) -> str:
    first = batch[0]
    if len(batch) == 1:
        return sentence(first.verb, actor="you", thing=title, detail=first.detail)
    said = DID.get(first.verb, first.verb).format(detail=first.detail)
    return f"{counted(len(batch), 'bug')} {said}."
