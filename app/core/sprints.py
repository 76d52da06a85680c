"""The calendar and phases of a sprint, and how many days a team really has."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from app.core.errors import Conflict, Invalid
from app.core.vocabulary import Phase

FRIDAY = 4

NEXT: Mapping[Phase, frozenset[Phase]] = {
    Phase.pitch: frozenset({Phase.prepare}),
    Phase.prepare: frozenset({Phase.pitch, Phase.commit}),
    Phase.commit: frozenset({Phase.run}),
    Phase.run: frozenset({Phase.review}),
    Phase.review: frozenset({Phase.run, Phase.close}),
    Phase.close: frozenset(),
}
"""Where a sprint may go from each phase.  Committing freezes the list, closing seals the report:
neither is undone."""


def may_follow(phase: Phase, to: Phase) -> bool:
    """Whether a sprint may go from one phase to another."""
    return to in NEXT[phase]


def check_move(phase: Phase, to: Phase) -> None:
    """Refuse a step that skips a phase or undoes what is frozen, naming the ones that are left."""
    if may_follow(phase, to):
        return
    if phase is Phase.close:
        raise Conflict("The sprint is closed: its report is sealed and nothing changes any more.")
    allowed = " or ".join(f"“{each}”" for each in Phase if each in NEXT[phase])
    raise Conflict(f"A sprint in “{phase}” can only go to {allowed}, not to “{to}”.")


def check_dates(starts_on: date, ends_on: date) -> None:
    """Refuse a sprint that ends before it starts, or has no working day."""
    if ends_on < starts_on:
        raise Invalid(f"The sprint ends on {ends_on}, before it starts on {starts_on}.")
    if not working_days(starts_on, ends_on):
        raise Invalid(f"There is no working day from {starts_on} to {ends_on}.")


def day_of(starts_on: date, ends_on: date, today: date) -> tuple[int, int]:
    """The calendar day of the sprint and how many there are: (6, 14); day 0 before it starts."""
    of = (ends_on - starts_on).days + 1
    return min(max((today - starts_on).days + 1, 0), of), of


def working_days(first: date, last: date, holidays: Collection[date] = ()) -> int:
    """Days from Monday to Friday from `first` to `last`, both counted, without the holidays."""
    return sum(_is_working(day, holidays) for day in days_of(first, last))


def working_days_since(day: date, today: date, holidays: Collection[date] = ()) -> int:
    """Working days that have passed after `day`: Friday to Monday is one."""
    return working_days(day + timedelta(1), today, holidays)


def days_of(first: date, last: date) -> list[date]:
    """Every calendar day from `first` to `last`, both included."""
    return [first + timedelta(ahead) for ahead in range((last - first).days + 1)]


def capacity_days(members: Iterable[tuple[float, float]], focus_factor: float) -> float:
    """Person-days a team can put into bugs: (days − leave) × focus, over its members."""
    if not 0 < focus_factor <= 1:
        raise Invalid("The focus factor must be more than 0 and at most 1.")
    return sum(max(0.0, days - leave_days) for days, leave_days in members) * focus_factor


def _is_working(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() <= FRIDAY and day not in holidays
