"""What each customer has at stake in each bug: what ranking needs to know."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, type_coerce
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.ranking import BugNeeds, Need
from app.core.vocabulary import TicketStatus
from app.db.models import Bug, Customer, Link, Source, Ticket
from app.db.moments import as_moments
from app.db.queries.links import confirmed
from app.db.queries.upsert import chunks

RECENT = timedelta(days=30)
AT_ONCE = 5_000


def bug_needs(
    db: Session, *, as_of: datetime, bug_ids: Sequence[int] | None = None
) -> list[BugNeeds]:
    """Return what each customer has at stake in each bug that stands for itself.

    Asked about a duplicate, it tells of the bug that stands for it.  Links to duplicates count
    there, deleted tickets do not; recent is what came in the last 30 days.  Bugs without a
    confirmed customer have no needs.
    """
    bugs = _all_bugs(db) if bug_ids is None else _group_of(db, bug_ids)
    tally = _Tally({row.id: row.duplicate_of_id for row in bugs if row.duplicate_of_id})
    recent = {"recent": as_of - RECENT}
    if bug_ids is None:
        # As the driver gives them: nothing in them needs a type's help, and there are many.
        cursor: Any = db.connection().execute(_reports(some=False), recent).cursor
        while reports := cursor.fetchmany(AT_ONCE):
            tally.add(reports)
    for some in chunks(() if bug_ids is None else [row.id for row in bugs]):
        found = db.connection().execute(_reports(some=True), recent | {"bugs": list(some)})
        tally.add(found.all())
    return [
        BugNeeds(row.id, row.severity, needs, count, row.name, row.external_id, last)
        for row in bugs
        if row.duplicate_of_id is None
        for needs in (list(tally.needs.get(row.id, {}).values()),)
        for count, last in (tally.figures.get(row.id, (0, None)),)
    ]


def _all_bugs(db: Session) -> Sequence[Any]:
    return db.connection().execute(_bugs(some=False)).all()


def _group_of(db: Session, bug_ids: Sequence[int]) -> list[Any]:
    """Return these bugs, the bugs that stand for them, and all duplicates of either."""
    found: dict[int, Any] = {}
    wanted = list(bug_ids)
    while wanted:
        for some in chunks(wanted):
            rows = db.connection().execute(_bugs(some=True), {"bugs": list(some)})
            found |= {row.id: row for row in rows}
        roots = {row.duplicate_of_id for row in found.values() if row.duplicate_of_id}
        wanted = sorted(roots - found.keys())
    return sorted(found.values())


@cache
def _bugs(*, some: bool) -> Any:
    among: Any = bindparam("bugs", expanding=True)
    either = [col(Bug.id).in_(among) | col(Bug.duplicate_of_id).in_(among)] if some else []
    return (
        rows_of(
            col(Bug.id),
            col(Bug.duplicate_of_id),
            col(Bug.severity),
            col(Source.name),
            col(Bug.external_id),
        )
        .join(Source, col(Source.id) == col(Bug.source_id))
        .where(*either)
    )


@cache
def _reports(*, some: bool) -> Any:
    """Each confirmed link as it comes.

    Grouped and made distinct by the database, a hundred thousand of them took three times as long.
    """
    since = bindparam("recent", type_=Ticket.__table__.c.created_at.type)  # type: ignore[attr-defined]
    among = [col(Link.bug_id).in_(bindparam("bugs", expanding=True))] if some else []
    return (
        rows_of(
            col(Link.bug_id),
            col(Ticket.customer_id),
            col(Ticket.id),
            type_coerce(col(Ticket.created_at), String),
            col(Link.importance),
            col(Customer.arr_cents),
            col(Ticket.created_at) >= since,
        )
        .select_from(Link)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(confirmed(), col(Ticket.status) != TicketStatus.deleted, *among)
    )


class _Tally:
    """Adds links up.  A ticket linked to a bug and to its duplicate is one ticket.

    `needs`: by bug, the need of each customer; `figures`: by bug, how many tickets are recent and
    when the last one came.
    """

    def __init__(self, duplicates: Mapping[int, int]) -> None:
        self.duplicates = duplicates
        self.needs: dict[int, dict[int, Need]] = {}
        self.figures: dict[int, list[Any]] = {}
        self._merged = frozenset(duplicates.values())
        self._seen: set[tuple[int, int]] = set()

    def add(self, reports: Sequence[Any]) -> None:
        """Count some links."""
        moments = as_moments([report[3] for report in reports])
        for report, at in zip(reports, moments, strict=True):
            bug, customer, ticket, _, importance, arr, recent = report
            bug_id = self.duplicates.get(bug, bug)
            fresh = bug_id not in self._merged or self._is_new(bug_id, ticket)
            needs = self.needs.get(bug_id)
            if needs is None:
                needs = self.needs[bug_id] = {}
                self.figures[bug_id] = [0, at]
            figures = self.figures[bug_id]
            if fresh and recent:
                figures[0] += 1
            if at > figures[1]:
                figures[1] = at
            need = needs.get(customer)
            if need is None:
                needs[customer] = Need(customer, 1, at, importance, arr)
            else:
                _join(need, at, importance, tickets=int(fresh))

    def _is_new(self, bug_id: int, ticket: int) -> bool:
        before = len(self._seen)
        self._seen.add((bug_id, ticket))
        return len(self._seen) > before


def _join(need: Need, at: datetime, importance: int, tickets: int) -> None:
    need.tickets += tickets
    if at < need.first_report:
        need.first_report = at
    if importance > need.importance:
        need.importance = importance
