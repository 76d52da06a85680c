"""When things happen by themselves.  What happens is in app.actions."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from sqlmodel import Session

from app.actions import auditing, erasing, leases, rankings, retention, scores
from app.actions import sources as sources_action
from app.actions.connect import Connect
from app.actions.sync import Progress, Sync
from app.core.errors import AppError
from app.db.models import Source
from app.db.queries import rankings as rankings_rows
from app.db.queries import sources
from integrations.errors import SourceError

log = logging.getLogger("bugsprint.jobs")
LEASE = timedelta(minutes=5)
DAILY = timedelta(days=1)
RANK_EVERY = timedelta(minutes=10)
HOLDER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Jobs:
    """Every job, its beat, and the lease that keeps it from running twice."""

    connect: Connect
    sync_every: timedelta

    def schedule(self) -> BackgroundScheduler:
        """Return a scheduler that has not started; a late run is made up for once."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every beat
        scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
        )
        beats: list[tuple[str, Callable[[], object], timedelta]] = [
            ("sync", self.sync_all, self.sync_every),
            ("rank", self.rank_for_today, RANK_EVERY),
            ("retention", self.let_go, DAILY),
            ("audit", self.check_the_log, DAILY),
            ("scrub", self.scrub, RANK_EVERY),
        ]
        for name, run, every in beats:
            scheduler.add_job(
                run, "interval", id=name, seconds=every.total_seconds(), next_run_time=self._now()
            )
        return scheduler

    def sync_all(self) -> None:
        """Read every source that is not paused."""
        with Session(self.connect.engine) as db:
            wanted = [source for source in sources.sources(db) if _is_due(source)]
        for source in wanted:
            name = f"sync:{source.name}"
            self._leased(name, self.sync_every, partial(self.sync, source, lease=name))

    def rank_for_today(self) -> str:
        """Compute every score anew once a day has begun."""
        return self._leased("rank", RANK_EVERY, self._rank) or "another process does it"

    def let_go(self) -> str:
        """Let go of what was kept long enough."""
        return self._leased("retention", DAILY, self._let_go) or "another process does it"

    def _let_go(self) -> str:
        with Session(self.connect.engine) as db:
            return retention.apply(db, at=self._now())

    def check_the_log(self) -> str:
        """Verify the log of activity, and write its head where the database cannot reach."""
        return self._leased("audit", DAILY, self._check_the_log) or "another process does it"

    def _check_the_log(self) -> str:
        with Session(self.connect.engine) as db:
            verdict = auditing.check_and_remember(db, at=self._now())
        level = logging.INFO if verdict.broken_at is None else logging.ERROR
        log.log(level, "audit: %s Whole head: %s", auditing.said(verdict), verdict.head)
        return auditing.said(verdict)

    def scrub(self) -> str:
        """Take off the disk what an erasure could not take off at once."""
        run = partial(erasing.scrub_now, self.connect.engine)
        return self._leased("scrub", RANK_EVERY, lambda: run() or "done") or "another does it"

    def sync(self, source: Source, lease: str | None = None) -> str:
        """Read one source, holding on to the lease; returns one sentence on how it went."""
        assert source.id is not None
        try:
            connector = self.connect.to(source)
        except (AppError, SourceError) as error:
            return self._unreachable(source, str(error))
        try:
            clock, vault = self.connect.clock, self.connect.vault
            run = Sync(self.connect.engine, source.id, connector, vault, clock)
            if lease:
                run.progress = self._holding(lease)
            outcome = run.run()
        except Exception as error:
            name = type(error).__name__
            self._unreachable(source, f"The reading was stopped by a defect of ours ({name}).")
            raise
        finally:
            connector.close()
        return outcome.failed or f"{outcome.kept} records"

    def _holding(self, name: str) -> Progress:
        """Return a progress function that keeps a long run's lease from ending."""
        with Session(self.connect.engine) as db:
            held = sources.lease(db, name)
        fence = held.fence if held else 0
        due = self._now() + LEASE / 3

        def hold(_stream: str, _kept: int, _total: int | None) -> None:
            nonlocal due
            if self._now() < due:
                return
            due = self._now() + LEASE / 3
            with Session(self.connect.engine) as db:
                leases.extend(db, name, fence, until=self._now() + LEASE)

        return hold

    def _unreachable(self, source: Source, why: str) -> str:
        with Session(self.connect.engine) as db:
            sources_action.mark_failing(db, source.name, why, at=self._now())
        return why

    def _rank(self) -> str:
        at = self._now()
        with Session(self.connect.engine) as db:
            state = rankings_rows.ranking_state(db)
            if state is not None and state.as_of == scores.start_of_day(at):
                return "true for today already"
            return f"{rankings.rerank(db, actor='Bugsprint', at=at)} bugs"

    def _leased(self, name: str, every: timedelta, run: Callable[[], str]) -> str | None:
        with Session(self.connect.engine) as db:
            fence = leases.take(db, name, holder=HOLDER, at=self._now(), length=LEASE, every=every)
        if fence is None:
            return None
        result = self._guarded(name, run)
        with Session(self.connect.engine) as db:
            leases.end(db, name, fence, at=self._now(), result=result[:500])
        return result

    def _guarded(self, name: str, run: Callable[[], str]) -> str:
        try:
            return run()
        except Exception as error:  # the job edge: a failed run is recorded, the next one comes
            log.exception("job %s failed", name)
            return f"failed: {type(error).__name__}"

    def _now(self) -> datetime:
        return self.connect.clock()


def _is_due(source: Source) -> bool:
    return not source.paused and bool(source.options.get("enabled", True))
