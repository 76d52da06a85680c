"""What is counted over a whole board, once per change of the order.

Whatever changes these counts (links, merges, deleted tickets, new customers) rescores bugs and so
gives the order a new version; claims and fixes do not, and a board shows the counts at each.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlmodel import Session

from app.db.queries import progress, rankings, sprints

KEEP = 16
T = TypeVar("T")
Key = tuple[int, int, int]


class _Kept(Generic[T]):
    """What was counted for a sprint, by how many items it had and the order's version."""

    def __init__(self, count: Callable[[Session, int], T]) -> None:
        self._count = count
        self._found: WeakKeyDictionary[object, OrderedDict[Key, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, db: Session, sprint_id: int, items: int, version: int) -> T:
        if not version:  # nothing was ranked twice yet, so nothing tells of changes
            return self._count(db, sprint_id)
        key = (sprint_id, items, version)
        with self._lock:
            kept = self._found.setdefault(db.get_bind().engine.pool, OrderedDict())
            if key in kept:
                return kept[key]
        counted = self._count(db, sprint_id)
        with self._lock:
            kept[key] = counted
            while len(kept) > KEEP:
                kept.popitem(last=False)
        return counted


def reach(db: Session, sprint_id: int, items: int) -> tuple[int, int]:
    """Return tickets and customers behind a sprint that has so many items."""
    return _reach.get(db, sprint_id, items, rankings.order_version(db))


def top_score(db: Session, sprint_id: int, items: int, version: int) -> float:
    """Return the highest score on a board that has so many items, at a version of the order."""
    return _top.get(db, sprint_id, items, version)


_reach = _Kept(progress.reach)
_top = _Kept(sprints.highest_score)
