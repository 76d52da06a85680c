"""What a bug costs customers: needs, the policy that weighs them, and the score they make."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import fsum, log2

from app.core.errors import Invalid
from app.core.vocabulary import LinkState, Severity

SECONDS_A_DAY = 86_400
STALE_DAYS = 365
"""A bug nobody confirmed for so long is marked to be verified again; its score stays."""

DOUBLINGS: Mapping[Severity | None, int] = {
    Severity.S1: 2,
    Severity.S2: 1,
    Severity.S3: 0,
    Severity.S4: -1,
    None: 0,
}
"""Severity as a power of two: with a spread of 1, S1 counts 4, S2 2, S3 1 and S4 0.5."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A parameter's name in words, and between what it lies."""

    label: str
    low: int
    high: int


BOUNDS: Mapping[str, Bound] = {
    "beta": Bound("The weight of waiting (beta)", 0, 10),
    "tau_days": Bound("The waiting time that adds the first point (tau)", 1, 3650),
    "gamma": Bound("The weight of repeated tickets (gamma)", 0, 1),
    "alpha": Bound("The weight of revenue (alpha)", 0, 5),
    "w_max": Bound("The largest weight of one customer", 1, 100),
    "severity_spread": Bound("The spread of the severities", 0, 2),
}
REVENUE = frozenset({"alpha", "w_max"})
"""Parameters whose trial would tell customers' revenue."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the ranking's parameters; nonsense is refused with `Invalid`.

    `beta` weighs waiting (points each time 1 + waiting/`tau_days` doubles), `gamma` a customer's
    repeated tickets, `alpha` yearly revenue against `arr_ref_cents`, capped at `w_max`.
    `gamma` ends at 1: above it, merging two bugs could create points.
    """

    beta: float = 1.0
    tau_days: float = 90.0
    gamma: float = 0.5
    alpha: float = 0.0
    arr_ref_cents: int | None = None
    w_max: float = 5.0
    severity_spread: float = 1.0

    def __post_init__(self) -> None:
        for name, bound in BOUNDS.items():
            _within(bound, getattr(self, name))
        if self.arr_ref_cents is not None and self.arr_ref_cents <= 0:
            raise Invalid("The reference revenue must be more than zero, or be left out.")
        if self.alpha > 0 and self.arr_ref_cents is None:
            raise Invalid(
                "Revenue can only be weighed against a reference: import the customers' yearly "
                "revenue first, or set the weight of revenue (alpha) to 0."
            )


def _within(bound: Bound, value: float) -> None:
    if not bound.low <= value <= bound.high:
        raise Invalid(
            f"{bound.label} must lie between {bound.low} and {bound.high}; {value} was given."
        )


def revised(policy: Policy, wish: Mapping[str, float], arr: Iterable[int | None]) -> Policy:
    """The next version: other weights, and the median of today's customers as the reference."""
    unknown = sorted(set(wish) - set(BOUNDS))
    if unknown:
        raise Invalid(f"The policy has no “{unknown[0]}”; it has {', '.join(BOUNDS)}.")
    return replace(policy, **wish, arr_ref_cents=median_arr(arr) or policy.arr_ref_cents)


@dataclass(slots=True)  # not frozen: there are very many, and they are added up in place
class Need:
    """One customer's stake in one bug, from confirmed links only.

    `tickets`: distinct tickets, at least 1; `importance`: 1 to 3, the highest of its tickets;
    `arr_cents`: the customer's yearly revenue, None when unknown.
    """

    customer_id: int
    tickets: int
    first_report: datetime
    importance: int
    arr_cents: int | None

    def __post_init__(self) -> None:
        if self.tickets < 1 or not 1 <= self.importance <= 3:
            raise Invalid("A need has at least one ticket and an importance from 1 to 3.")
        if self.first_report.tzinfo is None:
            raise Invalid("The first report of a need must say its time zone.")


@dataclass(frozen=True, slots=True)
class Report:
    """One ticket linked to a bug, as evidence."""

    ticket_id: int
    customer_id: int
    reported_at: datetime
    importance: int = 1
    arr_cents: int | None = None
    state: LinkState = LinkState.confirmed


@dataclass(frozen=True, slots=True)
class BugNeeds:
    """A bug and the needs of its customers; `source` and `natural_key` break the last tie.

    `last_report`: when the youngest of its tickets came, which no score depends on.
    """

    bug_id: int
    severity: Severity | None
    needs: Sequence[Need]
    recent_tickets: int
    source: str
    natural_key: str
    last_report: datetime | None = None


def waiting_days(first_report: datetime, as_of: datetime) -> float:
    """Days between two instants, never negative.

    Instants, not wall clocks: Python subtracts two times of one zone without its summer time.
    """
    return max(0.0, as_of.timestamp() - first_report.timestamp()) / SECONDS_A_DAY


def waiting_points(need: Need, policy: Policy, as_of: datetime) -> float:
    """Points for waiting: `beta` at `tau_days`, twice that at three times `tau_days`."""
    return policy.beta * log2(1 + waiting_days(need.first_report, as_of) / policy.tau_days)


def ticket_points(need: Need, policy: Policy) -> float:
    """Points for a customer's repeated tickets: `gamma` for each doubling."""
    return policy.gamma * log2(need.tickets)


def points(need: Need, policy: Policy, as_of: datetime) -> float:
    """Points of one need before the customer's weight and the bug's severity."""
    waiting = waiting_points(need, policy, as_of)
    return need.importance + waiting + ticket_points(need, policy)


def weight(arr_cents: int | None, policy: Policy) -> float:
    """How much one customer counts, from 1 to `w_max`; unknown revenue counts 1."""
    if not policy.alpha or not policy.arr_ref_cents or arr_cents is None or arr_cents <= 0:
        return 1.0
    return min(policy.w_max, 1 + policy.alpha * log2(1 + arr_cents / policy.arr_ref_cents))


def severity_factor(severity: Severity | None, policy: Policy) -> float:
    """What a bug's severity multiplies its points by; unknown counts as S3."""
    return float(2.0 ** (policy.severity_spread * DOUBLINGS[severity]))


def score(bug: BugNeeds, policy: Policy, as_of: datetime) -> float:
    """A bug's score: 0 without customers, never negative, whatever the order of the needs."""
    return scorer(policy, as_of)(bug)


def scorer(policy: Policy, as_of: datetime) -> Callable[[BugNeeds], float]:
    """The same for many bugs: what they have in common is worked out once.

    It says what `weight` and `points` say; called for each need, these take twice as long.
    """
    now, tau = as_of.timestamp(), policy.tau_days
    beta, gamma = policy.beta, policy.gamma
    weights: dict[int | None, float] = {}

    def scored(bug: BugNeeds) -> float:
        factor = severity_factor(bug.severity, policy)
        parts = []
        for need in bug.needs:
            weighs = weights.get(need.arr_cents)
            if weighs is None:
                weighs = weights[need.arr_cents] = weight(need.arr_cents, policy)
            waited = now - need.first_report.timestamp()
            doublings = log2(1 + waited / SECONDS_A_DAY / tau) if waited > 0 else 0.0
            earned = need.importance + beta * doublings + gamma * log2(need.tickets)
            parts.append(factor * weighs * earned)
        return fsum(parts)

    return scored


def gather_needs(reports: Iterable[Report]) -> tuple[Need, ...]:
    """One need per customer from linked tickets; a ticket counts once, unconfirmed ones not.

    Give the reports of a whole duplicate group to count it as one bug: the same ticket on two
    of its bugs is still one ticket, so merging twice, or in another order, changes nothing.
    """
    needs: dict[int, Need] = {}
    tickets: dict[int, set[int]] = {}
    for report in reports:
        if report.state is not LinkState.confirmed:
            continue
        seen = tickets.setdefault(report.customer_id, set())
        seen.add(report.ticket_id)
        new = _need_of(report)
        known = needs.get(report.customer_id)
        needs[report.customer_id] = _joined(known or new, new, len(seen))
    return tuple(needs[customer_id] for customer_id in sorted(needs))


def merge_needs(groups: Iterable[Iterable[Need]]) -> tuple[Need, ...]:
    """Needs of a duplicate group, once per customer, when no ticket stands in two of its bugs.

    Tickets add up, so they must be distinct already; use `gather_needs` where they may overlap.
    """
    needs: dict[int, Need] = {}
    for need in (need for group in groups for need in group):
        known = needs.get(need.customer_id)
        needs[need.customer_id] = (
            need if known is None else _joined(known, need, known.tickets + need.tickets)
        )
    return tuple(needs[customer_id] for customer_id in sorted(needs))


def median_arr(values: Iterable[int | None]) -> int | None:
    """The median of the known positive yearly revenues in cents, to freeze into a policy."""
    known = sorted(value for value in values if value is not None and value > 0)
    if not known:
        return None
    return (known[(len(known) - 1) // 2] + known[len(known) // 2]) // 2


def is_stale(last_report: datetime | None, as_of: datetime) -> bool:
    """Whether nobody confirmed the bug for a year, so that somebody should verify it again."""
    return last_report is not None and waiting_days(last_report, as_of) > STALE_DAYS


def _need_of(report: Report) -> Need:
    return Need(report.customer_id, 1, report.reported_at, int(report.importance), report.arr_cents)


def _joined(one: Need, other: Need, tickets: int) -> Need:
    known = [arr for arr in (one.arr_cents, other.arr_cents) if arr is not None]
    return Need(
        customer_id=one.customer_id,
        tickets=tickets,
        first_report=min(one.first_report, other.first_report, key=datetime.timestamp),
        importance=max(one.importance, other.importance),
        arr_cents=max(known, default=None),
    )
