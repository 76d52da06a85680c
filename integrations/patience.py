"""How long to wait before asking again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FLOOR_SECONDS = 0.5
CAP_SECONDS = 60.0
LONGEST_SECONDS = 120.0
"""The most that one request may wait in all before it is given up."""


def pause_seconds(attempt: int, retry_after: float | None, chance: float) -> float:
    """Give the wait after the `attempt`th failure; `chance` is a random number in 0..1."""
    growing = min(CAP_SECONDS, 2.0 ** (attempt - 1))
    if not retry_after:
        return max(FLOOR_SECONDS, growing * chance)
    return max(FLOOR_SECONDS, retry_after) + chance * min(growing, 5.0)


def retry_after_seconds(text: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date; None when it says nothing usable."""
    text = (text or "").strip()
    try:
        return max(0.0, float(text)) if text[:1].isdigit() else _until(text, now)
    except ValueError:
        return None


def _until(text: str, now: datetime) -> float | None:
    if not text:
        return None
    moment = parsedate_to_datetime(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
