"""Say what is kept of somebody.  Who asked for it is noted."""

from datetime import datetime

from sqlmodel import Session

from app.actions import finding
from app.actions.finding import Whom
from app.actions.vault import Vault
from app.db.queries import activity
from app.db.queries.erasing import Found


def disclose(db: Session, vault: Vault, whom: Whom, *, actor: str, at: datetime) -> Found:
    """Find everything of whoever is meant, and note that it was asked for."""
    match = finding.find(db, vault, whom, at=at)
    detail = f"what is kept of a {whom.kind} ({match.subjects[0][1]})"
    activity.note(db, at=at, actor=actor, verb="exported_person", detail=detail)
    db.commit()
    return match.found
