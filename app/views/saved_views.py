"""The views that somebody sees above the board."""

from pydantic import BaseModel
from sqlmodel import Session

from app.core.vocabulary import Shape
from app.db.queries import saved_views
from app.views.filters import Asker


class ViewLine(BaseModel):
    """One view; `scope` says for whom it is: me, team or all."""

    id: int
    name: str
    q: str
    shape: Shape
    scope: str
    team: str | None
    owner: str
    mine: bool
    deleted: bool


class SavedViews(BaseModel):
    """Every view that the asker sees."""

    items: list[ViewLine]


def view_lines(db: Session, who: Asker) -> list[ViewLine]:
    """Return the views that somebody sees: pinned ones, those of their team, their own."""
    return [
        ViewLine(
            id=view.id or 0,
            name=view.name,
            q=view.query,
            shape=view.shape,
            scope="all" if view.pinned else "team" if view.team_id else "me",
            team=team,
            owner=owner,
            mine=view.owner_id == who.user_id,
            deleted=view.deleted_at is not None,
        )
        for view, owner, team in saved_views.seen_by(db, who.user_id, who.team_id)
    ]
