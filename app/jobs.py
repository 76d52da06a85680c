"""When things happen by themselves.  What happens is in app.actions."""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.actions import (
    auditing,
    erasing,
    hooks,
    leases,
    rankings,
    repeats,
    rereading,
    retention,
    scores,
)
from app.actions import sources as sources_action
from app.actions.connect import Connect
from app.actions.sending import Sender
from app.actions.sync import Guard, Progress, Sync
from app.core.errors import AppError
from app.core.sentences import counted
from app.db.engine import read_only, trouble
from app.db.models import Source
from app.db.queries import rankings as rankings_rows
from app.db.queries import sources
from integrations.errors import SourceError

log = logging.getLogger("bugsprint.jobs")
LEASE = timedelta(minutes=5)
ELSEWHERE = "another process does it"
DAILY = timedelta(days=1)
RANK_EVERY = timedelta(minutes=10)
HINTS_EVERY = timedelta(seconds=10)
EARLY_EVERY = timedelta(minutes=1)
"""The least time between two early readings of a source, so that a flood of webhooks is one."""

FORGET_EVERY = timedelta(hours=6)
ANSWERS_EVERY = timedelta(hours=1)
SEND_EVERY = timedelta(minutes=1)
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
            ("hints", self.follow_hints, HINTS_EVERY),
            ("deliveries", self.forget_deliveries, FORGET_EVERY),
            ("outbox", self.send, SEND_EVERY),
            ("answers", self.forget_answers, ANSWERS_EVERY),
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
            self._fenced(name, self.sync_every, partial(self.sync, source))

    def follow_hints(self) -> None:
        """Read early what webhooks say has changed: by the lease, and as often, as any reading."""
        with Session(read_only(self.connect.engine)) as db:
            hints = rereading.due(db, at=self._now())
        for hint in hints:
            name = f"sync:{hint.source.name}"
            self._fenced(name, EARLY_EVERY, partial(self._follow, hint))

    def _follow(self, hint: rereading.Hint, guard: Guard) -> str:
        said = self.sync(hint.source, guard, wanted=hint.wanted)
        with Session(self.connect.engine) as db:
            rereading.done(db, hint)
        return said

    def forget_deliveries(self) -> str:
        """Drop the ids of webhook deliveries that are too old to come again."""
        return self._leased("deliveries", FORGET_EVERY, self._forget) or ELSEWHERE

    def _forget(self) -> str:
        with Session(self.connect.engine) as db:
            return f"{hooks.forget_old(db, at=self._now())} deliveries"

    def rank_for_today(self) -> str:
        """Compute every score anew once a day has begun."""
        return self._fenced("rank", RANK_EVERY, self._rank) or ELSEWHERE

    def let_go(self) -> str:
        """Let go of what was kept long enough."""
        return self._leased("retention", DAILY, self._let_go) or ELSEWHERE

    def _let_go(self) -> str:
        with Session(self.connect.engine) as db:
            return retention.apply(db, at=self._now())

    def check_the_log(self) -> str:
        """Verify the log of activity, and write its head where the database cannot reach."""
        return self._leased("audit", DAILY, self._check_the_log) or ELSEWHERE

    def _check_the_log(self) -> str:
        with Session(self.connect.engine) as db:
            verdict = auditing.check_and_remember(db, at=self._now())
        level = logging.INFO if verdict.broken_at is None else logging.ERROR
        log.log(level, "audit: %s Whole head: %s", auditing.said(verdict), verdict.head)
        return auditing.said(verdict)

    def scrub(self) -> str:
        """Take off the disk what an erasure could not take off at once."""
        run = partial(erasing.scrub_now, self.connect.engine)
        return self._leased("scrub", RANK_EVERY, lambda: run() or "done") or ELSEWHERE

    def forget_answers(self) -> str:
        """Forget what was answered to requests with a key, once nobody may repeat them."""
        return self._leased("answers", ANSWERS_EVERY, self._forget_answers) or ELSEWHERE

    def send(self, *, every: timedelta = SEND_EVERY) -> str:
        """Send what people approved, where sending is switched on."""
        return self._fenced("outbox", every, self._send) or ELSEWHERE

    def _send(self, guard: Guard) -> str:
        def hold() -> None:
            with Session(self.connect.engine) as db:
                leases.keep(db, guard)

        counts = Sender(self.connect, hold).run()
        return ", ".join(f"{count} {word}" for word, count in sorted(counts.items())) or "nothing"

    def sync(
        self,
        source: Source,
        guard: Guard | None = None,
        wanted: frozenset[str] = frozenset(),
        told: Progress | None = None,
    ) -> str:
        """Read one source; the guard stops it from writing once another process does it."""
        assert source.id is not None
        try:
            connector = self.connect.to(source)
        except (AppError, SourceError) as error:
            return self._unreachable(source, str(error))
        try:
            clock, vault = self.connect.clock, self.connect.vault
            run = Sync(self.connect.engine, source.id, connector, vault, clock, wanted=wanted)
            run.guard = guard or run.guard
            run.progress = told or run.progress
            outcome = run.run()
        except leases.LeaseLost:
            return ELSEWHERE
        except Exception as error:
            ours = f"The reading was stopped by a defect of ours ({type(error).__name__})."
            self._unreachable(source, _passing(error) or ours)
            raise
        finally:
            connector.close()
        return outcome.failed or counted(outcome.kept, "record")

    def read_now(self, source: Source, told: Progress) -> str:
        """Read a source because somebody asks for it, by the lease of its regular reading."""
        run = partial(self.sync, source, told=told)
        return self._fenced(f"sync:{source.name}", timedelta(0), run) or ELSEWHERE

    def rank_first(self) -> None:
        """Compute the first ranking, so that what was just read is in order at once."""
        with Session(self.connect.engine) as db:
            if rankings_rows.ranking_state(db) is None:
                rankings.rerank(db, actor="Bugsprint", at=self._now())

    def _unreachable(self, source: Source, why: str) -> str:
        with Session(self.connect.engine) as db:
            sources_action.mark_failing(db, source.name, why, at=self._now())
        return why

    def _rank(self, guard: Guard) -> str:
        at = self._now()
        with Session(self.connect.engine) as db:
            guard(db)
            state = rankings_rows.ranking_state(db)
            if state is not None and state.as_of == scores.start_of_day(at):
                return "true for today already"
            return counted(rankings.rerank(db, actor="Bugsprint", at=at), "bug")

    def _forget_answers(self) -> str:
        with Session(self.connect.engine) as db:
            return f"{repeats.forget(db, at=self._now())} answers"

    def _leased(self, name: str, every: timedelta, run: Callable[[], str]) -> str | None:
        """Run a job whose doubling would be harmless, once per beat over all processes."""
        return self._fenced(name, every, lambda _guard: run())

    def _fenced(self, name: str, every: timedelta, run: Callable[[Guard], str]) -> str | None:
        """Run a job once per beat; called first in a transaction, its guard keeps the lease."""
        try:
            with Session(self.connect.engine) as db:
                at = self._now()
                fence = leases.take(db, name, holder=HOLDER, at=at, length=LEASE, every=every)
            if fence is None:
                return None
            result = self._guarded(name, partial(run, self._guard(name, fence)))
            with Session(self.connect.engine) as db:
                leases.end(db, name, fence, at=self._now(), result=result[:500])
        except OperationalError as error:
            why = _passing(error)
            if why is None:
                raise
            log.warning("job %s is put off: %s", name, why)
            return why
        return result

    def _guard(self, name: str, fence: int) -> Guard:
        def guard(db: Session) -> None:
            leases.hold(db, name, fence, until=self._now() + LEASE)

        return guard

    def _guarded(self, name: str, run: Callable[[], str]) -> str:
        try:
            return run()
        except leases.LeaseLost:
            return ELSEWHERE
        except Exception as error:  # the job edge: a failed run is recorded, the next one comes
            log.exception("job %s failed", name)
            return _passing(error) or f"failed: {type(error).__name__}"

    def _now(self) -> datetime:
        return self.connect.clock()


def _passing(error: Exception) -> str | None:
    found = trouble(error) if isinstance(error, OperationalError) else None
    return found[1] if found else None


def _is_due(source: Source) -> bool:
    return not source.paused and bool(source.options.get("enabled", True))
