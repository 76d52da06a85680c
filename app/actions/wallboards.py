"""Make and revoke links for screens on walls."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session

from app.actions.people import hashed
from app.core.errors import Conflict, Invalid, NotFound
from app.db.models import Wallboard
from app.db.queries import activity, wallboards

LONGEST_DAYS = 365
SEEN_EVERY = timedelta(minutes=10)


def make(db: Session, label: str, *, days: int, actor: str, at: datetime) -> tuple[int, str]:
    """Make a wallboard; returns its id and its token, which is shown this once."""
    if not label.strip() or len(label) > 80:
        raise Invalid("A wallboard has a name of 1 to 80 letters, such as where it hangs.")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"A wallboard’s link is good for 1 to {LONGEST_DAYS} days.")
    token = "bsw_" + secrets.token_urlsafe(32)
    made = Wallboard(
        label=label.strip(),
        token_hash=hashed(token),
        made_by=actor,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    db.add(made)
    db.flush()
    activity.note(db, at=at, actor=actor, verb="wallboard_made", detail=made.label)
    db.commit()
    assert made.id is not None
    return made.id, token


def revoke(db: Session, wallboard_id: int, *, actor: str, at: datetime) -> None:
    """End a wallboard's link at once."""
    found = db.get(Wallboard, wallboard_id)
    if found is None:
        raise NotFound("There is no such wallboard.")
    if found.revoked_at is not None:
        raise Conflict(f"The wallboard “{found.label}” was revoked already.")
    found.revoked_at = at
    activity.note(db, at=at, actor=actor, verb="wallboard_revoked", detail=found.label)
    db.commit()


def note_seen(db: Session, wallboard_id: int, *, at: datetime) -> None:
    """Note that a screen asked."""
    wallboards.touch(db, wallboard_id, at)
    db.commit()
