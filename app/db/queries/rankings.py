"""What ranking said, and when it has to be asked again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.vocabulary import StatusCategory, Visibility
from app.db.models import (
    Bug,
    BugScore,
    Customer,
    RankingPolicy,
    RankingSnapshot,
    RankingState,
    Source,
    StaleScore,
)
from app.db.queries.upsert import chunks, insert_missing, upsert


def keep_scores(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store scores, one row a bug."""
    upsert(db, BugScore, rows, keys=("bug_id",))


def drop_scores(db: Session, bug_ids: Sequence[int] | None = None) -> None:
    """Forget scores: of some bugs that have none any more, or of all."""
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


def policy_behind(db: Session, state: RankingState) -> RankingPolicy:
    """Return the policy under which the stored scores were made."""
    return db.get_one(RankingPolicy, state.policy_id)


def every_policy(db: Session) -> Sequence[RankingPolicy]:
    """Return every saved version of the ranking's parameters."""
    return db.exec(select(RankingPolicy)).all()


def ranking_state(db: Session) -> RankingState | None:
    """Return for which instant and policy the stored scores are true."""
    return db.get(RankingState, 1)


def basis(db: Session) -> tuple[datetime, dict[str, Any]] | None:
    """Return the instant and the parameters for which the stored scores are true."""
    found: tuple[datetime, dict[str, Any]] | None = db.exec(_basis()).first()
    return found


@cache
def _basis() -> Any:
    policy = col(RankingPolicy.id) == col(RankingState.policy_id)
    return select(RankingState.as_of, RankingPolicy.params).join(RankingPolicy, policy)


def reorder(db: Session) -> None:
    """Note that the order of open bugs may have changed."""
    db.connection().execute(_one_further())


@cache
def _one_further() -> Any:
    return update(RankingState).values(version=RankingState.version + 1)


def order_version(db: Session) -> int:
    """Return the version of the order of open bugs; 0 before the first ranking."""
    return db.exec(select(RankingState.version)).first() or 0


def known_arr(db: Session) -> list[int]:
    """Return every customer's ARR in cents, where it is known and positive."""
    return list(db.exec(select(col(Customer.arr_cents)).where(col(Customer.arr_cents) > 0)))  # type: ignore[arg-type]


def snapshot(db: Session, snapshot_id: int) -> RankingSnapshot | None:
    """Return a frozen ranked list."""
    return db.get(RankingSnapshot, snapshot_id)
