"""Why a bug ranks where it does: its score opened to its customers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.core.bands import arr_band, known_weight
from app.core.ranking import BugNeeds, Contribution, Policy, explain, would_pass
from app.db.models import Customer
from app.db.queries import bugs, customers, rankings, stakes
from app.views.places import live_places, live_range

SHOWN_STAKES = 500


@dataclass(frozen=True, slots=True)
class Eyes:
    """What the reader may see: exact revenue, tickets at all, their whole text."""

    money: bool
    tickets: bool
    text: bool


class Stake(BaseModel):
    """What one customer adds to the score; the contributions sum to it.

    `arr` is exact for those who may know it, else None; `arr_band` is a word.
    """

    customer: str
    tier: str | None
    arr: float | None
    arr_band: str
    tickets: int
    importance: int
    waiting_days: int
    importance_points: float
    waiting_points: float
    ticket_points: float
    weight: float
    contribution: float
    share: float


class Tier(BaseModel):
    """How many of a bug's customers are in one tier; `name` is None where none is known."""

    name: str | None
    customers: int


class Why(BaseModel):
    """The score opened: severity factor × the stakes of its customers.

    `banded`: the reader may not know revenue, so weights are rounded to halves, and the
    contributions shown follow from these; they sum to the score only roughly.
    `more_points`: what the customers beyond the largest ones add together.
    """

    score: float
    severity_factor: float
    severity_known: bool
    policy_version: int
    as_of: datetime
    stakes: list[Stake]
    more_stakes: int
    more_points: float
    best_place: int | None
    worst_place: int | None
    would_change: str | None
    banded: bool
    since: datetime | None
    tiers: list[Tier]
    arr: float | None
    arr_band: str


def why(db: Session, bug_id: int, *, eyes: Eyes) -> Why | None:
    """Open a bug's score to its customers; None before the first ranking."""
    state = rankings.ranking_state(db)
    facts = _needs_of(db, bug_id, state.as_of) if state else None
    if state is None or facts is None:
        return None
    policy = rankings.policy_behind(db, state)
    rules = Policy(**policy.params)
    opened = explain(facts, rules, state.as_of)
    names = customers.named(db, [part.customer_id for part in opened.contributions])
    factor = opened.severity_factor
    top = max((_adds(part, factor, eyes) for part in opened.contributions), default=0.0)
    every = [
        _stake(part, names[part.customer_id], factor, top, eyes) for part in opened.contributions
    ]
    rest = every[SHOWN_STAKES:]
    # Revenue can be worked out of an exact score, so it is made of what the reader sees.
    score = (
        opened.score if eyes.money else sum(_adds(p, factor, eyes) for p in opened.contributions)
    )
    places = live_range(db, bug_id)
    return Why(
        score=round(score, 9),
        severity_factor=factor,
        severity_known=opened.severity_known,
        policy_version=policy.id or 0,
        as_of=state.as_of,
        stakes=every[:SHOWN_STAKES],
        banded=not eyes.money,
        more_stakes=len(rest),
        more_points=round(fsum(stake.contribution for stake in rest), 9),
        best_place=places[0] if places else None,
        worst_place=places[1] if places else None,
        would_change=_would_change(db, facts, rules, state.as_of, names),
        since=min((need.first_report for need in facts.needs), default=None),
        **_reach(list(names.values()), eyes),
    )


def _reach(hurt: Sequence[Customer], eyes: Eyes) -> dict[str, Any]:
    tiers = Counter(who.tier for who in hurt)
    cents = sum(who.arr_cents or 0 for who in hurt)
    ordered = sorted(tiers.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
    return {
        "tiers": [Tier(name=name, customers=count) for name, count in ordered],
        "arr": cents / 100 if eyes.money and cents else None,
        "arr_band": arr_band(cents),
    }


def _needs_of(db: Session, bug_id: int, at: datetime) -> BugNeeds | None:
    found = stakes.bug_needs(db, as_of=at, bug_ids=[bug_id])
    return next((bug for bug in found if bug.bug_id == bug_id), None)


def _adds(part: Contribution, factor: float, eyes: Eyes) -> float:
    return part.contribution if eyes.money else factor * known_weight(part.weight) * part.points


def _stake(part: Contribution, who: Customer, factor: float, top: float, eyes: Eyes) -> Stake:
    exact = (who.arr_cents or 0) / 100 if eyes.money and who.arr_cents else None
    adds = _adds(part, factor, eyes)
    return Stake(
        customer=who.name,
        tier=who.tier,
        arr=exact,
        arr_band=arr_band(who.arr_cents),
        tickets=part.tickets,
        importance=part.importance,
        waiting_days=int(part.waiting_days),
        importance_points=float(part.importance),
        waiting_points=part.waiting_points,
        ticket_points=part.ticket_points,
        weight=part.weight if eyes.money else known_weight(part.weight),
        contribution=adds,
        share=min(1.0, adds / top) if top else 0.0,
    )


def _would_change(
    db: Session,
    facts: BugNeeds,
    rules: Policy,
    as_of: datetime,
    names: Mapping[int, Customer],
) -> str | None:
    places = live_places(db)
    own = places.get(facts.bug_id)
    above = next((b for b, place in places.items() if own and place == own - 1), None)
    other = rankings.score_of(db, above) if above else None
    if above is None or other is None:
        return None
    bug = bugs.bug(db, above)
    passing = would_pass(facts, (above, other.score), rules, as_of)
    more = (
        "one more customer"
        if passing.new_customers == 1
        else f"{passing.new_customers} more customers"
    )
    said = f"{more} with a fresh ticket would lift it over “{bug.title if bug else above}”"
    hurt = names.get(passing.critical_customer_id or 0)
    if hurt:
        said += f"; so would a ticket of {hurt.name} marked critical"
    return f"{said[:1].upper()}{said[1:]}."
