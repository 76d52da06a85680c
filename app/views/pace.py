"""How often a source is read, how old its data is, and how much of its limit was used."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from app.db.models import Source
from app.db.queries import sources
from app.views.forms import option_default
from app.views.hooks import ago, lasting

MINUTE = 60.0
LATE = 3
"""As many beats without a reading are more than chance."""


def pace(db: Session, source: Source, at: datetime, every: timedelta) -> dict[str, Any]:
    """Return when the next reading is due, how old the data is, and the use of the limit."""
    next_at = None if source.paused else _next(db, source, at, every)
    return {
        "next_at": next_at,
        "due": next_at is not None and next_at <= at,
        "lag": _lag(source, at, every),
        "quota": _quota(db, source, at),
    }


def _next(db: Session, source: Source, at: datetime, every: timedelta) -> datetime:
    lease = sources.lease(db, f"sync:{source.name}")
    return max(at, lease.last_started + every) if lease else at


def _lag(source: Source, at: datetime, every: timedelta) -> str:
    if source.good_at is None:
        return ""
    old = at - source.good_at
    late = old > every * LATE and not source.paused
    said = f"true as of {ago(old)}"
    return f"{said}, though it is read every {lasting(every)}" if late else said


def _quota(db: Session, source: Source, at: datetime) -> str:
    """Say how many requests of the limited kind were sent in the last minute, by all processes."""
    limit, address = limit_of(source), _host(source)
    if not limit or not address:
        return ""
    now = at.timestamp()
    used = sources.used_since(db, f"{source.kind}:{address}", now - MINUTE)
    return f"{used:,} of {limit:,} requests used in the last minute"


def limit_of(source: Source) -> int:
    """Return how many requests a minute we allow ourselves at a source; 0: none is counted."""
    usual = option_default(source.kind, "requests_per_minute")
    limit: Any = source.options.get("requests_per_minute") or usual or 0
    return int(limit)


def _host(source: Source) -> str:
    if subdomain := source.options.get("subdomain"):
        return f"{subdomain}.zendesk.com"
    address = source.options.get("base_url") or option_default(source.kind, "base_url")
    return urlsplit(str(address or "")).netloc.rpartition("@")[2].lower()
