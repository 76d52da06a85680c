"""What somebody starts at a source from a page: how far it is, and whether it should end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.actions.outcomes import Stopped
from app.core.errors import Conflict, NotFound
from app.core.vocabulary import RunKind, RunState
from app.db.engine import is_busy
from app.db.models import Source, SourceRun
from app.db.queries import activity, runs, sources

SILENT = timedelta(minutes=10)
"""A run that gave no sign of life for so long has died with its process."""
WORDS = {RunKind.test: "tested", RunKind.dry_run: "counted", RunKind.reading: "read"}


def is_alive(run: SourceRun, at: datetime) -> bool:
    """Say whether a run is still under way."""
    return run.state is RunState.running and at - run.told_at < SILENT


def begin(db: Session, wanted: Sequence[Source], kind: RunKind, *, at: datetime) -> None:
    """Note that runs begin; none of them does while one of that kind is under way already."""
    for source in wanted:
        key = (source.id or 0, kind)
        known = runs.run(db, key)
        if known is not None and is_alive(known, at):
            raise Conflict(f"{source.name} is being {WORDS[kind]} already; wait, or stop that.")
        runs.begin(db, key, at=at)
    db.commit()


def stop(db: Session, name: str, *, actor: str, at: datetime) -> None:
    """End what is under way at a source after its current page, and do not read on by itself."""
    source = sources.source_by_name(db, name)
    if source is None or source.id is None:
        raise NotFound(f"There is no source “{name}”.")
    for kind in (RunKind.dry_run, RunKind.reading):
        runs.ask_to_stop(db, (source.id, kind))
    reading = runs.run(db, (source.id, RunKind.reading))
    if reading is not None and is_alive(reading, at) and not source.paused:
        source.paused = True
        activity.note(
            db, at=at, actor=actor, verb="source_paused", source_id=source.id, detail=name
        )
    db.commit()


@dataclass
class Teller:
    """Told by a run how far it is; raises Stopped once somebody wants that run to end."""

    engine: Engine
    source_id: int
    kind: RunKind
    clock: Callable[[], datetime]
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    stopped: bool = False

    def __call__(self, stream: str, count: int, total: int | None) -> None:
        """Note how far a stream is; a database that is busy is told with the next page."""
        self.counts[stream] = [count, total]
        if self._tell():
            self.stopped = True
            raise Stopped("It was stopped by hand; what was read is kept.")

    def _tell(self) -> bool:
        try:
            with Session(self.engine) as db:
                wanted = runs.tell(db, self._key, self.counts, at=self.clock())
                db.commit()
        except OperationalError as error:
            if not is_busy(error):
                raise
            return False
        return wanted

    def end(self, state: RunState, said: str, found: Mapping[str, Any] | None = None) -> None:
        """Note how the run ended, and what it found."""
        more = {"counts": self.counts} | ({"found": dict(found)} if found is not None else {})
        with Session(self.engine) as db:
            runs.end(db, self._key, state, said, at=self.clock(), **more)
            db.commit()

    @property
    def _key(self) -> tuple[int, RunKind]:
        return (self.source_id, self.kind)
