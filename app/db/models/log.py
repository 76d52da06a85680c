"""What happened, once, in order; what was answered, forgotten and decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.db.models.columns import json_type, unset_json


class Activity(SQLModel, table=True):
    """One note per action, append-only.  Live pages, audits and reports read this.

    `bugs` are further bugs whose figures the action changed, so that open pages show them anew.
    `digest` stands for what the note says, salted, and `seal` for it and every note before it
    (app.core.chain).  A note is changed only by erasing a person from it: then `salt` goes too.
    `undo` is what taking the action back needs: no part of what the note says, so not sealed.
    """

    __table_args__ = (Index("ix_activity_actor", "actor", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str
    verb: str
    sprint_id: int | None = Field(default=None, foreign_key="sprint.id")
    bug_id: int | None = Field(default=None, foreign_key="bug.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    source_id: int | None = Field(default=None, foreign_key="source.id")
    detail: str = ""
    bugs: list[int] = Field(default_factory=list, sa_type=json_type)
    salt: str = ""
    digest: str = ""
    seal: str = ""
    erased: bool = False
    undo: dict[str, Any] | None = Field(default=None, sa_type=unset_json)


class AuditAnchor(SQLModel, table=True):
    """Up to which note the log was pruned, and the seal that the next one goes on from: one row."""

    __tablename__ = "audit_anchor"

    id: int = Field(default=1, primary_key=True)
    pruned_through: int = 0
    seal: str = ""


class IdempotencyKey(SQLModel, table=True):
    """What a program was answered, so that asking again changes nothing.

    `fingerprint` stands for method, address and body: the same key with another one is refused.
    `status` is None while the first request is still being served.
    """

    __tablename__ = "idempotency_key"

    who: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    status: int | None = None
    media_type: str = ""
    body: str = Field(default="", sa_type=Text)
    at: datetime = Field(index=True)


class Erasure(SQLModel, table=True):
    """Somebody was forgotten; `subject` is a keyed pseudonym that finds them again in a copy."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject: str = Field(index=True)
    by: str
    at: datetime


class Setting(SQLModel, table=True):
    """What an administrator decided on a page, by name; absent: the default."""

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=json_type)
    by: str
    at: datetime
