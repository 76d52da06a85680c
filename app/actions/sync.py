"""Bring one source up to date: page by page, rows and position in one transaction each."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, OperationalError
from sqlmodel import Session

from app.actions import rankings
from app.actions.ahead import read_ahead
from app.actions.disguise import BLANK, Disguise, disguise
from app.actions.intake import Intake
from app.actions.printable import without_nul
from app.actions.vault import Vault
from app.core.vocabulary import SourceState
from app.db.engine import is_busy
from app.db.models import Source
from app.db.queries import activity, bugs, links, sources
from app.db.queries import rankings as stale
from integrations.contract import Connector, Page
from integrations.errors import Denied, Misconfigured, SourceError

Progress = Callable[[str, int, int | None], None]


def _silent(_stream: str, _kept: int, _total: int | None) -> None:
    """Show no progress."""


TRIES_WHEN_BUSY = 5
PAYLOAD_LIMIT = 20_000
SHOWN_BUGS = 200


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the collector rest: a page makes many rows and hardly any cycles."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], 50_000), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass
class Outcome:
    """What one run brought: records kept and refused, and what went wrong, in sentences."""

    kept: int = 0
    rejected: int = 0
    degraded: list[str] = field(default_factory=list)
    failed: str | None = None
    changed: list[int] = field(default_factory=list)

    @property
    def state(self) -> SourceState:
        """Say in one word how the run went."""
        if self.failed:
            return SourceState.failing
        return SourceState.degraded if self.degraded else SourceState.ok


@dataclass
class Sync:
    """One source, its connector, and what a run of it needs."""

    engine: Engine
    source_id: int
    connector: Connector
    vault: Vault
    clock: Callable[[], datetime]
    progress: Progress = _silent

    def run(self, *, full: bool = False) -> Outcome:
        """Read every stream to its end; what was read before a failure is kept.

        A stream that is closed to us degrades itself only; any other failure ends the run.
        """
        with _few_collections():
            return self._run(full=full)

    def _run(self, *, full: bool) -> Outcome:
        outcome = Outcome()
        self._begin(full=full)
        for stream in self.connector.streams:
            try:
                self._read(stream, outcome)
            except Denied as error:
                outcome.degraded.append(str(error))
                self._mark(stream, SourceState.degraded, str(error))
            except SourceError as error:
                outcome.failed = str(error)
                self._mark(stream, SourceState.failing, str(error))
                break
        self._finish(outcome)
        return outcome

    def dry_run(self) -> dict[str, int]:
        """Count what a run would bring, by stream; nothing is stored."""
        counts: dict[str, int] = {}
        with Session(self.engine) as db:
            positions = {s.name: s.position for s in sources.streams(db, self.source_id)}
        for stream in self.connector.streams:
            for page in self.connector.pages(stream, positions.get(stream, "")):
                counts[stream] = counts.get(stream, 0) + len(page.records)
                counts["refused"] = counts.get("refused", 0) + len(page.rejected)
                self.progress(stream, counts[stream], page.total)
        return counts

    def _begin(self, *, full: bool) -> None:
        with Session(self.engine) as db:
            self._source(db).tried_at = self.clock()
            if full:
                sources.forget_positions(db, self.source_id)
            db.commit()

    def _read(self, stream: str, outcome: Outcome) -> None:
        with Session(self.engine) as db:
            position = sources.stream(db, self.source_id, stream).position
            db.rollback()
        known: dict[str, int] = {}
        count = 0
        with read_ahead(self.connector.pages(stream, position)) as pages:
            for page in pages:
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
        with Session(self.engine) as db:
            intake = self._intake(db, known)
            count = intake.keep(page)
            sources.keep_dead_letters(db, self._dead(stream, page, intake.disguise))
            place = sources.stream(db, self.source_id, stream)
            place.position = page.position
            place.kept += count
            place.read_at = self.clock()
            db.commit()
        outcome.kept += count
        outcome.rejected += len(page.rejected)
        outcome.changed += intake.changed_items
        return count

    def _intake(self, db: Session, known: dict[str, int]) -> Intake:
        source = self._source(db)
        keep_text = bool(source.options.get("keep_text", True))
        at = self.clock()
        hidden = disguise(db, source, self.vault, at=at)
        return Intake(db, self.source_id, source.name, hidden, at, keep_text, known)

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
            names = bugs.names_of(db, list(missing.values()))
            db.rollback()
        if len(missing) > 10 and len(missing) * 2 > len(shown):
            raise Denied(
                f"{len(missing)} of {len(shown)} bugs vanished at once; "
                "this looks like a lost permission, so nothing was marked as deleted."
            )
        known = [(key, tuple(names[bug_id])) for key, bug_id in missing.items()]
        found = list(self.connector.look_up(known)) if known else []
        if found:
            with Session(self.engine) as db:
                position = sources.stream(db, self.source_id, stream).position
                db.rollback()
            self._write(stream, Page(records=found, position=position), {}, outcome)

    def _mark(self, stream: str, state: SourceState, note: str) -> None:
        with Session(self.engine) as db:
            place = sources.stream(db, self.source_id, stream)
            place.state, place.note = state, note
            db.commit()

    def _finish(self, outcome: Outcome) -> None:
        at = self.clock()
        with Session(self.engine) as db:
            touched = links.follow_problems(db, at=at)
            stale.mark_stale(db, touched)
            db.commit()
            outcome.changed += rankings.rescore_stale(db, at=at)
            source = self._source(db)
            source.state = outcome.state
            source.note = outcome.failed or " ".join(outcome.degraded)
            if not outcome.failed:
                source.good_at = at
            if outcome.kept or outcome.changed:
                self._note(db, source, outcome, at)
            db.commit()

    def _note(self, db: Session, source: Source, outcome: Outcome, at: datetime) -> None:
        activity.note(
            db,
            at=at,
            actor=source.name,
            verb="synced",
            source_id=source.id,
            detail=f"{outcome.kept} records",
            bugs=list(dict.fromkeys(outcome.changed))[:SHOWN_BUGS],
        )

    def _source(self, db: Session) -> Source:
        found = db.get(Source, self.source_id)
        if found is None:
            raise Misconfigured("The source was removed while it was being read.")
        return found
