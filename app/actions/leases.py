"""One run of a job at a time, however many processes there are."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from app.db.queries import sources


class LeaseLost(Exception):
    """Another process runs this job by now; whoever still works on it stops and writes nothing."""


def take(
    db: Session, name: str, *, holder: str, at: datetime, length: timedelta, every: timedelta
) -> int | None:
    """Take a job's lease; None when another holds it, or it ran in this beat already."""
    fence = sources.take_lease(
        db, name, holder=holder, at=at, until=at + length, not_since=at - every / 2
    )
    db.commit()
    return fence


def hold(db: Session, name: str, fence: int, *, until: datetime) -> None:
    """Keep a lease inside the caller's transaction, so that only its holder writes."""
    if not sources.extend_lease(db, name, fence, until):
        raise LeaseLost(name)


def keep(db: Session, guard: Callable[[Session], None]) -> None:
    """Keep a lease by its guard between two steps; raises LeaseLost when it is gone."""
    guard(db)
    db.commit()


def end(db: Session, name: str, fence: int, *, at: datetime, result: str) -> bool:
    """Give a lease back, with one sentence on how the run went."""
    ended = sources.end_lease(db, name, fence, at=at, result=result)
    db.commit()
    return ended
