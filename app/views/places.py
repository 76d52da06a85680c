"""Every open bug's place in today's order, worked out once per change of that order."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlmodel import Session

from app.core.bands import coarse
from app.core.ranking import Policy, order_key, rank_range, swings
from app.db.queries import rankings, stakes

T = TypeVar("T")
KEEP = 8
MOST_FOR_RANGES = 3_000

Places = dict[int, int]
Swings = dict[int, tuple[float, ...]]


class _Kept(Generic[T]):
    """What was worked out for the last few versions of the order, by database."""

    def __init__(self, make: Callable[[Session], T]) -> None:
        self._make = make
        self._found: WeakKeyDictionary[object, dict[int, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, db: Session, version: int | None = None) -> T:
        version = rankings.order_version(db) if version is None else version
        with self._lock:
            found = self._found.setdefault(db.get_bind().engine.pool, {})
            if version not in found:
                while len(found) >= KEEP:
                    found.pop(next(iter(found)))
                found[version] = self._make(db)
            return found[version]


def live_places(db: Session, version: int | None = None) -> Places:
    """Return bug id → place, worst first; the same object until the order changes.

    Whoever has read the order's `version` in the same transaction spares reading it again.
    """
    return _places_kept.get(db, version)


def live_range(db: Session, bug_id: int) -> tuple[int, int] | None:
    """Return a bug's best and worst place if any one weight were half, or half as much again.

    None for a bug that is not in the order, and where there are too many to answer at once.
    """
    places = live_places(db)
    if bug_id not in places or len(places) > MOST_FOR_RANGES:
        return None
    return rank_range(bug_id, _swings_kept.get(db))


def shown_score(db: Session, version: int | None = None) -> Callable[[float], float]:
    """Return how a score is shown to everybody: in two digits where revenue is part of it."""
    return coarse if _money_kept.get(db, version) else _as_it_is


def _as_it_is(score: float) -> float:
    return score


def _weighs_money(db: Session) -> bool:
    # Older versions as well: what was frozen under them is still shown.
    return any(Policy(**each.params).alpha > 0 for each in rankings.every_policy(db))


def _swings(db: Session) -> Swings:
    places, basis = live_places(db), rankings.basis(db)
    if basis is None:
        return {}
    as_of, params = basis
    facts = {bug.bug_id: bug for bug in stakes.bug_needs(db, as_of=as_of)}
    order = sorted(places, key=lambda bug_id: places[bug_id])
    return swings([facts[bug_id] for bug_id in order], Policy(**params), as_of)


def _places(db: Session) -> Places:
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


_places_kept = _Kept(_places)
_swings_kept = _Kept(_swings)
_money_kept = _Kept(_weighs_money)
