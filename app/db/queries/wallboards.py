"""Screens on walls: their links, and what they show of a sprint, without anybody's name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.vocabulary import LEFT, RESOLVED, ItemState
from app.db.models import Area, Bug, BugScore, Customer, Member, SprintItem, Team, Wallboard

LEAST_NAME = 3
"""Shorter names would be found inside of words."""


def wallboards(db: Session) -> Sequence[Wallboard]:
    """Return every wallboard, newest first."""
    return db.exec(select(Wallboard).order_by(col(Wallboard.id).desc())).all()


def by_hash(db: Session, token_hash: str) -> Wallboard | None:
    """Return the wallboard with this link, whether or not it is still good."""
    return db.exec(select(Wallboard).where(Wallboard.token_hash == token_hash)).one_or_none()


def touch(db: Session, wallboard_id: int, at: datetime) -> None:
    """Note that a screen asked."""
    db.exec(update(Wallboard).where(col(Wallboard.id) == wallboard_id).values(seen_at=at))


class TeamCount(NamedTuple):
    """A team's bugs by state, as many as there are."""

    team: str | None
    state: ItemState
    items: int


def team_counts(db: Session, sprint_id: int) -> list[TeamCount]:
    """Count a sprint's bugs by team and state; what ended without a fix is left out."""
    wanted = (
        rows_of(col(Team.name), col(SprintItem.state), func.count())
        .select_from(SprintItem)
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .where(col(SprintItem.sprint_id) == sprint_id, col(SprintItem.state).not_in(sorted(LEFT)))
        .group_by(col(Team.name), col(SprintItem.state))
    )
    return [TeamCount(*row) for row in db.connection().execute(wanted)]


class Fix(NamedTuple):
    """A bug that was fixed; `named`: its title holds a name that is not for everybody's eyes."""

    bug_id: int
    title: str
    area: str | None
    team: str | None
    state: ItemState
    resolved_at: datetime
    customers: int | None
    first_report: datetime | None
    named: bool


def newest_fixes(db: Session, sprint_id: int, *, limit: int) -> list[Fix]:
    """Return the bugs of a sprint that were fixed last."""
    wanted = (
        rows_of(
            col(SprintItem.bug_id),
            col(Bug.title),
            col(Area.name),
            col(Team.name),
            col(SprintItem.state),
            col(SprintItem.resolved_at),
            col(BugScore.customers),
            col(BugScore.first_report),
            _names(db, Customer) | _names(db, Member),
        )
        .select_from(SprintItem)
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(
            col(SprintItem.sprint_id) == sprint_id,
            col(SprintItem.state).in_(sorted(RESOLVED)),
            col(SprintItem.resolved_at).is_not(None),
        )
        .order_by(col(SprintItem.resolved_at).desc(), col(SprintItem.id).desc())
        .limit(limit)
    )
    return [Fix(*row) for row in db.connection().execute(wanted)]


def _names(db: Session, kind: type[Customer] | type[Member]) -> Any:
    """Whether a bug's title holds the name of somebody, letter for letter."""
    table = kind.__table__.alias()  # type: ignore[union-attr]
    place = func.strpos if db.get_bind().dialect.name == "postgresql" else func.instr
    return (
        rows_of(table.c.id)
        .where(
            func.length(table.c.name) >= LEAST_NAME,
            place(func.lower(col(Bug.title)), func.lower(table.c.name)) > 0,
        )
        .exists()
    )
