"""How far a sprint is: burn-up with its scope line, flow per day, and the figures of the header."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from app.core.vocabulary import LEFT, RESOLVED, ItemState

RELEASED = frozenset({ItemState.released, ItemState.told, ItemState.confirmed})
TOLD = frozenset({ItemState.told, ItemState.confirmed})


@dataclass(frozen=True, slots=True)
class Item:
    """What happened to one bug of the sprint, or to `count` of them alike.

    `changes`: every later state and when it began, oldest first.  Without them, `state` and
    `resolved_at` (when it was fixed) tell the story.
    """

    added_at: datetime
    state: ItemState
    resolved_at: datetime | None = None
    changes: Sequence[tuple[datetime, ItemState]] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class BurnPoint:
    """At the end of a local day: bugs in the sprint, and those of them that are fixed."""

    on: date
    scope: int
    resolved: int


@dataclass(frozen=True, slots=True)
class FlowPoint:
    """Within a local day: bugs added, fixed, no longer fixed, and taken out without a fix."""

    on: date
    added: int
    resolved: int
    reopened: int
    left: int


@dataclass(frozen=True, slots=True)
class Header:
    """The sprint at a glance, in bugs.  `scope` leaves out what ended without a fix (`left`).

    `fixed` holds `released`, which holds `told`: a bug that was told is all three.
    """

    scope: int
    fixed: int
    released: int
    told: int
    claimed: int
    waiting: int
    left: int
    states: Mapping[ItemState, int]


def burn_up(items: Iterable[Item], days: Sequence[date], zone: tzinfo) -> list[BurnPoint]:
    """Scope and fixed bugs at the end of each of `days`, which are consecutive dates in `zone`.

    What happened before the first day counts from the first day on.
    """
    counts: Counter[tuple[date, str]] = Counter()
    for item in items:
        for at, step in _steps(item):
            day = max(at.astimezone(zone).date(), days[0]) if days else date.min
            counts[day, step] += item.count
    points, scope, resolved = [], 0, 0
    for day in days:
        scope += counts[day, "added"] - counts[day, "left"]
        resolved += counts[day, "resolved"] - counts[day, "reopened"]
        points.append(BurnPoint(day, scope, resolved))
    return points


def flow(items: Iterable[Item], days: Sequence[date], zone: tzinfo) -> list[FlowPoint]:
    """What came in and what went out on each of `days`, dates in `zone`."""
    counts: Counter[tuple[date, str]] = Counter()
    for item in items:
        for at, step in _steps(item):
            counts[at.astimezone(zone).date(), step] += item.count
    kinds = ("added", "resolved", "reopened", "left")
    return [FlowPoint(day, *(counts[day, kind] for kind in kinds)) for day in days]


WAY = (
    ItemState.confirmed,
    ItemState.told,
    ItemState.released,
    ItemState.fixed,
    ItemState.claimed,
    ItemState.open,
)
"""A bug's way, its end first; what is not on it, but in the scope, is open (again)."""


def standing_by_day(
    items: Iterable[Item], days: Sequence[date], zone: tzinfo
) -> list[tuple[date, dict[ItemState, int]]]:
    """Count at the end of each of `days` how many bugs of the scope stood where on their way."""
    stories = [[(at.astimezone(zone).date(), s) for at, s in _story(item)] for item in items]
    found = []
    for day in days:
        last = [[state for on, state in story if on <= day][-1:] for story in stories]
        counts = Counter(
            state if state in WAY else ItemState.open
            for states in last
            for state in states
            if state not in LEFT
        )
        found.append((day, {state: counts[state] for state in WAY}))
    return found


def header(items: Iterable[Item]) -> Header:
    """The figures above the board."""
    states: Counter[ItemState] = Counter()
    for item in items:
        states[item.state] += item.count
    left = sum(states[state] for state in LEFT)
    claimed, fixed = states[ItemState.claimed], sum(states[state] for state in RESOLVED)
    return Header(
        scope=states.total() - left,
        fixed=fixed,
        released=sum(states[state] for state in RELEASED),
        told=sum(states[state] for state in TOLD),
        claimed=claimed,
        waiting=states.total() - left - fixed - claimed,
        left=left,
        states={state: states[state] for state in ItemState},
    )


def _story(item: Item) -> list[tuple[datetime, ItemState]]:
    """Each state and when it began; the first is open, at the time the bug was added."""
    if item.changes:
        return [(item.added_at, ItemState.open), *item.changes]
    if item.state in RESOLVED and item.resolved_at is not None:
        return [(item.added_at, ItemState.open), (item.resolved_at, item.state)]
    return [(item.added_at, item.state)]


def _steps(item: Item) -> Iterator[tuple[datetime, str]]:
    """Each time the bug came into the scope or left it, was fixed, or was no longer fixed."""
    in_scope = fixed = False
    for at, state in _story(item):
        if (state not in LEFT) is not in_scope:
            in_scope = not in_scope
            yield at, "added" if in_scope else "left"
        if (state in RESOLVED) is not fixed:
            fixed = not fixed
            yield at, "resolved" if fixed else "reopened"
