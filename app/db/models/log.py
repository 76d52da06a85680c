"""What happened, once, in order."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.db.models.columns import json_type


class Activity(SQLModel, table=True):
    """One note per action, append-only.  Live pages, audits and reports read this.

    `bugs` are further bugs whose figures the action changed, so that open pages show them anew.
    """

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
