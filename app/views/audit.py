"""What happened, newest first."""

from pydantic import BaseModel
from sqlmodel import Session

from app.db.queries import activity
from app.views.models import NoteLine
from app.views.rows import note_lines


class Audit(BaseModel):
    """A page of the activity log."""

    items: list[NoteLine]
    next: str | None


def audit(db: Session, *, before: int | None, limit: int = 100) -> Audit:
    """Show what happened before a note, newest first."""
    rows = activity.recent(db, before=before, limit=limit + 1)
    more = str(rows[limit - 1][0].id) if len(rows) > limit else None
    return Audit(items=note_lines(rows[:limit]), next=more)
