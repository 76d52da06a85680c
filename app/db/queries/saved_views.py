"""Saved views: whose they are, and who sees them."""

from collections.abc import Sequence

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from app.db.models import SavedView, Team, User

MOST = 100
"""As many views one person may keep."""


def seen_by(
    db: Session, user_id: int | None, team_id: int | None
) -> Sequence[tuple[SavedView, str, str | None]]:
    """Return the views that somebody sees, pinned ones first, with owner and team.

    Their own deleted ones are among them.
    """
    mine = col(SavedView.owner_id) == (user_id or 0)
    ours = (col(SavedView.team_id) == (team_id or 0)) & col(SavedView.deleted_at).is_(None)
    pinned = col(SavedView.pinned) & col(SavedView.deleted_at).is_(None)
    found = (
        select(SavedView, User.name, Team.name)
        .join(User, col(User.id) == col(SavedView.owner_id))
        .outerjoin(Team, col(Team.id) == col(SavedView.team_id))
        .where(or_(mine, ours, pinned))
        .order_by(col(SavedView.pinned).desc(), func.lower(SavedView.name), col(SavedView.id))
    )
    return [(view, owner, team) for view, owner, team in db.exec(found)]


def view(db: Session, view_id: int) -> SavedView | None:
    """Return one view, deleted or not."""
    return db.get(SavedView, view_id)


def called(db: Session, owner_id: int, name: str) -> SavedView | None:
    """Return somebody's view of a name, deleted or not."""
    found = select(SavedView).where(SavedView.owner_id == owner_id, SavedView.name == name)
    return db.exec(found).one_or_none()


def count_of(db: Session, owner_id: int) -> int:
    """Count somebody's views that are not deleted."""
    kept = (SavedView.owner_id == owner_id, col(SavedView.deleted_at).is_(None))
    return db.exec(select(func.count(col(SavedView.id))).where(*kept)).one()


def drop(db: Session, view_id: int) -> None:
    """Forget a view for good."""
    db.exec(delete(SavedView).where(col(SavedView.id) == view_id))
