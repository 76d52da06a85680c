"""The names that a filter may use, each with the one that it is written by."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import literal, union_all
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.db.models import Area, Bug, Customer, Source, Sprint, SprintItem, Team

MOST = 5_000
Names = dict[str, dict[str, str]]


def names_for(db: Session, sprint_id: int, fields: Collection[str]) -> Names:
    """Return canonical names by spoken ones, for some fields; one read, and one for labels."""
    found: Names = {field: {} for field in fields}
    wanted = [_READ[field](field, sprint_id) for field in sorted(fields) if field in _READ]
    if wanted:
        rows = db.connection().execute(union_all(*wanted))
        for field, spoken, name in sorted(map(tuple, rows)):
            found[field].setdefault(spoken, name)
    if "label" in fields:
        found["label"] = {name: name for name in _labels(db, sprint_id)}
    return found


def _labels(db: Session, sprint_id: int) -> list[str]:
    used = select(Bug.labels).join(SprintItem, col(SprintItem.bug_id) == col(Bug.id))
    rows = db.exec(used.where(SprintItem.sprint_id == sprint_id))
    return sorted({label for labels in rows for label in labels})


def _own(*columns: Any) -> Callable[[str, int], Any]:
    """Read rows of a canonical name and further ways to say it."""

    def read(field: str, _sprint_id: int) -> Any:
        name = columns[0]
        ways = [_row(field, each, name).where(name.is_not(None)) for each in columns]
        found = union_all(*ways).subquery() if len(ways) > 1 else ways[0].subquery()
        return rows_of(*found.c).distinct().limit(MOST).subquery().select()

    return read


def _row(field: str, spoken: Any, name: Any) -> Any:
    return rows_of(
        literal(field).label("field"), spoken.label("spoken"), name.label("name")
    ).distinct()


def _customers(field: str, _sprint_id: int) -> Any:
    there = _row(field, col(Customer.name), col(Customer.name))
    return there.where(col(Customer.deleted).is_(False)).limit(MOST).subquery().select()


def _sources(field: str, _sprint_id: int) -> Any:
    ways = (_row(field, each, each) for each in (col(Source.name), col(Source.kind)))
    return union_all(*ways).subquery().select()


def _owners(field: str, sprint_id: int) -> Any:
    claimed = _row(field, col(SprintItem.claimed_by), col(SprintItem.claimed_by))
    mine = col(SprintItem.sprint_id) == sprint_id
    return claimed.where(mine, col(SprintItem.claimed_by).is_not(None))


_READ: Mapping[str, Callable[[str, int], Any]] = {
    "team": _own(col(Team.key), col(Team.name)),
    "area": _own(col(Area.key), col(Area.name)),
    "customer": _customers,
    "tier": _own(col(Customer.tier)),
    "source": _sources,
    "owner": _owners,
    "sprint": _own(col(Sprint.slug), col(Sprint.name)),
}
