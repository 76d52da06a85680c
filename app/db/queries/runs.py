"""Runs that somebody started from a page: the last one of each kind of a source."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.core.vocabulary import RunKind, RunState
from app.db.models import SourceRun
from app.db.queries.upsert import upsert

Key = tuple[int, RunKind]


def run(db: Session, key: Key) -> SourceRun | None:
    """Return the last run of a kind."""
    return db.get(SourceRun, key)


def every_run(db: Session) -> Sequence[SourceRun]:
    """Return the last runs of all sources."""
    return db.exec(select(SourceRun).order_by(col(SourceRun.source_id))).all()


def begin(db: Session, key: Key, *, at: datetime) -> None:
    """Note that a run begins; what the last one found stays until this one has ended."""
    known = run(db, key)
    row = {
        "source_id": key[0],
        "kind": key[1],
        "state": RunState.running,
        "said": "",
        "counts": {},
        "found": known.found if known else {},
        "stop": False,
        "started_at": at,
        "told_at": at,
        "ended_at": None,
    }
    upsert(db, SourceRun, [row], keys=("source_id", "kind"))


def tell(db: Session, key: Key, counts: Mapping[str, Any], *, at: datetime) -> bool:
    """Note how far a run is; True when somebody wants it to end."""
    _change(db, key, counts=dict(counts), told_at=at)
    found = select(SourceRun.stop).where(SourceRun.source_id == key[0], SourceRun.kind == key[1])
    return bool(db.exec(found).first())


def end(db: Session, key: Key, state: RunState, said: str, *, at: datetime, **more: Any) -> None:
    """Note how a run ended."""
    _change(db, key, state=state, said=said, told_at=at, ended_at=at, **more)


def ask_to_stop(db: Session, key: Key) -> None:
    """Ask a run to end after its current page."""
    _change(db, key, stop=True)


def forget(db: Session, source_id: int) -> None:
    """Drop what is known of a source's runs."""
    db.connection().execute(delete(SourceRun).where(col(SourceRun.source_id) == source_id))


def _change(db: Session, key: Key, **values: Any) -> None:
    mine = (col(SourceRun.source_id) == key[0], col(SourceRun.kind) == key[1])
    db.connection().execute(update(SourceRun).where(*mine).values(**values))
