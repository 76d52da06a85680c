"""What has to be known before a bug is claimed, and shown afterwards, in one reading."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.vocabulary import Phase, StatusCategory, Visibility
from app.db.models import Area, Bug, BugScore, Source, Sprint, SprintItem, Team
from app.db.prepared import Prepared
from app.db.queries.lines import Line, line_columns
from app.db.queries.sprints import current_id


class Chance(NamedTuple):
    """A bug, the sprint people mean, the team that would have it, and its line in that sprint.

    `team_id` is None when no such team exists.  `line` is None outside the sprint's scope; it
    bears the name of the team that would have it, and the id of the one that has it by now.
    """

    title: str
    duplicate_of_id: int | None
    status_category: StatusCategory
    visibility: Visibility
    sprint_id: int | None
    sprint_name: str | None
    phase: Phase | None
    team_id: int | None
    team: str | None
    line: Line | None


def chance(db: Session, bug_id: int, team_id: int | None) -> Chance | None:
    """Return what a claim of a bug depends on; None when there is no such bug."""
    row = _chance().first(db, bug=bug_id, team=team_id)
    if row is None:
        return None
    line = Line(*row[len(_FACTS) :])
    return Chance._make((*row[: len(_FACTS)], line if line.item_id else None))


_FACTS: tuple[Any, ...] = (
    col(Bug.title).label("bug_title"),
    col(Bug.duplicate_of_id),
    col(Bug.status_category),
    col(Bug.visibility),
    col(Sprint.id),
    col(Sprint.name),
    col(Sprint.phase),
    col(Team.id),
    col(Team.name).label("team_name"),
)


@cache
def _chance() -> Prepared:
    wanted = func.coalesce(bindparam("team", type_=Integer), col(SprintItem.team_id))
    here = and_(col(SprintItem.sprint_id) == col(Sprint.id), col(SprintItem.bug_id) == col(Bug.id))
    return Prepared(
        rows_of(*_FACTS, *line_columns(col(Sprint.id)))
        .select_from(Bug)
        .join(Source, col(Source.id) == col(Bug.source_id))
        .outerjoin(Sprint, col(Sprint.id) == current_id())
        .outerjoin(SprintItem, here)
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .outerjoin(Team, col(Team.id) == wanted)
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(col(Bug.id) == bindparam("bug"))
    )
