"""What has to be known before a bug is claimed, in one reading."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.vocabulary import ItemState, Phase, StatusCategory, Visibility
from app.db.models import Bug, Sprint, SprintItem, Team
from app.db.queries.sprints import current_id


class Chance(NamedTuple):
    """A bug, the sprint people mean, the bug's place in it, and the team that would have it.

    `planned_team_id` is whose list the plan put it on; `team_id` is None when no such team exists.
    """

    title: str
    duplicate_of_id: int | None
    status_category: StatusCategory
    visibility: Visibility
    sprint_id: int | None
    sprint_name: str | None
    phase: Phase | None
    item_id: int | None
    version: int | None
    state: ItemState | None
    claimed_by: str | None
    claimed_at: datetime | None
    planned_team_id: int | None
    team_id: int | None
    team: str | None


def chance(db: Session, bug_id: int, team_id: int | None) -> Chance | None:
    """Return what a claim of a bug depends on; None when there is no such bug."""
    row = db.connection().execute(_chance(), {"bug": bug_id, "team": team_id}).first()
    return Chance(*row) if row else None


@cache
def _chance() -> Any:
    wanted = func.coalesce(bindparam("team", type_=Integer), col(SprintItem.team_id))
    here = and_(col(SprintItem.sprint_id) == col(Sprint.id), col(SprintItem.bug_id) == col(Bug.id))
    return (
        rows_of(
            col(Bug.title),
            col(Bug.duplicate_of_id),
            col(Bug.status_category),
            col(Bug.visibility),
            col(Sprint.id),
            col(Sprint.name),
            col(Sprint.phase),
            col(SprintItem.id),
            col(SprintItem.version),
            col(SprintItem.state),
            col(SprintItem.claimed_by),
            col(SprintItem.claimed_at),
            col(SprintItem.team_id),
            col(Team.id),
            col(Team.name),
        )
        .select_from(Bug)
        .outerjoin(Sprint, col(Sprint.id) == current_id())
        .outerjoin(SprintItem, here)
        .outerjoin(Team, col(Team.id) == wanted)
        .where(col(Bug.id) == bindparam("bug"))
    )
