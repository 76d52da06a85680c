"""Every open bug's place in today's order, worked out once per change of that order."""

from threading import Lock

from sqlmodel import Session

from app.core.ranking import order_key
from app.db.queries import rankings

_kept: dict[tuple[str, int], dict[int, int]] = {}
_lock = Lock()
KEEP = 8


def live_places(db: Session) -> dict[int, int]:
    """Return bug id → place, worst first; the same object until the order changes."""
    version = rankings.order_version(db)
    key = (str(db.get_bind().engine.url), version)
    with _lock:
        if key not in _kept:
            while len(_kept) >= KEEP:
                _kept.pop(next(iter(_kept)))
            _kept[key] = _places(db)
        return _kept[key]


def _places(db: Session) -> dict[int, int]:
    rows = rankings.scored_bugs(db)
    keyed = sorted(
        (
            order_key(
                score,
                recent_tickets=recent,
                customers=customers,
                first_report=first,
                source=source,
                natural_key=key,
            ),
            bug_id,
        )
        for bug_id, score, recent, customers, first, source, key in rows
    )
    return {bug_id: place for place, (_, bug_id) in enumerate(keyed, start=1)}
