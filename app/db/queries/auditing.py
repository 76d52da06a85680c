"""The log read as a record: in order, by what is looked for, and with its beginning let go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.db.models import Activity, AuditAnchor, Bug
from app.db.queries.upsert import table_of

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which notes are looked for; empty: all of them."""

    actor: str = ""
    verb: str = ""
    words: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def in_order(db: Session) -> Iterator[Mapping[str, Any]]:
    """Give every note, oldest first, some at a time."""
    notes, seen = table_of(Activity), 0
    while True:
        some = rows_of(notes).where(notes.c.id > seen).order_by(notes.c.id).limit(AT_ONCE)
        rows = db.connection().execute(some).mappings().all()
        yield from map(dict, rows)
        if len(rows) < AT_ONCE:
            return
        seen = rows[-1]["id"]


def count(db: Session) -> int:
    """Count the notes."""
    return db.exec(select(func.count(col(Activity.id)))).one()


def newest(db: Session) -> int:
    """Return the newest note's id."""
    return db.exec(select(func.max(Activity.id))).one() or 0


def anchor(db: Session) -> AuditAnchor:
    """Return up to where the log was let go; a blank one when it is whole."""
    return db.get(AuditAnchor, 1) or AuditAnchor(pruned_through=0, seal="")


def seal_of(db: Session, note_id: int) -> str | None:
    """Return the seal of one note."""
    return db.exec(select(Activity.seal).where(Activity.id == note_id)).first()


def matching(
    db: Session, wanted: Wanted, *, before: int | None, limit: int
) -> Sequence[tuple[Activity, str | None]]:
    """Return the notes that are looked for, newest first, each with its bug's title."""
    found = select(Activity, Bug.title).outerjoin(Bug, col(Activity.bug_id) == col(Bug.id))
    found = found.where(*_conditions(wanted))
    if before is not None:
        found = found.where(col(Activity.id) < before)
    rows = db.exec(found.order_by(col(Activity.id).desc()).limit(limit))
    return [(note, title) for note, title in rows]


def verbs(db: Session) -> Sequence[str]:
    """Return every verb that a note has."""
    return db.exec(select(Activity.verb).distinct().order_by(col(Activity.verb))).all()


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.actor:
        found.append(col(Activity.actor).icontains(wanted.actor, autoescape=True))
    if wanted.verb:
        found.append(col(Activity.verb) == wanted.verb)
    if wanted.since:
        found.append(col(Activity.at) >= wanted.since)
    if wanted.until:
        found.append(col(Activity.at) < wanted.until)
    places = (col(Activity.detail), col(Activity.actor), col(Activity.verb), col(Bug.title))
    for word in wanted.words:
        found.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return found


def prune(db: Session, before: datetime) -> int:
    """Let go of the notes before an instant, behind an anchor; return how many there were.

    The newest note stays in any case: the next one is sealed onto it.
    """
    newest = db.exec(select(func.max(Activity.id))).one()
    young = db.exec(select(func.min(Activity.id)).where(col(Activity.at) >= before)).one()
    if newest is None:
        return 0
    through = min((young or newest) - 1, newest - 1)
    last = db.exec(
        select(Activity.id, Activity.seal)
        .where(col(Activity.id) <= through)
        .order_by(col(Activity.id).desc())
        .limit(1)
    ).first()
    if last is None or last[0] is None:
        return 0
    db.merge(AuditAnchor(id=1, pruned_through=last[0], seal=last[1]))
    db.flush()
    gone = db.connection().execute(delete(Activity).where(col(Activity.id) <= last[0]))
    return int(gone.rowcount)
