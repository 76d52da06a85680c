"""What happened, once, in order."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Activity(SQLModel, table=True):
    """One note per action, append-only.  Live pages, audits and reports read this."""

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


class Answered(SQLModel, table=True):
    """The answer given to a write with an Idempotency-Key, to be given again."""

    key: str = Field(primary_key=True)
    actor: str = Field(primary_key=True)
    request_hash: str
    status: int
    body: str
    at: datetime
