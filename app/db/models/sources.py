"""Where the data comes from, how far it was read, and what could not be read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import RunKind, RunState, SourceState
from app.db.models.columns import json_type, words


class Source(SQLModel, table=True):
    """One connected Zendesk, tracker or file; `secrets` is encrypted and never shown.

    `changed_at`: the newest change upstream that reading has brought.  `hook_at`,
    `hook_verdict`, `hook_good_at`: the last webhook delivery, what became of it, and the last
    one that was accepted.
    `hook_secrets`: how many secrets may sign one, two while one replaces another; since when.
    `clock_skew_seconds`: how far our clock was ahead of the source's when it was last read.
    `live`: the kinds of outgoing messages that are really sent; all others are only drafted.
    """

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    name: str = Field(unique=True)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=json_type)
    secrets: str = Field(default="", sa_type=Text)
    paused: bool = False
    state: SourceState = Field(default=SourceState.never, sa_type=words(SourceState))
    note: str = ""
    added_at: datetime
    tried_at: datetime | None = None
    good_at: datetime | None = None
    changed_at: datetime | None = None
    hook_at: datetime | None = None
    hook_verdict: str = ""
    hook_good_at: datetime | None = None
    hook_secrets: int = 0
    hook_secret_at: datetime | None = None
    clock_skew_seconds: int | None = None
    live: list[str] = Field(default_factory=list, sa_type=json_type)


class Stream(SQLModel, table=True):
    """How far one stream of a source was read; the position means something to it alone."""

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    name: str = Field(primary_key=True)
    position: str = Field(default="", sa_type=Text)
    state: SourceState = Field(default=SourceState.never, sa_type=words(SourceState))
    note: str = ""
    read_at: datetime | None = None
    kept: int = 0


class DeadLetter(SQLModel, table=True):
    """A record that could not be read, with the reason, until somebody looks at it."""

    __tablename__ = "dead_letter"
    __table_args__ = (UniqueConstraint("source_id", "stream", "payload_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    stream: str
    external_id: str | None = None
    reason: str
    payload: str = Field(sa_type=Text)
    payload_hash: str
    at: datetime


class HookDelivery(SQLModel, table=True):
    """A webhook delivery that was accepted, so that its repetition changes nothing."""

    __tablename__ = "hook_delivery"

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    delivery_id: str = Field(primary_key=True)
    at: datetime = Field(index=True)


class Reread(SQLModel, table=True):
    """A record of a source that a webhook said has changed, to be read again soon."""

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    external_id: str = Field(primary_key=True)
    asked_at: datetime
    tries: int = 0


class SourceRun(SQLModel, table=True):
    """The last run of each kind that somebody started from a page: a test, a count, an import.

    `counts`: by stream, how many records came and how many are expected (None: not known).
    `found`: what a test or a count found.  `told_at` is the last sign of life of a running one;
    `stop`: somebody wants it to end.
    """

    __tablename__ = "source_run"

    source_id: int = Field(primary_key=True, foreign_key="source.id")
    kind: RunKind = Field(primary_key=True, sa_type=words(RunKind))
    state: RunState = Field(default=RunState.running, sa_type=words(RunState))
    said: str = ""
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=json_type)
    found: dict[str, Any] = Field(default_factory=dict, sa_type=json_type)
    stop: bool = False
    started_at: datetime
    told_at: datetime
    ended_at: datetime | None = None


class RateWindow(SQLModel, table=True):
    """The moments at which a vendor's limited address was last asked, for all processes."""

    __tablename__ = "rate_window"

    bucket: str = Field(primary_key=True)
    used: list[float] = Field(default_factory=list, sa_type=json_type)
    version: int = 0


class JobLease(SQLModel, table=True):
    """Who runs a job now; a run that died is taken over when its lease ends."""

    __tablename__ = "job_lease"

    name: str = Field(primary_key=True)
    holder: str = ""
    fence: int = 0
    locked_until: datetime
    last_started: datetime
    last_finished: datetime | None = None
    last_result: str = ""
