"""How many bugs will be fixed when a sprint ends, from its own pace so far.

Closed form, so the same facts always give the same words.  Fixes per working day are a count
whose rate is not known: after F fixes in D days the rate is Gamma(F + ½, D), so what the R days
that are left will bring is negative binomial with mean m = R·(F + ½)/D and variance m·(1 + R/D).
Where the days differed more among themselves than such counts do, the variance grows with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log, sqrt

from app.core.progress import BurnPoint
from app.core.sprints import working_days

LOW, HIGH = 0.1, 0.9
MIN_DAYS, MIN_FIXES = 3, 5
TOO_EARLY = "too early to tell"
NOT_BEGUN = "not begun"
OVER = "the sprint is over"
NOTHING = "nothing is in the sprint"


@dataclass(frozen=True, slots=True)
class Forecast:
    """Four times in five the count ends from `low` to `high`; without them `words` say why."""

    low: int | None = None
    high: int | None = None
    words: str = ""


def forecast(points: Sequence[BurnPoint], *, last: date, today: date) -> Forecast:
    """Foretell the fixed bugs at the end of `last`; `points` are the days of the sprint so far."""
    if not points or today < points[0].on:
        return Forecast(words=NOT_BEGUN)
    now = points[-1]
    if not now.scope:
        return Forecast(words=NOTHING)
    if today > last:
        return Forecast(words=OVER)
    if now.resolved >= now.scope:
        return Forecast(now.resolved, now.resolved)
    past = [point for point in points if point.on < today]
    paces = _paces(past)
    before = past[-1].resolved if past else 0
    if len(paces) < MIN_DAYS or before < MIN_FIXES:
        return Forecast(words=TOO_EARLY)
    low, high = _coming(paces, working_days(today, last))
    least = min(now.scope, max(now.resolved, before + low))
    return Forecast(least, max(least, min(now.scope, before + high)))


def _paces(past: Sequence[BurnPoint]) -> list[int]:
    """Fixes of each working day; those of a weekend count for the working day before it."""
    paces: list[int] = []
    before = 0
    for point in past:
        fixed = max(0, point.resolved - before)
        if paces and not working_days(point.on, point.on):
            paces[-1] += fixed
        elif working_days(point.on, point.on):
            paces.append(fixed)
        before = point.resolved
    return paces


def _coming(paces: Sequence[int], left: int) -> tuple[int, int]:
    if not left:
        return 0, 0
    days, fixes = len(paces), sum(paces)
    mean = left * (fixes + 0.5) / days
    pace = fixes / days
    spread = sum((each - pace) ** 2 for each in paces) / (days - 1) / pace if fixes else 1.0
    variance = mean * (1 + left / days) * max(1.0, spread)
    return _quantiles(mean, variance)


def _quantiles(mean: float, variance: float) -> tuple[int, int]:
    """The smallest counts that a negative binomial stays at or under with LOW and HIGH."""
    size = mean * mean / (variance - mean)
    stays = size / (size + mean)
    count = max(0, int(mean - 10 * sqrt(variance)))
    chance = exp(
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        + size * log(stays)
        + count * log(1 - stays)
    )
    under, low = chance, None
    while under < HIGH:
        if low is None and under >= LOW:
            low = count
        count += 1
        chance *= (count - 1 + size) / count * (1 - stays)
        under += chance
    return (count if low is None else low), count
