"""What webhooks ask to read again: which sources are due, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.actions.hooks import scheme_of
from app.db.models import Source
from app.db.queries import hooks, sources

MOST_TRIES = 5
"""After so many failed readings the regular one is left to find it."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A source to be read early, at `at`, for the records named at `until` or before."""

    source: Source
    wanted: frozenset[str]
    until: datetime
    at: datetime


def due(db: Session, *, at: datetime) -> list[Hint]:
    """Return what is to be read now.  A source's lag is waited for: before, it shows nothing new.

    A source that is paused keeps its hints until it is read again.
    """
    waiting = hooks.waiting(db)
    hints = [
        Hint(source, frozenset(hooks.wanted(db, source.id, until=until)), until, at)
        for source in (sources.sources(db) if waiting else ())
        if source.id in waiting and not source.paused and source.options.get("enabled", True)
        if waiting[source.id] <= (until := at - _lag(source))
    ]
    db.expunge_all()
    return hints


def done(db: Session, hint: Hint) -> None:
    """Forget what was read; keep what could not be, a few times."""
    source_id = hint.source.id
    assert source_id is not None
    source = db.get(Source, source_id)
    if source is not None and source.good_at is not None and source.good_at >= hint.at:
        hooks.was_read(db, source_id, until=hint.until)
    else:
        hooks.was_not_read(db, source_id, until=hint.until, most=MOST_TRIES)
    db.commit()


def _lag(source: Source) -> timedelta:
    scheme = scheme_of(source.kind)
    return timedelta(seconds=scheme.LAG_SECONDS if scheme else 0)
