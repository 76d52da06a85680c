"""A sprint's bugs counted by area and state, for the board's map of areas."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.vocabulary import ItemState
from app.db.models import Area, Bug, BugScore, Source, SprintItem, Team


class AreaCount(NamedTuple):
    """Bugs of one area in one state, and since when the first of their customers has waited."""

    key: str | None
    name: str | None
    state: ItemState
    bugs: int
    first_report: datetime | None


def in_one_of(states: Sequence[ItemState]) -> Any:
    """Return the condition that a bug is in one of these states."""
    return col(SprintItem.state).in_(states)


def area_counts(db: Session, sprint_id: int, conditions: Sequence[Any] = ()) -> list[AreaCount]:
    """Count a sprint's bugs that match, over the same tables as its lines."""
    wanted = (
        rows_of(
            col(Area.key),
            col(Area.name),
            col(SprintItem.state),
            func.count(),
            func.min(BugScore.first_report),
        )
        .select_from(SprintItem)
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .join(Source, col(Source.id) == col(Bug.source_id))
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(col(SprintItem.sprint_id) == sprint_id, *conditions)
        .group_by(col(Area.key), col(Area.name), col(SprintItem.state))
    )
    return [AreaCount(*row) for row in db.connection().execute(wanted)]
