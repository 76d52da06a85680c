"""Filters that people keep under a name."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import Shape
from app.db.models.columns import words


class SavedView(SQLModel, table=True):
    """A filter with a name: for its owner, for a team if it has one, for everybody once pinned.

    `query` is the canonical text.  A deleted view stays, so that it can be brought back.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    name: str
    query: str = Field(sa_type=Text)
    shape: Shape = Field(default=Shape.list, sa_type=words(Shape))
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    pinned: bool = False
    made_at: datetime
    deleted_at: datetime | None = None
