"""What ranking needs to know, and what it said."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, case, delete, func, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.ranking import BugNeeds, Need
from app.core.vocabulary import StatusCategory, TicketStatus, Visibility
from app.db.models import (
    Bug,
    BugScore,
    Customer,
    Link,
    RankingPolicy,
    RankingSnapshot,
    RankingState,
    Source,
    StaleScore,
    Ticket,
)
from app.db.queries.links import confirmed
from app.db.queries.upsert import chunks, insert_missing, upsert

RECENT = timedelta(days=30)


def need_rows(
    db: Session, *, as_of: datetime, bug_ids: Sequence[int] | None = None
) -> list[tuple[Any, ...]]:
    """Count what each customer has at stake in each bug, over its duplicates.

    Rows: bug id, customer id, tickets, first report, importance, ARR in cents, tickets of the
    last 30 days, last report.  Deleted tickets do not count.
    """
    recent = {"recent": as_of - RECENT}
    if bug_ids is None:
        return [tuple(row) for row in db.connection().execute(_needs(some=False), recent)]
    found: list[tuple[Any, ...]] = []
    for some in chunks(bug_ids):
        found += db.connection().execute(_needs(some=True), recent | {"bugs": list(some)})
    return found


def _root() -> Any:
    return func.coalesce(col(Bug.duplicate_of_id), col(Bug.id))


@cache
def _needs(*, some: bool) -> Any:
    since = bindparam("recent", type_=Ticket.__table__.c.created_at.type)  # type: ignore[attr-defined]
    recent = case((col(Ticket.created_at) >= since, col(Ticket.id)))
    among: Any = bindparam("bugs", expanding=True)
    # The same as the root being among these, by columns that have an index.
    own = col(Bug.id).in_(among) & col(Bug.duplicate_of_id).is_(None)
    only = [own | col(Bug.duplicate_of_id).in_(among)] if some else []
    return (
        rows_of(
            _root(),
            col(Ticket.customer_id),
            func.count(func.distinct(col(Ticket.id))),
            func.min(col(Ticket.created_at)),
            func.max(col(Link.importance)),
            func.max(col(Customer.arr_cents)),
            func.count(func.distinct(recent)),
            func.max(col(Ticket.created_at)),
        )
        .select_from(Link)
        .join(Bug, col(Bug.id) == col(Link.bug_id))
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(confirmed(), col(Ticket.status) != TicketStatus.deleted, *only)
        .group_by(_root(), col(Ticket.customer_id))
        .order_by(_root(), col(Ticket.customer_id))
    )


def ranked_bugs(db: Session, bug_ids: Sequence[int] | None = None) -> list[tuple[Any, ...]]:
    """Return id, severity, source name and natural key of bugs that stand for themselves."""
    if bug_ids is None:
        return [tuple(row) for row in db.connection().execute(_standing(some=False))]
    rows: list[Any] = []
    for some in chunks(bug_ids):
        rows += db.connection().execute(_standing(some=True), {"bugs": list(some)})
    return rows


@cache
def _standing(*, some: bool) -> Any:
    only = [col(Bug.id).in_(bindparam("bugs", expanding=True))] if some else []
    return (
        select(Bug.id, Bug.severity, Source.name, Bug.external_id)
        .join(Source, col(Source.id) == col(Bug.source_id))
        .where(col(Bug.duplicate_of_id).is_(None), *only)
    )


def bug_needs(
    db: Session, rows: Sequence[tuple[Any, ...]], bug_ids: Sequence[int] | None
) -> list[BugNeeds]:
    """Put need rows and bugs together; bugs without a confirmed customer have no needs."""
    needs = {
        bug_id: [Need(row[1], row[2], row[3], row[4], row[5]) for row in some]
        for bug_id, some in by_bug(rows)
    }
    recent = {bug_id: sum(row[6] for row in some) for bug_id, some in by_bug(rows)}
    return [
        BugNeeds(bug_id, severity, needs.get(bug_id, ()), recent.get(bug_id, 0), source, key)
        for bug_id, severity, source, key in ranked_bugs(db, bug_ids)
    ]


def by_bug(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Give need rows bug by bug; they come in that order."""
    for bug_id, some in groupby(rows, key=itemgetter(0)):
        yield bug_id, list(some)


def keep_scores(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store scores, one row a bug."""
    upsert(db, BugScore, rows, keys=("bug_id",))


def drop_scores(db: Session, bug_ids: Sequence[int] | None = None) -> None:
    """Forget scores: of some bugs, or of all before they are computed anew."""
    if bug_ids is None:
        db.exec(delete(BugScore))
        return
    for some in chunks(bug_ids):
        db.exec(delete(BugScore).where(col(BugScore.bug_id).in_(some)))


def mark_stale(db: Session, bug_ids: Iterable[int]) -> None:
    """Note that what counts for these bugs changed; they are rescored at the end of the run."""
    insert_missing(db, StaleScore, [{"bug_id": b} for b in sorted(set(bug_ids))], keys=("bug_id",))


def take_stale(db: Session, limit: int) -> list[int]:
    """Return some stale bugs and forget that they are; the caller rescores them now."""
    found = list(db.exec(select(StaleScore.bug_id).order_by(col(StaleScore.bug_id)).limit(limit)))
    for some in chunks(found):
        db.exec(delete(StaleScore).where(col(StaleScore.bug_id).in_(some)))
    return found


def roots(db: Session, bug_ids: Sequence[int]) -> list[int]:
    """Return the bugs that stand for these: themselves, or what they duplicate."""
    found: set[int] = set()
    for some in chunks(bug_ids):
        found |= set(db.connection().scalars(select(_root()).where(col(Bug.id).in_(some))))
    return sorted(found)


def scored_bugs(db: Session) -> list[tuple[Any, ...]]:
    """Return what orders open bugs.

    Rows: id, score, recent tickets, customers, first report, source, external id.
    """
    found = (
        rows_of(
            col(Bug.id),
            col(BugScore.score),
            col(BugScore.recent_tickets),
            col(BugScore.customers),
            col(BugScore.first_report),
            col(Source.name),
            col(Bug.external_id),
        )
        .join(BugScore, col(BugScore.bug_id) == col(Bug.id))
        .join(Source, col(Source.id) == col(Bug.source_id))
        .where(*is_open())
    )
    return [tuple(row) for row in db.connection().execute(found)]


def is_open() -> tuple[Any, ...]:
    """The conditions under which a bug still waits for a fix, and stands for itself."""
    return (
        col(Bug.duplicate_of_id).is_(None),
        Bug.status_category != StatusCategory.done,
        Bug.visibility == Visibility.ok,
    )


def score_of(db: Session, bug_id: int) -> BugScore | None:
    """Return the stored score of one bug."""
    return db.get(BugScore, bug_id)


def scores_of(db: Session, bug_ids: Sequence[int]) -> dict[int, BugScore]:
    """Return the stored scores of these bugs."""
    found: dict[int, BugScore] = {}
    for some in chunks(bug_ids):
        rows = db.exec(select(BugScore).where(col(BugScore.bug_id).in_(some)))
        found |= {score.bug_id: score for score in rows}
    return found


def newest_policy(db: Session) -> RankingPolicy | None:
    """Return the policy that counts now."""
    return db.exec(select(RankingPolicy).order_by(col(RankingPolicy.id).desc()).limit(1)).first()


def every_policy(db: Session) -> Sequence[RankingPolicy]:
    """Return every saved version of the ranking's parameters."""
    return db.exec(select(RankingPolicy)).all()


def ranking_state(db: Session) -> RankingState | None:
    """Return for which instant and policy the stored scores are true."""
    return db.get(RankingState, 1)


def reorder(db: Session) -> None:
    """Note that the order of open bugs may have changed."""
    db.exec(update(RankingState).values(version=RankingState.version + 1))


def order_version(db: Session) -> int:
    """Return the version of the order of open bugs; 0 before the first ranking."""
    return db.exec(select(RankingState.version)).first() or 0


def known_arr(db: Session) -> list[int]:
    """Return every customer's ARR in cents, where it is known and positive."""
    return list(db.exec(select(col(Customer.arr_cents)).where(col(Customer.arr_cents) > 0)))  # type: ignore[arg-type]


def snapshot(db: Session, snapshot_id: int) -> RankingSnapshot | None:
    """Return a frozen ranked list."""
    return db.get(RankingSnapshot, snapshot_id)
