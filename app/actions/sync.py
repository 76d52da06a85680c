"""Bring one source up to date: page by page, rows and position in one transaction each."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, OperationalError
from sqlmodel import Session

from app.actions import rankings
from app.actions.collector import many_rows
from app.actions.counting import Counting
from app.actions.disguise import BLANK, Disguise, disguise
from app.actions.intake import Intake
from app.actions.outcomes import DryRun, Outcome, Stopped, newest
from app.actions.printable import without_nul
from app.actions.vault import Vault
from app.core.sentences import counted
from app.core.vocabulary import SourceState
from app.db import table_sizes
from app.db.engine import is_busy, repeatable
from app.db.models import Source
from app.db.queries import activity, bugs, links, sources
from app.db.queries import rankings as stale
from integrations.contract import Connector, Page
from integrations.errors import Denied, Misconfigured, PartlyDenied, SourceError

Progress = Callable[[str, int, int | None], None]
Guard = Callable[[Session], None]


def _silent(_stream: str, _kept: int, _total: int | None) -> None:
    """Show no progress."""


def _free(_db: Session) -> None:
    """Let everything be written: nobody else runs this."""


TRIES_WHEN_BUSY = 5
PAYLOAD_LIMIT = 20_000
SHOWN_BUGS = 200
REMOVED = "The source was removed while it was being read."
MOST_LOOKED_UP = 50


@dataclass
class Sync:
    """One source, its connector, and what a run of it needs.

    `wanted`: external ids that a webhook named; a bug among them that no list brings is asked for.
    `guard` is called first in every transaction; it raises when the run must not write any more.
    """

    engine: Engine
    source_id: int
    connector: Connector
    vault: Vault
    clock: Callable[[], datetime]
    progress: Progress = _silent
    wanted: frozenset[str] = frozenset()
    guard: Guard = _free
    _unread: frozenset[str] = frozenset()

    def run(self, *, full: bool = False) -> Outcome:
        """Read every stream to its end; what was read before a failure is kept.

        A stream that is closed to us degrades itself only; any other failure ends the run.
        """
        with many_rows.run():
            return self._run(full=full)

    def _run(self, *, full: bool) -> Outcome:
        outcome, closed = Outcome(), 0
        self._begin(full=full)
        for stream in self.connector.streams:
            try:
                self._read(stream, outcome)
            except Denied as error:
                closed += not isinstance(error, PartlyDenied)
                outcome.degraded = list(dict.fromkeys([*outcome.degraded, str(error)]))
                self._mark(stream, SourceState.degraded, str(error))
            except SourceError as error:
                outcome.failed, outcome.stopped = str(error), isinstance(error, Stopped)
                self._mark(stream, outcome.state, str(error))
                break
        if closed == len(self.connector.streams):
            # A source of which every part is closed was not read, however politely it said so.
            outcome.failed, outcome.degraded = " ".join(outcome.degraded), []
        if self.wanted and not outcome.failed:
            self._ask_for_the_rest(outcome)
        self._finish(outcome)
        return outcome

    def dry_run(self) -> DryRun:
        """Count what a run would bring, by stream; nothing is stored."""
        return Counting(self.engine, self.source_id, self.connector, self.progress).run()

    def _begin(self, *, full: bool) -> None:
        with self._writing() as db:
            self._source(db).tried_at = self.clock()
            if full:
                sources.forget_positions(db, self.source_id)

    def _read(self, stream: str, outcome: Outcome) -> None:
        with Session(self.engine) as db:
            position = sources.stream(db, self.source_id, stream).position
            self._unread = sources.dead_ids(db, self.source_id, stream)
            db.rollback()
        known: dict[str, int] = {}
        count = 0
        for page in self.connector.pages(stream, position):
            count += self._write(stream, page, known, outcome)
            self.progress(stream, count, page.total)
            if page.present is not None:
                self._bury_missing(stream, page.present, outcome)
        self._mark(stream, SourceState.ok, "")

    def _write(self, stream: str, page: Page, known: dict[str, int], outcome: Outcome) -> int:
        for attempt in range(TRIES_WHEN_BUSY):
            try:
                return self._write_once(stream, page, known, outcome)
            except OperationalError as error:
                known.clear()
                if not is_busy(error) or attempt == TRIES_WHEN_BUSY - 1:
                    raise
            except DataError:
                known.clear()
                if attempt:
                    raise
                page = without_nul(page)
        return 0

    def _write_once(self, stream: str, page: Page, known: dict[str, int], outcome: Outcome) -> int:
        with self._writing() as db:
            intake = self._intake(db, known)
            count = intake.keep(page)
            if self._unread:
                self._answer_letters(db, stream, page)
            sources.keep_dead_letters(db, self._dead(stream, page, intake.disguise))
            sources.move_on(db, (self.source_id, stream), page.position, count, at=self.clock())
        outcome.kept += count
        outcome.rejected += len(page.rejected)
        outcome.changed += intake.changed_items
        if self.wanted:
            outcome.met |= {str(getattr(each, "external_id", "")) for each in page.records}
        outcome.newest = max(filter(None, (outcome.newest, newest(page))), default=None)
        return count

    def _intake(self, db: Session, known: dict[str, int]) -> Intake:
        source = sources.setup(db, self.source_id)
        if source is None:
            raise Misconfigured(REMOVED)
        keep_text = bool(source.options.get("keep_text", True))
        at = self.clock()
        hidden = disguise(db, source, self.vault, at=at)
        return Intake(db, self.source_id, source.name, hidden, at, keep_text, known)

    def _answer_letters(self, db: Session, stream: str, page: Page) -> None:
        """Drop dead letters of records that can be read by now, but none of this very run."""
        self._unread -= {each.external_id for each in page.rejected if each.external_id}
        read = {getattr(record, "external_id", None) for record in page.records}
        sources.drop_dead_letters(db, self.source_id, stream, sorted(self._unread & read))

    def _dead(self, stream: str, page: Page, hidden: Disguise) -> list[dict[str, object]]:
        return [
            {
                "source_id": self.source_id,
                "stream": stream,
                "external_id": each.external_id,
                "reason": each.reason,
                "payload": BLANK
                if hidden.speaks_of_forgotten(each.payload)
                else each.payload[:PAYLOAD_LIMIT],
                "payload_hash": sha256(each.payload.encode()).hexdigest(),
                "at": self.clock(),
            }
            for each in page.rejected
        ]

    def _bury_missing(self, stream: str, present: Iterable[str], outcome: Outcome) -> None:
        """Ask one by one for bugs that the source no longer lists."""
        with Session(self.engine) as db:
            shown = bugs.shown_bugs(db, self.source_id)
            missing = {k: v for k, v in shown.items() if k not in set(present)}
            db.rollback()
        if len(missing) > 10 and len(missing) * 2 > len(shown):
            raise Denied(
                f"{len(missing)} of {len(shown)} bugs vanished at once; "
                "this looks like a lost permission, so nothing was marked as deleted."
            )
        self._look_up(stream, missing, outcome)

    def _ask_for_the_rest(self, outcome: Outcome) -> None:
        """Ask one by one for bugs that a webhook named and no list brought: gone, or moved."""
        rest = sorted(self.wanted - outcome.met)[:MOST_LOOKED_UP]
        with Session(self.engine) as db:
            known = bugs.known_bugs(db, self.source_id, rest)
            ids = {key: bug.id for key, bug in known.items() if bug.id is not None}
            db.rollback()
        try:
            self._look_up(self.connector.streams[0], ids, outcome)
        except SourceError as error:
            outcome.degraded.append(str(error))

    def _look_up(self, stream: str, missing: Mapping[str, int], outcome: Outcome) -> None:
        with Session(self.engine) as db:
            names = bugs.names_of(db, list(missing.values()))
            db.rollback()
        known = [(key, tuple(names[bug_id])) for key, bug_id in missing.items()]
        found = list(self.connector.look_up(known)) if known else []
        if found:
            with Session(self.engine) as db:
                position = sources.stream(db, self.source_id, stream).position
                db.rollback()
            self._write(stream, Page(records=found, position=position), {}, outcome)

    def _mark(self, stream: str, state: SourceState, note: str) -> None:
        with self._writing() as db:
            place = sources.stream(db, self.source_id, stream)
            place.state, place.note = state, note

    def _finish(self, outcome: Outcome) -> None:
        at = self.clock()
        with self._writing() as db:
            stale.mark_stale(db, links.follow_problems(db, at=at))
            if outcome.kept >= table_sizes.MANY_ROWS:
                table_sizes.look_again(db)
        with Session(self.engine) as db:
            outcome.changed += rankings.rescore_stale(db, at=at)
        with self._writing() as db:
            source = self._source(db)
            source.state = outcome.state
            source.note = outcome.failed or " ".join(outcome.degraded)
            skew = getattr(self.connector, "clock_skew_seconds", None)  # files have no clock
            source.clock_skew_seconds = None if skew is None else round(skew)
            if not outcome.failed:
                source.good_at = at
            if outcome.newest:
                # Lists repeat what is known: only what changed later than all before is a change.
                fresh = min(outcome.newest, at)
                source.changed_at = max(source.changed_at or fresh, fresh)
            if outcome.kept or outcome.changed:
                self._note(db, source, outcome, at)

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(repeatable(self.engine)) as db:
            self.guard(db)
            yield db
            db.commit()

    def _note(self, db: Session, source: Source, outcome: Outcome, at: datetime) -> None:
        activity.note(
            db,
            at=at,
            actor=source.name,
            verb="synced",
            source_id=source.id,
            detail=counted(outcome.kept, "record"),
            bugs=list(dict.fromkeys(outcome.changed))[:SHOWN_BUGS],
        )

    def _source(self, db: Session) -> Source:
        found = db.get(Source, self.source_id)
        if found is None:
            raise Misconfigured(REMOVED)
        return found
