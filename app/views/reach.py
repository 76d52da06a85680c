"""How many tickets and customers stand behind a sprint, counted once per change of the order.

Whatever changes these counts (links, merges, deleted tickets, new customers) rescores bugs and so
gives the order a new version; claims and fixes do not, and a board shows the counts at each.
"""

from collections import OrderedDict
from threading import Lock
from weakref import WeakKeyDictionary

from sqlmodel import Session

from app.db.queries import progress, rankings

KEEP = 16
Counts = OrderedDict[tuple[int, int, int], tuple[int, int]]
_found: WeakKeyDictionary[object, Counts] = WeakKeyDictionary()
_lock = Lock()


def reach(db: Session, sprint_id: int, items: int) -> tuple[int, int]:
    """Return tickets and customers behind a sprint that has so many items."""
    version = rankings.order_version(db)
    if not version:  # nothing was ranked twice yet, so nothing tells of changes
        return progress.reach(db, sprint_id)
    key = (sprint_id, items, version)
    with _lock:
        kept = _found.setdefault(db.get_bind().engine.pool, OrderedDict())
        known = kept.get(key)
    if known is None:
        known = progress.reach(db, sprint_id)
        with _lock:
            kept[key] = known
            while len(kept) > KEEP:
                kept.popitem(last=False)
    return known
