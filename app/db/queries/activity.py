"""The activity log: append, and read what is new."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, null
from sqlmodel import Session, col, select

from app.core import chain
from app.core.undoing import UNDONE, Whose
from app.db.models import Activity, Bug
from app.db.prepared import Prepared
from app.db.queries.upsert import chunks

_UNSAID: dict[str, Any] = {
    "sprint_id": None,
    "bug_id": None,
    "ticket_id": None,
    "team_id": None,
    "source_id": None,
    "detail": "",
    "bugs": [],
    "erased": False,
    "undo": None,
}
_SAID = ("at", "actor", "verb", "salt", "digest", "seal", *_UNSAID)
_APPENDED = Prepared(insert(Activity).inline(), _SAID)
_NEWEST_SEAL = Prepared(select(Activity.seal).order_by(col(Activity.id).desc()).limit(1))
_TURN = select(func.pg_advisory_xact_lock(7_340_001))
_PERSON = "person who acts"


def note(db: Session, *, at: datetime, actor: str, verb: str, **about: Any) -> None:
    """Append a note inside the caller's transaction; `about` names ids and the detail.

    `undo` is what taking the action back needs, and who may: no part of what the note says.
    Each note is sealed onto the one before it.  SQLite has one writer anyway; on PostgreSQL
    writers of notes take turns until they commit, so let the note be an action's last statement.
    """
    db.flush()
    if db.connection().dialect.name == "postgresql":
        db.connection().execute(_TURN)
    row = _UNSAID | {"at": at, "actor": actor, "verb": verb} | about
    if about.get("undo"):
        row["undo"] = about["undo"] | {"by": db.info.get(_PERSON)}
    salt = secrets.token_hex(8)
    stands = chain.digest(row, salt)
    newest = _NEWEST_SEAL.first(db)
    seal = chain.seal(newest[0] if newest else "", stands)
    _APPENDED.first(db, **row, salt=salt, digest=stands, seal=seal)


def act_for(db: Session, user_id: int | None) -> None:
    """Say whose actions a session's notes are from now on; None: a program's, or the product's."""
    db.info[_PERSON] = user_id


def latest(db: Session) -> int:
    """Return the newest note's id, 0 when nothing has happened."""
    return db.exec(select(func.max(Activity.id))).one() or 0


def after(db: Session, seen: int, *, limit: int = 500) -> Sequence[Activity]:
    """Return the notes that came after `seen`, oldest first."""
    newer = select(Activity).where(col(Activity.id) > seen).order_by(col(Activity.id)).limit(limit)
    return db.exec(newer).all()


def recent(
    db: Session,
    *,
    sprint_id: int | None = None,
    bug_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[tuple[Activity, str | None]]:
    """Return notes, newest first, each with its bug's title."""
    found = select(Activity, Bug.title).outerjoin(Bug, col(Activity.bug_id) == col(Bug.id))
    if sprint_id is not None:
        found = found.where(Activity.sprint_id == sprint_id)
    if bug_id is not None:
        found = found.where(Activity.bug_id == bug_id)
    if before is not None:
        found = found.where(col(Activity.id) < before)
    rows = db.exec(found.order_by(col(Activity.id).desc()).limit(limit))
    return [(activity, title) for activity, title in rows]


def titled(db: Session, notes: Sequence[Activity]) -> list[tuple[Activity, str | None]]:
    """Return notes with the titles of their bugs."""
    ids = {note.bug_id for note in notes if note.bug_id}
    rows = db.exec(select(Bug.id, Bug.title).where(col(Bug.id).in_(ids))) if ids else ()
    titles = dict(iter(rows))
    return [(note, titles.get(note.bug_id)) for note in notes]


def moments_of(db: Session, whose: Whose, *, limit: int) -> list[datetime]:
    """Return when somebody last did something that can be taken back, newest first."""
    newest = func.max(Activity.id)
    theirs = select(Activity.at).where(_undoable(whose))
    return list(db.exec(theirs.group_by(col(Activity.at)).order_by(newest.desc()).limit(limit)))


def done_at(
    db: Session, whose: Whose, moments: Sequence[datetime]
) -> list[tuple[Activity, str | None]]:
    """Return what somebody did at these moments and can take back, newest first, with titles."""
    found = (
        select(Activity, Bug.title)
        .outerjoin(Bug, col(Activity.bug_id) == col(Bug.id))
        .where(col(Activity.at).in_(moments), _undoable(whose))
    )
    return [(note, title) for note, title in db.exec(found.order_by(col(Activity.id).desc()))]


def undone_since(db: Session, bug_ids: Collection[int], since: int) -> list[Activity]:
    """Return the notes by which something about these bugs was taken back after a note."""
    found: list[Activity] = []
    for some in chunks(sorted(bug_ids)):
        about = (col(Activity.bug_id).in_(some), col(Activity.id) > since)
        found += db.exec(select(Activity).where(Activity.verb == UNDONE, *about))
    return found


def _undoable(whose: Whose) -> Any:
    undo = col(Activity.undo)
    theirs = undo["by"].as_integer().is_not_distinct_from(whose.user_id)
    return and_(
        col(Activity.actor) == whose.name, undo.is_not(null()), theirs, col(Activity.verb) != UNDONE
    )


def newest_since(db: Session, bug_ids: Collection[int], since: int) -> dict[int, Activity]:
    """Return the newest note about each of these bugs that came after a note."""
    found: dict[int, Activity] = {}
    for some in chunks(sorted(bug_ids)):
        newest = select(func.max(Activity.id)).where(
            col(Activity.bug_id).in_(some), col(Activity.id) > since
        )
        rows = select(Activity).where(col(Activity.id).in_(newest.group_by(col(Activity.bug_id))))
        found |= {note.bug_id: note for note in db.exec(rows) if note.bug_id}
    return found


def note_by_id(db: Session, note_id: int) -> Activity | None:
    """Return one note."""
    return db.get(Activity, note_id)
