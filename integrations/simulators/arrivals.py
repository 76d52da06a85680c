"""When things happen: letters come in a weekly rhythm, agents and engineers keep office hours."""

from datetime import UTC, datetime, timedelta
from random import Random

from integrations.simulators.chance import some

OPENS, CLOSES = 8, 18
WEEKEND = 5
PULL_BACK_DAYS = 70


def whole(at: datetime) -> datetime:
    """Without fractions of a second: both vendors know none."""
    return at.replace(microsecond=0)


def hours(chance: Random, low: float, high: float) -> timedelta:
    """A span between two numbers of hours."""
    return timedelta(seconds=round(chance.uniform(low, high) * 3600))


def in_office(at: datetime) -> datetime:
    """The same moment if it lies in office hours (UTC), else a moment of the next office day."""
    minute = timedelta(minutes=at.minute, seconds=at.second)
    if at.hour >= CLOSES:
        at = at.replace(hour=OPENS, minute=0, second=0) + timedelta(days=1) + minute
    elif at.hour < OPENS:
        at = at.replace(hour=OPENS, minute=0, second=0) + minute
    while at.weekday() >= WEEKEND:
        at += timedelta(days=1)
    return whole(at)


def mostly_in_office(chance: Random, at: datetime) -> datetime:
    """Office hours, but for every tenth."""
    return whole(at) if some(chance, 0.1) else in_office(at)


def arrival(chance: Random, first: datetime, last: datetime) -> datetime:
    """When a customer writes: evenly over the bug's life, half of them pulled to the recent weeks.

    Weekends bring about a quarter of a working day's letters.
    """
    span = (last - first).total_seconds()
    at = last
    for _ in range(12):
        back = chance.random() * span
        if some(chance, 0.5):
            back = min(chance.expovariate(1 / (PULL_BACK_DAYS * 86_400)), span)
        at = last - timedelta(seconds=back)
        if at.weekday() < WEEKEND or some(chance, 0.25):
            break
    return max(first, _by_day(chance, at).replace(microsecond=0))


def _by_day(chance: Random, at: datetime) -> datetime:
    hour = min(23, max(0, round(chance.gauss(13, 3.5))))
    moved = at.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
    return min(moved, at) if moved.date() == at.date() and moved > at else moved.astimezone(UTC)
