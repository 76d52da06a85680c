"""What people start at sources from a page: a test at once, a count or a reading beside it."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.actions import runs
from app.actions.connect import Connect, noun_of
from app.actions.counting import Counting, Tally
from app.actions.intake_bugs import area_rules
from app.actions.outcomes import Stopped
from app.actions.runs import Teller
from app.actions.sync import Progress
from app.core.errors import AppError
from app.core.privacy import masked, veiled
from app.core.vocabulary import RunKind, RunState, SourceState
from app.db.models import Source
from app.db.queries import runs as rows
from integrations.contract import Identity
from integrations.errors import SourceError

log = logging.getLogger("bugsprint.starting")
ORDER = {"bugs": 0, "any": 1, "tickets": 2}
"""Bugs come first, so that tickets find them."""
DEFECT = "It was stopped by a defect of ours ({}); the log says more."


def beside(run: Callable[[], None]) -> None:
    """Run something beside the request; it ends with the process."""

    def guarded() -> None:
        try:
            run()
        except Exception:  # the edge of a thread: the database may be away, which the log says
            log.exception("what was started from a page could not be ended in order")

    Thread(target=guarded, name="started from a page", daemon=True).start()


@dataclass(frozen=True)
class Starter:
    """Starts what people ask for.

    `read` brings one source up to date and says how that went, `rank` orders what came.
    """

    connect: Connect
    read: Callable[[Source, Progress], str]
    rank: Callable[[], None]
    spawn: Callable[[Callable[[], None]], None] = beside

    def test(self, db: Session, source: Source, *, at: datetime) -> None:
        """Try the connection, and keep what was found for the page."""
        key = (source.id or 0, RunKind.test)
        db.expunge(source)
        db.rollback()  # nobody waits for our transaction while we wait for the source
        state, said, found = self._tried(source)
        rows.begin(db, key, at=at)
        rows.end(db, key, state, said, at=at, found=found)
        db.commit()

    def _tried(self, source: Source) -> tuple[RunState, str, dict[str, Any]]:
        try:
            connector = self.connect.to(source, hurry=True)
            try:
                identity = connector.check()
            finally:
                connector.close()
        except (AppError, SourceError) as error:
            return RunState.failed, str(error), {}
        return RunState.done, "", shown(identity, noun_of(source.kind))

    def count(self, db: Session, wanted: Sequence[Source], *, at: datetime) -> None:
        """Count what would come from some sources, beside the request."""
        self._start(db, wanted, RunKind.dry_run, self._count_all, at=at)

    def reading(self, db: Session, wanted: Sequence[Source], *, at: datetime) -> None:
        """Read some sources, beside the request; the regular reading goes on from there."""
        self._start(db, wanted, RunKind.reading, self._read_all, at=at)

    def _start(
        self,
        db: Session,
        wanted: Sequence[Source],
        kind: RunKind,
        run: Callable[[list[Source]], None],
        *,
        at: datetime,
    ) -> None:
        ordered = in_order(wanted)
        runs.begin(db, ordered, kind, at=at)
        self.spawn(partial(run, ordered))

    def _count_all(self, wanted: list[Source]) -> None:
        names: set[str] = set()
        for source in wanted:
            teller = self._teller(source, RunKind.dry_run)
            try:
                self._count(source, teller, names)
            except (AppError, SourceError) as error:
                teller.end(_ended_by(error), str(error))
            except Exception as error:  # the edge of a thread: what failed is shown and logged
                log.exception("counting %s failed", source.name)
                teller.end(RunState.failed, DEFECT.format(type(error).__name__))

    def _count(self, source: Source, teller: Teller, names: set[str]) -> None:
        engine, began = self.connect.engine, self.connect.clock()
        with Session(engine) as db:
            tally = Tally(area_rules(db), names)
        connector = self.connect.to(source)
        try:
            counted = Counting(engine, teller.source_id, connector, teller, tally.look).run()
        finally:
            connector.close()
        seconds = (self.connect.clock() - began).total_seconds()
        with Session(engine) as db:
            found = tally.found(db) | {"closed": counted.closed, "seconds": round(seconds, 1)}
        teller.end(RunState.done, "", found)

    def _read_all(self, wanted: list[Source]) -> None:
        for source in wanted:
            teller = self._teller(source, RunKind.reading)
            try:
                said = self.read(source, teller)
                teller.end(_outcome(self.connect.engine, teller), said)
            except Exception as error:  # the edge of a thread: what failed is shown and logged
                log.exception("reading %s failed", source.name)
                teller.end(RunState.failed, DEFECT.format(type(error).__name__))
        self.rank()

    def _teller(self, source: Source, kind: RunKind) -> Teller:
        return Teller(self.connect.engine, source.id or 0, kind, self.connect.clock)


def in_order(wanted: Iterable[Source]) -> list[Source]:
    """Return sources with those that bring bugs before those that name them."""
    return sorted(wanted, key=lambda each: (ORDER.get(noun_of(each.kind), 1), each.name))


def shown(found: Identity, noun: str) -> dict[str, Any]:
    """Return what a test found, as it may be kept: of tickets no sentence can be read."""
    veil = veiled if noun == "tickets" else masked
    return {
        "who": found.who,
        "scopes": list(found.scopes),
        "quota": found.quota,
        "clock_skew_seconds": found.clock_skew_seconds,
        "samples": [veil(sample)[:120] for sample in found.samples],
        "warnings": list(found.warnings),
    }


def _ended_by(error: Exception) -> RunState:
    return RunState.stopped if isinstance(error, Stopped) else RunState.failed


def _outcome(engine: Engine, teller: Teller) -> RunState:
    if teller.stopped:
        return RunState.stopped
    with Session(engine) as db:
        source = db.get(Source, teller.source_id)
        read = source is not None and source.state in {SourceState.ok, SourceState.degraded}
    return RunState.done if read else RunState.failed
