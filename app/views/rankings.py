"""The ranked list of open bugs, computed from facts for any instant."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.ranking import BugNeeds, Policy, Ranked, median_arr, rank, revised
from app.core.vocabulary import Severity
from app.db.models import RankingPolicy
from app.db.queries import ranked, rankings, stakes
from app.views.rows import first_instant


class RankedBug(BaseModel):
    """One open bug and what it costs customers."""

    rank: int
    score: float
    id: int
    source: str
    external_id: str
    key: str
    url: str | None
    title: str
    severity: Severity | None
    customers: int
    tickets: int
    recent_tickets: int
    first_report: datetime | None


class Ranking(BaseModel):
    """The list, worst first; `total` counts all bugs with customers, whatever the limit."""

    as_of: datetime
    policy_version: int | None
    total: int
    items: list[RankedBug]


def ranking(
    db: Session,
    *,
    as_of: datetime | None,
    limit: int | None = None,
    at: datetime,
    wish: Mapping[str, float] | None = None,
) -> Ranking:
    """Rank every open bug as of an instant; without one, as the board does today.

    `wish`: weights to try instead of the policy's; nothing is stored.
    """
    instant = as_of or today_of(db, at)
    stored = rankings.newest_policy(db)
    policy = policy_of(db, stored)
    if wish:
        policy = revised(policy, wish, rankings.known_arr(db))
    facts = ranked.open_bugs(db)
    placed = [
        each for each in rank(needs_of(db, instant, facts), policy, instant) if each.customers
    ]
    return Ranking(
        as_of=instant,
        policy_version=stored.id if stored else None,
        total=len(placed),
        items=[_line(each, facts[each.bug_id]) for each in placed[:limit]],
    )


def today_of(db: Session, at: datetime) -> datetime:
    """Return the instant for which the live list is true."""
    state = rankings.ranking_state(db)
    return state.as_of if state else first_instant(at)


def policy_of(db: Session, stored: RankingPolicy | None) -> Policy:
    """Return a stored policy or, before any is, the one that would be made."""
    if stored:
        return Policy(**stored.params)
    middle = median_arr(rankings.known_arr(db))
    return Policy(alpha=0.5, arr_ref_cents=middle) if middle else Policy()


def needs_of(db: Session, as_of: datetime, wanted: dict[int, tuple[object, ...]]) -> list[BugNeeds]:
    """Return what stands behind every open bug that hurts a customer."""
    found = stakes.bug_needs(db, as_of=as_of)
    return [bug for bug in found if bug.bug_id in wanted and bug.needs]


def _line(placed: Ranked, bug: tuple[object, ...]) -> RankedBug:
    source, external_id, key, url, title, severity = bug
    return RankedBug.model_validate(
        {
            "rank": placed.place,
            "score": placed.score,
            "id": placed.bug_id,
            "source": source,
            "external_id": external_id,
            "key": key,
            "url": url,
            "title": title,
            "severity": severity,
            "customers": placed.customers,
            "tickets": placed.tickets,
            "recent_tickets": placed.recent_tickets,
            "first_report": placed.first_report,
        }
    )
