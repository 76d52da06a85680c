"""Put bugs in order by what they cost customers, and argue every place in that order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from json import dumps
from math import floor, fsum

from app.core.scoring import (
    BOUNDS,
    REVENUE,
    BugNeeds,
    Need,
    Policy,
    Report,
    gather_needs,
    is_stale,
    median_arr,
    merge_needs,
    points,
    revised,
    score,
    scorer,
    severity_factor,
    ticket_points,
    waiting_days,
    waiting_points,
    weight,
)

__all__ = [
    "BOUNDS",
    "REVENUE",
    "BugNeeds",
    "Contribution",
    "Explanation",
    "Need",
    "Passing",
    "Policy",
    "Ranked",
    "Report",
    "data_hash",
    "explain",
    "gather_needs",
    "is_stale",
    "median_arr",
    "merge_needs",
    "order_key",
    "points",
    "rank",
    "rank_range",
    "revised",
    "score",
    "severity_factor",
    "snapshot_bytes",
    "swings",
    "ticket_points",
    "waiting_days",
    "waiting_points",
    "weight",
    "would_pass",
]

DIGITS = 9
"""Scores are compared and stored to 1e-9, so that equal evidence is an equal score."""
NEVER = datetime.max.replace(tzinfo=UTC)

OrderKey = tuple[float, int, int, datetime, str, str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A bug's place from 1, its score, and the counts that break ties or stand beside it.

    `arr_cents`: known yearly revenue of its customers, each once; 0 when none is known.
    """

    bug_id: int
    place: int
    score: float
    customers: int
    tickets: int
    recent_tickets: int
    first_report: datetime | None
    arr_cents: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one customer adds: severity × weight × (importance + waiting + tickets)."""

    customer_id: int
    tickets: int
    waiting_days: float
    importance: int
    waiting_points: float
    ticket_points: float
    weight: float
    points: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score opened to its customers, the largest contribution first; they sum to the score."""

    bug_id: int
    score: float
    severity_factor: float
    severity_known: bool
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """What would lift a bug above the next one: either of the two kinds of evidence.

    `difference`: points between them; `new_customers`: further customers of weight 1 with one
    fresh ticket each; `critical_customer_id`: the customer whose ticket, marked critical, would
    be enough, or None when no single mark is.
    """

    above_bug_id: int
    difference: float
    new_customers: int
    critical_customer_id: int | None


def order_key(
    score: float,
    *,
    recent_tickets: int,
    customers: int,
    first_report: datetime | None,
    source: str,
    natural_key: str,
) -> OrderKey:
    """The total order of the list: sort by it ascending; works on stored scores as well."""
    first = NEVER if first_report is None else first_report.astimezone(UTC)
    return (-round(score, DIGITS), -recent_tickets, -customers, first, source, natural_key)


def rank(bugs: Iterable[BugNeeds], policy: Policy, as_of: datetime) -> list[Ranked]:
    """The bugs from worst to mildest; the same facts give the same list, in whatever order."""
    scored = scorer(policy, as_of)
    keyed = sorted(((_key(bug, scored(bug)), bug) for bug in bugs), key=lambda pair: pair[0])
    return [_ranked(bug, key, place) for place, (key, bug) in enumerate(keyed, start=1)]


def _key(bug: BugNeeds, points_sum: float) -> OrderKey:
    return order_key(
        points_sum,
        recent_tickets=bug.recent_tickets,
        customers=len(bug.needs),
        first_report=_first_report(bug),
        source=bug.source,
        natural_key=bug.natural_key,
    )


def _first_report(bug: BugNeeds) -> datetime | None:
    return min([need.first_report for need in bug.needs], key=datetime.timestamp, default=None)


def _ranked(bug: BugNeeds, key: OrderKey, place: int) -> Ranked:
    return Ranked(
        bug_id=bug.bug_id,
        place=place,
        score=-key[0] or 0.0,
        customers=len(bug.needs),
        tickets=sum([need.tickets for need in bug.needs]),
        recent_tickets=bug.recent_tickets,
        first_report=key[3] if bug.needs else None,
        arr_cents=sum([need.arr_cents or 0 for need in bug.needs]),
    )


def explain(bug: BugNeeds, policy: Policy, as_of: datetime) -> Explanation:
    """Open a score to what each customer adds to it."""
    factor = severity_factor(bug.severity, policy)
    parts = [_contribution(need, policy, as_of, factor) for need in bug.needs]
    parts.sort(key=lambda part: (-part.contribution, part.customer_id))
    return Explanation(
        bug_id=bug.bug_id,
        score=fsum(part.contribution for part in parts),
        severity_factor=factor,
        severity_known=bug.severity is not None,
        contributions=tuple(parts),
    )


def _contribution(need: Need, policy: Policy, as_of: datetime, factor: float) -> Contribution:
    counted, earned = weight(need.arr_cents, policy), points(need, policy, as_of)
    return Contribution(
        customer_id=need.customer_id,
        tickets=need.tickets,
        waiting_days=waiting_days(need.first_report, as_of),
        importance=need.importance,
        waiting_points=waiting_points(need, policy, as_of),
        ticket_points=ticket_points(need, policy),
        weight=counted,
        points=earned,
        contribution=factor * counted * earned,
    )


def swings(
    bugs: Iterable[BugNeeds], policy: Policy, as_of: datetime
) -> dict[int, tuple[float, ...]]:
    """Each bug's score as it is, then with each weight halved and half as much again, by its id.

    Keep these for a whole list (they change only with the facts, the policy or the day):
    `rank_range` then answers for any one bug by comparing numbers.
    """
    scorers = [scorer(each, as_of) for each in _shaken(policy)]
    return {bug.bug_id: tuple(round(by(bug), DIGITS) for by in scorers) for bug in bugs}


def _shaken(policy: Policy) -> list[Policy]:
    shaken = [policy]
    for share in (0.5, 1.5):
        shaken.append(replace(policy, beta=min(10.0, policy.beta * share)))
        shaken.append(replace(policy, gamma=min(1.0, policy.gamma * share)))
        shaken.append(replace(policy, severity_spread=min(2.0, policy.severity_spread * share)))
        if policy.alpha:
            shaken.append(replace(policy, alpha=min(5.0, policy.alpha * share)))
    return shaken


def rank_range(bug_id: int, listed: Mapping[int, Sequence[float]]) -> tuple[int, int]:
    """The best and the worst place of a bug when any one weight is 50 % smaller or larger.

    `listed`: every bug's `swings`, in the order of the list, which settles equal scores.
    """
    own = listed[bug_id]
    places = [1] * len(own)
    above = True
    for other_id, scores in listed.items():
        if other_id == bug_id:
            above = False
            continue
        for which, (theirs, mine) in enumerate(zip(scores, own, strict=True)):
            places[which] += theirs > mine or (above and theirs == mine)
    return min(places), max(places)


def would_pass(bug: BugNeeds, above: tuple[int, float], policy: Policy, as_of: datetime) -> Passing:
    """What evidence would lift `bug` over the next one, given as its id and score."""
    factor = severity_factor(bug.severity, policy)
    difference = max(0.0, round(above[1] - score(bug, policy, as_of), DIGITS))
    gains = [
        (factor * weight(need.arr_cents, policy) * (3 - need.importance), -need.customer_id)
        for need in bug.needs
    ]
    gain, negative_id = max(gains, default=(0.0, 0))
    return Passing(
        above_bug_id=above[0],
        difference=difference,
        new_customers=floor(difference / factor) + 1,
        critical_customer_id=-negative_id if gain > difference else None,
    )


def snapshot_bytes(ranked: Iterable[Ranked], policy: Policy, as_of: datetime) -> bytes:
    """The list as canonical JSON: the same facts give the same bytes, so they can be sealed."""
    body = {
        "as_of": _utc(as_of),
        "policy": {
            name: value if name == "arr_ref_cents" else float(value)
            for name, value in asdict(policy).items()
        },
        "bugs": [
            asdict(each) | {"first_report": each.first_report and _utc(each.first_report)}
            for each in ranked
        ],
    }
    text = dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return text.encode()


def data_hash(data: bytes) -> str:
    """SHA-256 of a snapshot, in hexadecimal."""
    return sha256(data).hexdigest()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
