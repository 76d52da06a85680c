"""A sprint counted by the database: what its header needs, without reading every item."""

from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, func, literal, type_coerce
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.progress import RELEASED
from app.core.vocabulary import LEFT, RESOLVED, ItemState, OutgoingKind, OutgoingState
from app.db.models import Activity, Outgoing, PlanMark, SprintItem

SAID = (OutgoingState.sent, OutgoingState.elsewhere)


class Tally(NamedTuple):
    """Items that are alike: state, day of adding, day of the fix; `mark` changes when they do."""

    state: ItemState
    added_on: date
    resolved_on: date | None
    items: int
    mark: tuple[object, ...]


def tallies(db: Session, sprint_id: int) -> list[Tally]:
    """Count a sprint's items by state and by the days (in UTC) they were added and fixed."""
    wanted = _tallies(db.get_bind().dialect.name)
    found = db.connection().execute(wanted, {"sprint": sprint_id})
    return [
        Tally(
            state,
            date.fromisoformat(added),
            date.fromisoformat(resolved) if resolved else None,
            items,
            tuple(mark),
        )
        for state, added, resolved, items, *mark in found
    ]


@cache
def _tallies(dialect: str) -> Any:
    added = _day(dialect, col(SprintItem.added_at))
    resolved = _day(dialect, col(SprintItem.resolved_at))
    return (
        rows_of(
            col(SprintItem.state),
            added,
            resolved,
            func.count(),
            func.sum(SprintItem.id),
            func.sum(SprintItem.version),
            type_coerce(func.max(SprintItem.resolved_at), String),
        )
        .where(col(SprintItem.sprint_id) == bindparam("sprint"))
        .group_by(col(SprintItem.state), added, resolved)
    )


def _day(dialect: str, at: Any) -> Any:
    if dialect == "sqlite":  # kept as text, in UTC
        return func.substr(type_coerce(at, String), 1, 10)
    return func.to_char(func.timezone("UTC", at), "YYYY-MM-DD")


class Counts(NamedTuple):
    """Bugs of a sprint that wait for something, and customers who were told of a released fix."""

    blocked: int
    told: int


def counts(db: Session, sprint_id: int) -> Counts:
    """Count what stands outside of a sprint's items, in one reading."""
    return Counts(*db.connection().execute(_counts(), {"sprint": sprint_id}).one())


@cache
def _counts() -> Any:
    return rows_of(_blocked(), _told())


def _blocked() -> Any:
    ended = sorted(RESOLVED | LEFT)
    return (
        rows_of(func.count())
        .select_from(PlanMark)
        .join(
            SprintItem,
            (col(SprintItem.sprint_id) == col(PlanMark.sprint_id))
            & (col(SprintItem.bug_id) == col(PlanMark.bug_id)),
        )
        .where(
            col(PlanMark.sprint_id) == bindparam("sprint"),
            col(PlanMark.blocked_by) != "",
            *(col(SprintItem.state) != state for state in ended),
        )
        .scalar_subquery()
    )


def _told() -> Any:
    """Customers with a message about the newest release of a bug that is released still."""
    note = Activity.__table__.alias("release_note")  # type: ignore[attr-defined]
    newest = (
        rows_of(func.max(note.c.id))
        .where(note.c.bug_id == col(Outgoing.bug_id), note.c.verb == ItemState.released.value)
        .scalar_subquery()
    )
    return (
        rows_of(func.count(func.distinct(col(Outgoing.customer_id))))
        .select_from(Outgoing)
        .join(SprintItem, col(SprintItem.bug_id) == col(Outgoing.bug_id))
        .where(
            col(SprintItem.sprint_id) == bindparam("sprint"),
            col(SprintItem.state).in_(sorted(RELEASED)),
            col(Outgoing.kind) == OutgoingKind.told,
            col(Outgoing.state).in_(SAID),
            col(Outgoing.transition) == literal("released-").concat(cast(newest, String)),
        )
        .scalar_subquery()
    )
