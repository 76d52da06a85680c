"""Sources: how each stands, in words, and what could not be read."""

from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.vocabulary import SourceState
from app.db.models import DeadLetter, Source, Stream
from app.db.queries import sources
from app.views.forms import secret_names
from app.views.hooks import HookLine, hook_line
from app.views.pace import pace
from app.views.runs import Runs, runs_of
from integrations import CONNECTORS
from integrations.answers import clock_warning


class StreamLine(BaseModel):
    """One stream of a source."""

    name: str
    state: SourceState
    note: str
    kept: int
    read_at: datetime | None


class DeadLine(BaseModel):
    """A record that could not be read."""

    id: int
    stream: str
    external_id: str | None
    reason: str
    at: datetime


class SourceCard(BaseModel):
    """One source; secrets are never shown again, only which ones are set."""

    id: int
    name: str
    kind: str
    state: SourceState
    state_word: str
    note: str
    clock: str = ""
    remedy: str
    paused: bool
    address: str
    options: dict[str, str]
    secrets: list[str]
    tried_at: datetime | None
    good_at: datetime | None
    streams: list[StreamLine]
    dead: int
    dead_letters: list[DeadLine]
    hook: HookLine | None = None
    next_at: datetime | None = None
    due: bool = False
    lag: str = ""
    quota: str = ""
    secret_names: list[str] = Field(default_factory=list)
    runs: Runs = Field(default_factory=Runs)


class Sources(BaseModel):
    """Every source."""

    items: list[SourceCard]
    kinds: list[str]
    next: None = None


STATE_WORDS = {
    SourceState.never: "not read yet",
    SourceState.ok: "up to date",
    SourceState.degraded: "partly read",
    SourceState.failing: "failing",
}
ADDRESSES = ("base_url", "subdomain", "path")
SHOWN_LETTERS = 20


Tails = Callable[[str], list[str]]


def _unopened(_sealed: str) -> list[str]:
    return ["secrets"]


def source_cards(
    db: Session,
    tails: Tails = _unopened,
    at: datetime | None = None,
    every: timedelta | None = None,
) -> Sources:
    """Show every source with its streams and unread records.

    `tails` names what is sealed; `at` is there to say how long ago something was, and `every`
    how often sources are read.
    """
    dead = sources.count_dead_letters(db)
    runs = runs_of(db, at=at) if at else {}
    cards = [
        _card(db, each, dead.get(each.id or 0, 0), tails).model_copy(
            update={
                "hook": hook_line(each, at),
                "runs": runs.get(each.id or 0, Runs()),
                "secret_names": secret_names(each.kind),
                **(pace(db, each, at, every) if at and every else {}),
            }
        )
        for each in sources.sources(db)
    ]
    return Sources(items=[c for c in cards if "~" not in c.name], kinds=sorted(CONNECTORS))


def _card(db: Session, source: Source, dead: int, tails: Tails) -> SourceCard:
    assert source.id is not None
    letters = sources.dead_letters(db, source.id, limit=SHOWN_LETTERS) if dead else []
    options = {name: str(value) for name, value in source.options.items()}
    address = next((name for name in ADDRESSES if options.get(name)), "")
    return SourceCard(
        id=source.id,
        name=source.name,
        kind=source.kind,
        state=source.state,
        state_word="paused" if source.paused else STATE_WORDS[source.state],
        note=source.note,
        clock=clock_words(source),
        remedy=_remedy(source),
        paused=source.paused,
        address=options.get(address, ""),
        options={name: value for name, value in options.items() if name != address},
        secrets=tails(source.secrets) if source.secrets else [],
        tried_at=source.tried_at,
        good_at=source.good_at,
        streams=[_stream(each) for each in sources.streams(db, source.id)],
        dead=dead,
        dead_letters=[_letter(each) for each in letters],
    )


def clock_words(source: Source) -> str:
    """Explain a clock that differs from the source's by more than a minute."""
    return clock_warning(source.clock_skew_seconds, source.name) or ""


def _remedy(source: Source) -> str:
    if source.state == SourceState.failing:
        return "What was read before is kept; the next run goes on from there."
    if source.state == SourceState.degraded:
        return "Everything else is up to date; only the parts named above are missing."
    return ""


def _stream(stream: Stream) -> StreamLine:
    return StreamLine(
        name=stream.name,
        state=stream.state,
        note=stream.note,
        kept=stream.kept,
        read_at=stream.read_at,
    )


def _letter(letter: DeadLetter) -> DeadLine:
    return DeadLine(
        id=letter.id or 0,
        stream=letter.stream,
        external_id=letter.external_id,
        reason=letter.reason,
        at=letter.at,
    )
