"""The ranking policy: what it weighs, and what another one would change."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.errors import Forbidden
from app.core.ranking import BOUNDS, REVENUE, Policy, Ranked, rank, revised, severity_factor
from app.core.vocabulary import Severity
from app.db.queries import ranked, rankings
from app.views.rankings import needs_of, policy_of, today_of

SHOWN = 20
MEANINGS = {
    "beta": "Points for a customer who has waited as long as the next field says. "
    "At 0 waiting does not count.",
    "tau_days": "Days of waiting that add the first of these points; three times as long adds two.",
    "gamma": "Points for each doubling of one customer’s tickets. At 0 only the first one counts.",
    "alpha": "How much more a customer of the median yearly revenue counts than one whose revenue "
    "is not known. At 0 every customer counts alike.",
    "w_max": "No customer counts more than this, however large its revenue.",
    "severity_spread": "How far severities lie apart: at 1, S1 counts 4, S2 2, S3 1 and S4 0.5; "
    "at 0 all count alike.",
}
STEPS = {"tau_days": 1.0}


class Parameter(BaseModel):
    """One weight: in words, between which bounds, its value now and the one that is tried."""

    name: str
    label: str
    meaning: str
    low: float
    high: float
    step: float
    value: float
    tried: float
    closed: bool


class Moved(BaseModel):
    """A bug's place under the tried policy, and its place now; `up` is how many places it rises."""

    id: int
    source: str
    external_id: str
    url: str | None
    key: str
    title: str
    rank: int
    score: float
    rank_now: int
    score_now: float
    up: int


class SeverityFactor(BaseModel):
    """What a severity multiplies a bug's points by, now and under the tried policy."""

    severity: Severity
    value: float
    tried: float


class RankingPage(BaseModel):
    """The policy that counts and, while `trying`, what the first bugs would be under another.

    `arr_reference`: the yearly revenue that weighs 1 + alpha, for those who may know revenue.
    `moved` counts the bugs of the whole list whose place would change.
    """

    version: int | None
    saved_by: str | None
    saved_at: datetime | None
    as_of: datetime
    parameters: list[Parameter]
    severities: list[SeverityFactor]
    arr_reference: float | None
    trying: bool
    moved: int
    total: int
    items: list[Moved]
    next: None = None


def ranking_page(
    db: Session, wish: Mapping[str, float], *, money: bool, at: datetime
) -> RankingPage:
    """Show the policy, and the first bugs as they would be with other weights."""
    stored = rankings.newest_policy(db)
    policy = policy_of(db, stored)
    check_wish(policy, wish, money=money)
    changed = any(getattr(policy, name) != value for name, value in wish.items())
    tried = revised(policy, wish, rankings.known_arr(db)) if changed else policy
    as_of, facts = today_of(db, at), ranked.open_bugs(db)
    needs = needs_of(db, as_of, facts)
    now = {each.bug_id: each for each in rank(needs, policy, as_of)}
    then = rank(needs, tried, as_of) if changed else list(now.values())
    return RankingPage(
        version=stored.id if stored else None,
        saved_by=stored.saved_by if stored else None,
        saved_at=stored.saved_at if stored else None,
        as_of=as_of,
        parameters=_parameters(policy, tried, money=money),
        severities=_severities(policy, tried),
        arr_reference=(tried.arr_ref_cents or 0) / 100 or None if money else None,
        trying=changed,
        moved=sum(each.place != now[each.bug_id].place for each in then),
        total=len(then),
        items=[_moved(each, now[each.bug_id], facts[each.bug_id]) for each in then[:SHOWN]],
    )


def check_wish(policy: Policy, wish: Mapping[str, float], *, money: bool) -> None:
    """Refuse those who may not know revenue what would tell it: other weights of it."""
    told = [name for name in sorted(REVENUE & set(wish)) if wish[name] != getattr(policy, name)]
    if told and not money:
        raise Forbidden(
            f"Another {told[0]} would show what customers pay, which your role may not see."
        )


def _parameters(policy: Policy, tried: Policy, *, money: bool) -> list[Parameter]:
    return [
        Parameter(
            name=name,
            label=bound.label,
            meaning=MEANINGS[name],
            low=bound.low,
            high=bound.high,
            step=STEPS.get(name, 0.05),
            value=getattr(policy, name),
            tried=getattr(tried, name),
            closed=name in REVENUE and not money,
        )
        for name, bound in BOUNDS.items()
    ]


def _severities(policy: Policy, tried: Policy) -> list[SeverityFactor]:
    return [
        SeverityFactor(
            severity=each,
            value=severity_factor(each, policy),
            tried=severity_factor(each, tried),
        )
        for each in Severity
    ]


def _moved(then: Ranked, now: Ranked, bug: Sequence[object]) -> Moved:
    named = dict(zip(("source", "external_id", "key", "url", "title"), bug, strict=False))
    return Moved.model_validate(
        named
        | {
            "id": then.bug_id,
            "rank": then.place,
            "score": then.score,
            "rank_now": now.place,
            "score_now": now.score,
            "up": now.place - then.place,
        }
    )
