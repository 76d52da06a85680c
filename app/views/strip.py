"""The strip of figures above a board, counted once per change and the same for everybody."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from sqlmodel import Session

from app.core.forecast import forecast
from app.core.progress import BurnPoint, Item, burn_up
from app.core.progress import header as glance
from app.core.sprints import days_of
from app.core.vocabulary import RESOLVED, ItemState
from app.db.models import Sprint
from app.db.queries import activity, progress, rankings, sources, tallies
from app.db.queries.tallies import Tally
from app.views.reach import reach

KEEP = 16
Day = tuple[date, date | None]


class Point(BaseModel):
    """One day of the burn-up: how much was in scope and how much was fixed by its end."""

    day: str
    scope: int
    fixed: int


class Outlook(BaseModel):
    """How many bugs will be fixed at the end, four times in five; None: `words` say why not."""

    low: int | None
    high: int | None
    words: str


class Header(BaseModel):
    """The numbers above the list; fixed ≠ released ≠ told."""

    scope: int
    open: int
    claimed: int
    fixed: int
    released: int
    reopened: int
    blocked: int
    left: int
    tickets: int
    tickets_resolved: int
    customers: int
    customers_told: int
    forecast: Outlook
    burnup: list[Point]


class _Kept:
    """The last few headers, by database; an entry holds for one key only."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[object, OrderedDict[Hashable, object]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, db: Session, key: Hashable) -> object | None:
        with self._lock:
            kept = self._found.get(db.get_bind().engine.pool)
            return kept.get(key) if kept else None

    def put(self, db: Session, key: Hashable, value: object) -> None:
        with self._lock:
            kept = self._found.setdefault(db.get_bind().engine.pool, OrderedDict())
            kept[key] = value
            while len(kept) > KEEP:
                kept.popitem(last=False)


_headers, _resolved = _Kept(), _Kept()


def header(db: Session, sprint: Sprint, *, at: datetime) -> Header:
    """Show the numbers above the board: counted at the first look after a change.

    What is read beside one's own uncommitted change is not kept: it may never come to be.
    """
    if not db.get_bind().get_execution_options().get("readonly"):
        return _counted(db, sprint, at)
    key = (sprint.id, sprint.ends_on, activity.latest(db), sources.reading(db), at.date())
    found = _headers.get(db, key)
    if isinstance(found, Header):
        return found
    made = _counted(db, sprint, at)
    _headers.put(db, key, made)
    return made


def _counted(db: Session, sprint: Sprint, at: datetime) -> Header:
    assert sprint.id is not None
    rows = tallies.tallies(db, sprint.id)
    facts = [_item(row) for row in rows]
    found = glance(facts)
    points = _points(facts, sprint, at.date())
    outside = tallies.counts(db, sprint.id)
    tickets, customers = reach(db, sprint.id, sum(row.items for row in rows))
    ahead = forecast(points, last=sprint.ends_on, today=at.date())
    return Header(
        scope=found.scope,
        open=found.waiting,
        claimed=found.claimed,
        fixed=found.fixed,
        released=found.released,
        reopened=found.states[ItemState.reopened],
        blocked=outside.blocked,
        left=found.left,
        tickets=tickets,
        tickets_resolved=_tickets_resolved(db, sprint, rows, at),
        customers=customers,
        customers_told=outside.told,
        forecast=Outlook(low=ahead.low, high=ahead.high, words=ahead.words),
        burnup=_shown(points),
    )


def _item(row: Tally) -> Item:
    done = row.resolved_on
    return Item(_start(row.added_on), row.state, _start(done) if done else None, count=row.items)


def _tickets_resolved(db: Session, sprint: Sprint, rows: Sequence[Tally], at: datetime) -> int:
    """Count again only when a fix, a link or a reading came; at the latest after a minute."""
    assert sprint.id is not None
    order = rankings.order_version(db)
    fixes = tuple(sorted((row.state, row.mark) for row in rows if row.state in RESOLVED))
    minute = at.replace(second=0, microsecond=0)
    key = (sprint.id, sprint.starts_on, sprint.ends_on, order, fixes, sources.reading(db), minute)
    found = _resolved.get(db, key) if order else None
    if isinstance(found, int):
        return found
    made = progress.tickets_resolved(db, sprint.id, *span(sprint))
    _resolved.put(db, key, made)
    return made


def span(sprint: Sprint) -> tuple[datetime, datetime]:
    """Return a sprint's first instant and the one after its last."""
    return _start(sprint.starts_on), _start(sprint.ends_on) + timedelta(days=1)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def burnup(facts: Sequence[Item], sprint: Sprint, today: date) -> list[Point]:
    """Show scope and fixes at the end of each day until today."""
    return _shown(_points(facts, sprint, today))


def _points(facts: Sequence[Item], sprint: Sprint, today: date) -> list[BurnPoint]:
    return burn_up(facts, days_of(sprint.starts_on, min(sprint.ends_on, today)), UTC)


def _shown(points: Sequence[BurnPoint]) -> list[Point]:
    return [
        Point(day=point.on.isoformat(), scope=point.scope, fixed=point.resolved) for point in points
    ]
