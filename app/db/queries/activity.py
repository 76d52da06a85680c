"""The activity log: append, and read what is new."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from app.core import chain
from app.db.models import Activity, Bug

_APPENDED = insert(Activity)
_NEWEST_SEAL = select(Activity.seal).order_by(col(Activity.id).desc()).limit(1)
_TURN = select(func.pg_advisory_xact_lock(7_340_001))


def note(db: Session, *, at: datetime, actor: str, verb: str, **about: Any) -> None:
    """Append a note inside the caller's transaction; `about` names ids and the detail.

    Each note is sealed onto the one before it.  SQLite has one writer anyway; on PostgreSQL
    writers of notes take turns until they commit, so let the note be an action's last statement.
    """
    db.flush()
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN)
    row = {"at": at, "actor": actor, "verb": verb, "detail": "", "bugs": []} | about
    salt = secrets.token_hex(8)
    stands = chain.digest(row, salt)
    seal = chain.seal(connection.execute(_NEWEST_SEAL).scalar() or "", stands)
    connection.execute(_APPENDED, row | {"salt": salt, "digest": stands, "seal": seal})


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
