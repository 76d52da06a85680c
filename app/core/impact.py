"""What a sprint changed for customers, from facts alone; nothing here is an estimate.

Tickets resolved because of a fix and tickets closed without one are two numbers.  They are never
added up: a queue that was merely emptied must not look like bugs that were fixed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from app.core.scoring import waiting_days
from app.core.vocabulary import LEFT, RESOLVED, ItemState


@dataclass(frozen=True, slots=True)
class Window:
    """The sprint as instants: from `start` up to, not including, `end`."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether something happened inside the sprint."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class NeedFact:
    """A customer who waited for a bug, since when, and its yearly revenue if known."""

    customer_id: int
    first_report: datetime
    arr_cents: int | None = None


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A bug of the sprint with the needs frozen at its start; `team` is a team's name."""

    bug_id: int
    state: ItemState
    needs: Sequence[NeedFact] = ()
    team: str | None = None
    resolved_at: datetime | None = None
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class TicketFact:
    """A ticket and one bug it is linked to (None: to no bug); one fact for each link."""

    ticket_id: int
    bug_id: int | None
    solved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Promise:
    """A need that ended, and how many days its customer had waited."""

    bug_id: int
    customer_id: int
    days: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What fixes did for customers.

    `scope`: bugs that did not leave without a fix; `fixed`: those fixed inside the sprint;
    `reopened`: bugs taken up again at least once, whatever became of them.
    `customer_days_ended`: days from first report to fix, over every customer of every fixed bug.
    `arr_cents`: yearly revenue of the customers touched, each once, where known
    (`arr_known` of `customers`).
    """

    scope: int
    fixed: int
    reopened: int
    left: int
    tickets_resolved: int
    customers: int
    arr_cents: int
    arr_known: int
    customer_days_ended: float


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """The same figures for one team; None gathers the bugs no team took."""

    team: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Impact:
    """The result of a sprint.

    `tickets_closed_without_fix`: tickets solved inside the sprint for any other reason.
    Teams stand in alphabetical order; a ticket or customer of two teams counts for both.
    """

    figures: Figures
    tickets_closed_without_fix: int
    oldest_promise_kept: Promise | None
    teams: tuple[TeamFigures, ...]


def impact(items: Sequence[ItemFact], tickets: Sequence[TicketFact], window: Window) -> Impact:
    """Everything a sprint can show for itself, counted from its items and tickets."""
    solved = {each.ticket_id for each in tickets if window.holds(each.solved_at)}
    by_fix = _resolved_tickets(items, tickets, window)
    names = sorted({item.team for item in items}, key=_alphabetical)
    teams = [(name, [item for item in items if item.team == name]) for name in names]
    return Impact(
        figures=_figures(items, tickets, window),
        tickets_closed_without_fix=len(solved - by_fix),
        oldest_promise_kept=max(_promises(items, window), key=_oldest, default=None),
        teams=tuple(TeamFigures(name, _figures(own, tickets, window)) for name, own in teams),
    )


def is_fixed(item: ItemFact, window: Window) -> bool:
    """Whether a bug was fixed inside the sprint and still is."""
    return item.state in RESOLVED and window.holds(item.resolved_at)


def _figures(items: Sequence[ItemFact], tickets: Iterable[TicketFact], window: Window) -> Figures:
    fixed = [item for item in items if is_fixed(item, window)]
    needs = [need for item in fixed for need in item.needs]
    revenue = _revenue(needs)
    left = sum(item.state in LEFT for item in items)
    return Figures(
        scope=len(items) - left,
        fixed=len(fixed),
        reopened=sum(item.reopened > 0 or item.state is ItemState.reopened for item in items),
        left=left,
        tickets_resolved=len(_resolved_tickets(items, tickets, window)),
        customers=len({need.customer_id for need in needs}),
        arr_cents=sum(revenue.values()),
        arr_known=len(revenue),
        customer_days_ended=fsum(promise.days for promise in _promises(items, window)),
    )


def _revenue(needs: Iterable[NeedFact]) -> dict[int, int]:
    """Each customer's revenue once, where any need knows it; the largest, should they differ."""
    revenue: dict[int, int] = {}
    for need in needs:
        if need.arr_cents is not None:
            revenue[need.customer_id] = max(need.arr_cents, revenue.get(need.customer_id, 0))
    return revenue


def _resolved_tickets(
    items: Iterable[ItemFact], tickets: Iterable[TicketFact], window: Window
) -> set[int]:
    """Tickets solved inside the sprint, at or after the fix of a bug they are linked to."""
    fixes = {
        item.bug_id: item.resolved_at
        for item in items
        if item.resolved_at is not None and is_fixed(item, window)
    }
    return {
        each.ticket_id
        for each in tickets
        if each.solved_at is not None
        and each.bug_id in fixes
        and window.holds(each.solved_at)
        and each.solved_at >= fixes[each.bug_id]
    }


def _promises(items: Iterable[ItemFact], window: Window) -> list[Promise]:
    return [
        Promise(item.bug_id, need.customer_id, waiting_days(need.first_report, item.resolved_at))
        for item in items
        if item.resolved_at is not None and is_fixed(item, window)
        for need in item.needs
    ]


def _oldest(promise: Promise) -> tuple[float, int, int]:
    return (promise.days, -promise.bug_id, -promise.customer_id)


def _alphabetical(team: str | None) -> tuple[bool, str, str]:
    return (team is None, (team or "").casefold(), team or "")
