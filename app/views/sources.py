"""Sources: how each stands, in words, and what could not be read."""

from datetime import datetime

from pydantic import BaseModel

from app.core.vocabulary import SourceState


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

    name: str
    kind: str
    state: SourceState
    state_word: str
    note: str
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


class Sources(BaseModel):
    """Every source."""

    items: list[SourceCard]
    kinds: list[str]
