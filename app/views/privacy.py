"""How long things are kept, who was erased, and what is still to be done about it."""

from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.retention import BOUNDS, WORDS, retention
from app.db.queries import erasing, settings


class Period(BaseModel):
    """How long one thing is kept, and what may be chosen."""

    name: str
    words: str
    days: int
    least: int
    most: int


class ErasureLine(BaseModel):
    """Somebody who was erased, under their pseudonym."""

    kind: str
    subject: str
    by: str
    at: datetime


class Privacy(BaseModel):
    """The page; `said` is what was just done, `waiting` that old bytes are still on the disk."""

    periods: list[Period]
    erasures: list[ErasureLine]
    sources: list[str]
    waiting: bool
    unasked: int
    said: str = ""


def privacy(db: Session, *, said: str = "") -> Privacy:
    """Show what is kept, and who was erased, newest first."""
    kept = retention(settings.value(db, "retention"))
    return Privacy(
        periods=[
            Period(name=name, words=WORDS[name], days=getattr(kept, name), least=least, most=most)
            for name, (least, most) in BOUNDS.items()
        ],
        erasures=[
            ErasureLine(kind=row.kind, subject=row.subject, by=row.by, at=row.at)
            for row in erasing.journal(db)[::-1][:50]
        ],
        sources=[s.name for s in erasing.ticket_sources(db) if "~" not in s.name],
        waiting=settings.value(db, "scrub_due") is not None,
        unasked=erasing.count_unasked(db),
        said=said,
    )
