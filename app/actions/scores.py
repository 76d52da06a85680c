"""Keep stored scores true: steps inside other actions' transactions; nothing commits here."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from app.core.ranking import BugNeeds, Policy, median_arr, rank
from app.db.models import RankingPolicy, RankingState
from app.db.queries import rankings, stakes

AUTOMATIC = "Bugsprint"


def start_of_day(at: datetime) -> datetime:
    """Return the instant for which the live list is true all day: the day's first, in UTC."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def policy_now(db: Session, at: datetime) -> tuple[int, Policy]:
    """Return the policy that counts; the first one is made from the customers known by now."""
    stored = rankings.newest_policy(db)
    if stored is None or _outgrown(db, stored):
        stored = _save_default(db, at)
    assert stored.id is not None
    return stored.id, Policy(**stored.params)


def _outgrown(db: Session, stored: RankingPolicy) -> bool:
    # The first policy may have been made before any revenue was known; nobody chose it.
    blind = stored.saved_by == AUTOMATIC and not stored.params.get("alpha")
    return blind and bool(rankings.known_arr(db))


def _save_default(db: Session, at: datetime) -> RankingPolicy:
    middle = median_arr(rankings.known_arr(db))
    policy = Policy(alpha=0.5, arr_ref_cents=middle) if middle else Policy()
    stored = RankingPolicy(params=asdict(policy), saved_by=AUTOMATIC, saved_at=at)
    db.add(stored)
    db.flush()
    return stored


def rescore(db: Session, bug_ids: Sequence[int], *, at: datetime) -> list[int]:
    """Compute the scores of these bugs anew, as of the list's instant; return those that stand."""
    basis = rankings.basis(db)
    if basis is None:
        rescore_all(db, at=at)
        return list(bug_ids)
    as_of, params = basis
    needs = stakes.bug_needs(db, as_of=as_of, bug_ids=bug_ids)
    rows = _scores(needs, Policy(**params), as_of)
    standing = sorted(bug.bug_id for bug in needs)
    rankings.drop_scores(db, sorted({*bug_ids, *standing} - {row["bug_id"] for row in rows}))
    rankings.keep_scores(db, rows)
    rankings.reorder(db)
    return standing


def rescore_all(db: Session, *, at: datetime) -> int:
    """Compute every score anew as of today; return how many bugs have one."""
    policy_id, policy = policy_now(db, at)
    as_of = start_of_day(at)
    rows = _scores(stakes.bug_needs(db, as_of=as_of), policy, as_of)
    rankings.drop_scores(db)
    rankings.keep_scores(db, rows)
    rankings.reorder(db)
    # Version 0 means that nothing was ranked yet; pages that were drawn then must not stay.
    state = rankings.ranking_state(db) or RankingState(as_of=as_of, policy_id=policy_id, version=1)
    state.as_of, state.policy_id = as_of, policy_id
    db.add(state)
    return len(rows)


def _scores(needs: Sequence[BugNeeds], policy: Policy, as_of: datetime) -> list[dict[str, Any]]:
    last = {bug.bug_id: bug.last_report for bug in needs}
    return [
        {
            "bug_id": each.bug_id,
            "score": each.score,
            "customers": each.customers,
            "tickets": each.tickets,
            "recent_tickets": each.recent_tickets,
            "first_report": each.first_report,
            "last_report": last[each.bug_id],
            "arr_cents": each.arr_cents,
        }
        for each in rank(needs, policy, as_of)
        if each.customers
    ]
