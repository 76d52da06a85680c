"""Re-rank: all scores of 10,000 bugs with 100,000 links anew, and after one new ticket."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.actions import links, rankings, scores
from app.core.vocabulary import TicketStatus
from app.db.engine import open_engine
from app.db.models import Activity, BugScore, Ticket
from app.db.queries import rankings as figures
from app.db.queries import stakes
from benchmarks.figures import Figure, at_most
from benchmarks.world import BORN, BUGS, NOW, TICKETS, world

FULL_SECONDS, ONE_MS = 1.0, 5.0
BATCH = 20


def measure(*, quick: bool) -> list[Figure]:
    """Rank in full and by one ticket, each in turns with its floor."""
    turns, ones = (3, 40) if quick else (7, 300)
    gc.set_threshold(20_000, 50, 50)  # as the server does
    with world() as (address, _token):
        engine = open_engine(address)
        found = [_full(engine, turns), _one(engine, ones), _drift(engine)]
        engine.dispose()
        return found


def _full(engine: Engine, turns: int) -> Figure:
    own, least = [], []
    for _ in range(turns):
        least.append(timed(lambda: _read_and_write(engine)))
        own.append(timed(lambda: _rerank(engine)))
    beside = f"median {median(own):.2f} s, beside {min(least):.2f} s to read and write alone"
    what = f"Full re-rank, {BUGS:,} bugs and {TICKETS:,} links, quietest of {turns}"
    return at_most(what, min(own), FULL_SECONDS, "s", beside)


def _rerank(engine: Engine) -> None:
    with Session(engine) as db:
        rankings.rerank(db, actor="benchmark", at=NOW)


def _read_and_write(engine: Engine) -> None:
    with Session(engine) as db:
        stakes.bug_needs(db, as_of=scores.start_of_day(NOW))
        rows = _stored(db)
        figures.drop_scores(db)
        figures.keep_scores(db, rows)
        db.commit()


def _stored(db: Session) -> list[dict[str, Any]]:
    table = BugScore.__table__.c  # type: ignore[attr-defined]
    found = db.connection().execute(BugScore.__table__.select().order_by(table.bug_id))  # type: ignore[attr-defined]
    return [dict(row._mapping) for row in found]


def _one(engine: Engine, ones: int) -> Figure:
    own, least = [], []
    for number in range(ones):
        ticket = _new_ticket(engine, number)
        least.append(timed(lambda: _note(engine)) * 1000)
        own.append(timed(lambda t=ticket, n=number: _link(engine, t, n % BUGS + 1)) * 1000)  # type: ignore[misc]
    late = quantiles(own, n=100)[98]
    quiet = min(median(some) for some in batches(own))
    beside = (
        f"median of all {median(own):.1f}, p99 {late:.1f} ms; "
        f"beside {median(least):.2f} ms for one bare insert and commit"
    )
    what = f"Re-rank after one ticket, median of the quietest {BATCH}"
    return at_most(what, quiet, ONE_MS, "ms", beside)


def batches(many: Sequence[float]) -> Iterator[Sequence[float]]:
    """Cut a series into pieces, of which one may have met a quiet machine."""
    for start in range(0, len(many), BATCH):
        yield many[start : start + BATCH]


def _new_ticket(engine: Engine, number: int) -> int:
    with Session(engine) as db:
        made = Ticket(
            source_id=1,
            external_id=f"new-{number}",
            subject="It hangs",
            status=TicketStatus.open,
            customer_id=number % 2_000 + 1,
            created_at=BORN,
            updated_at=BORN,
        )
        db.add(made)
        db.commit()
        assert made.id is not None
        return made.id


def _note(engine: Engine) -> None:
    with Session(engine) as db:
        db.add(Activity(at=NOW, actor="benchmark", verb="floor"))
        db.commit()


def _link(engine: Engine, ticket: int, bug: int) -> None:
    with Session(engine) as db:
        links.link(db, [ticket], bug, actor="benchmark", at=NOW + timedelta(seconds=1))


def _drift(engine: Engine) -> Figure:
    """Count the scores that a full computation would give otherwise."""
    with Session(engine) as db:
        kept = db.exec(select(BugScore).order_by(col(BugScore.bug_id))).all()
        before = [each.model_dump() for each in kept]
        rankings.rerank(db, actor="benchmark", at=NOW)
        after = [each.model_dump() for each in db.exec(select(BugScore)).all()]
    after.sort(key=lambda row: row["bug_id"])
    wrong = sum(a != b for a, b in zip(before, after, strict=True))
    beside = f"of {len(after):,} scores, those kept up ticket by ticket beside a full computation"
    return at_most("Scores that drifted", wrong, 0, "scores", beside)


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
