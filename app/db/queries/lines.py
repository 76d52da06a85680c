"""What a line of the board says, read as plain values: no entity is built for showing one."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.vocabulary import Effort, ItemState, Lane, Severity
from app.db.models import Area, Bug, BugScore, RankingState, Source, SprintItem, Team
from app.db.queries.sprints import current_id, place


class Line(NamedTuple):
    """One item of a sprint with its bug, and its score where it has one.

    `items` counts the sprint's bugs and `order` is the version of the live order, both as of the
    same reading: what was worked out for these two need not be worked out again.
    """

    item_id: int
    sprint_id: int
    bug_id: int
    source: str
    external_id: str
    url: str | None
    key: str
    title: str
    severity: Severity | None
    state: ItemState
    lane: Lane
    team: str | None
    team_id: int | None
    area: str | None
    effort: Effort | None
    frozen_rank: int | None
    reasons: list[str]
    owner: str | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    version: int
    score: float | None
    tickets: int | None
    customers: int | None
    recent_tickets: int | None
    arr_cents: int | None
    first_report: datetime | None
    items: int
    order: int


def lines_of(db: Session, sprint_id: int, bug_ids: Collection[int]) -> list[Line]:
    """Return the lines of some bugs, in frozen order."""
    given = {"sprint": sprint_id, "bugs": list(bug_ids)}
    return [Line(*row) for row in db.connection().execute(_lines_of(), given)]


def current_line(db: Session, bug_id: int) -> Line | None:
    """Return a bug's line on the board people look at; None when it is not on it."""
    row = db.connection().execute(_current_line(), {"bug": bug_id}).first()
    return Line(*row) if row else None


@cache
def board_lines() -> Any:
    """The lines of a sprint, to be narrowed and ordered."""
    return _board(bindparam("sprint"))


@cache
def _lines() -> Any:
    return board_lines().order_by(place(), col(SprintItem.id))


@cache
def _lines_of() -> Any:
    return _lines().where(col(SprintItem.bug_id).in_(bindparam("bugs", expanding=True)))


@cache
def _current_line() -> Any:
    return _board(current_id()).where(col(SprintItem.bug_id) == bindparam("bug"))


def line_columns(sprint: Any) -> tuple[Any, ...]:
    """Return what makes a Line, in its order."""
    return (*_item_and_bug(), *_score(), *_as_of(sprint))


def _board(sprint: Any) -> Any:
    return (
        rows_of(*line_columns(sprint))
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .join(Source, col(Source.id) == col(Bug.source_id))
        .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .outerjoin(Team, col(Team.id) == col(SprintItem.team_id))
        .outerjoin(Area, col(Area.id) == col(Bug.area_id))
        .where(col(SprintItem.sprint_id) == sprint)
    )


def _item_and_bug() -> tuple[Any, ...]:
    return (
        col(SprintItem.id),
        col(SprintItem.sprint_id),
        col(SprintItem.bug_id),
        col(Source.name),
        col(Bug.external_id),
        col(Bug.url),
        col(Bug.key),
        col(Bug.title),
        col(Bug.severity),
        col(SprintItem.state),
        col(SprintItem.lane),
        col(Team.name),
        col(SprintItem.team_id),
        col(Area.name),
        col(SprintItem.effort),
        col(SprintItem.frozen_rank),
        col(SprintItem.reasons),
        col(SprintItem.claimed_by),
        col(SprintItem.claimed_at),
        col(SprintItem.resolved_at),
        col(SprintItem.version),
    )


def _score() -> tuple[Any, ...]:
    return (
        col(BugScore.score),
        col(BugScore.tickets),
        col(BugScore.customers),
        col(BugScore.recent_tickets),
        col(BugScore.arr_cents),
        col(BugScore.first_report),
    )


def _as_of(sprint: Any) -> tuple[Any, ...]:
    every = SprintItem.__table__.alias("every_item")  # type: ignore[attr-defined]
    counted = rows_of(func.count()).select_from(every).where(every.c.sprint_id == sprint)
    order = rows_of(col(RankingState.version)).limit(1).scalar_subquery()
    return counted.scalar_subquery(), func.coalesce(order, 0)
