"""What hurts: customers, their tickets, bugs, and the links between them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import (
    CustomerKind,
    LinkOrigin,
    LinkState,
    Resolution,
    Severity,
    StatusCategory,
    TicketStatus,
    Visibility,
)
from app.db.models.columns import json_type, words


class Customer(SQLModel, table=True):
    """An organisation; else a company domain; else one requester."""

    __table_args__ = (UniqueConstraint("source_id", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    kind: CustomerKind = Field(sa_type=words(CustomerKind))
    name: str
    tier: str | None = None
    arr_cents: int | None = Field(default=None, sa_type=BigInteger)
    renewal_on: date | None = None
    domains: list[str] = Field(default_factory=list, sa_type=json_type)
    deleted: bool = False


class Ticket(SQLModel, table=True):
    """One Zendesk conversation; a deleted one stays as a tombstone.

    `requester` is a keyed pseudonym; None: unknown, or erased.
    """

    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("ix_ticket_problem", "source_id", "problem_external_id"),
        Index("ix_ticket_created", "created_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    url: str | None = None
    subject: str
    text: str = Field(default="", sa_type=Text)
    status: TicketStatus = Field(sa_type=words(TicketStatus), index=True)
    priority: str | None = None
    type: str | None = None
    tags: list[str] = Field(default_factory=list, sa_type=json_type)
    own_tags: list[str] = Field(
        default_factory=list, sa_type=json_type, sa_column_kwargs={"server_default": "[]"}
    )
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    requester: str | None = None
    problem_external_id: str | None = None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None = Field(default=None, index=True)
    reopens: int = 0
    csat: str | None = None
    csat_system: str | None = None
    stamp: int = Field(default=0, sa_type=BigInteger)


class Bug(SQLModel, table=True):
    """One defect, as its tracker knows it.  `duplicate_of_id` names the bug that stands for it."""

    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_of_itself"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    external_id: str
    key: str
    url: str | None = None
    title: str
    text: str = Field(default="", sa_type=Text)
    type: str | None = None
    status_raw: str
    status_category: StatusCategory = Field(sa_type=words(StatusCategory), index=True)
    resolution: Resolution | None = Field(default=None, sa_type=words(Resolution))
    priority_raw: str | None = None
    severity: Severity | None = Field(default=None, sa_type=words(Severity))
    labels: list[str] = Field(default_factory=list, sa_type=json_type)
    components: list[str] = Field(default_factory=list, sa_type=json_type)
    assignees: list[str] = Field(default_factory=list, sa_type=json_type)
    reporter: str | None = None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    visibility: Visibility = Field(default=Visibility.ok, sa_type=words(Visibility))
    duplicate_of_id: int | None = Field(default=None, foreign_key="bug.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id", index=True)


class BugName(SQLModel, table=True):
    """Every name a bug ever had (key, number, URL, id), in the form references are compared in."""

    __tablename__ = "bug_name"

    name: str = Field(primary_key=True)
    bug_id: int = Field(primary_key=True, foreign_key="bug.id", index=True)


class Mention(SQLModel, table=True):
    """A bug named in a ticket, kept even while no such bug is known yet."""

    ticket_id: int = Field(primary_key=True, foreign_key="ticket.id")
    name: str = Field(primary_key=True, index=True)
    origin: LinkOrigin = Field(primary_key=True, sa_type=words(LinkOrigin))


class Link(SQLModel, table=True):
    """Ticket ↔ bug.  A rejected link stays, so that it is not proposed again."""

    __table_args__ = (
        UniqueConstraint("ticket_id", "bug_id"),
        CheckConstraint("importance BETWEEN 1 AND 3", name="importance"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id")
    bug_id: int = Field(foreign_key="bug.id", index=True)
    state: LinkState = Field(sa_type=words(LinkState))
    origin: LinkOrigin = Field(sa_type=words(LinkOrigin))
    importance: int = 1
    decided_by: str | None = None
    made_at: datetime


class Merge(SQLModel, table=True):
    """Two bugs are one, said a person or a tracker; kept so that unmerging restores exactly.

    Without `into_id` a person said that they are not, whatever the tracker says.
    """

    id: int | None = Field(default=None, primary_key=True)
    bug_id: int = Field(foreign_key="bug.id", unique=True)
    into_id: int | None = Field(default=None, foreign_key="bug.id", index=True)
    by: str
    at: datetime


class BugScore(SQLModel, table=True):
    """What a bug costs customers at the ranking's `as_of`; derived from links, never edited."""

    __tablename__ = "bug_score"

    bug_id: int = Field(primary_key=True, foreign_key="bug.id")
    score: float = Field(index=True)
    customers: int
    tickets: int
    recent_tickets: int
    first_report: datetime | None = None
    last_report: datetime | None = None
    arr_cents: int = Field(sa_type=BigInteger)


class StaleScore(SQLModel, table=True):
    """A bug whose links changed after its score was stored; rescored when the page is done."""

    __tablename__ = "stale_score"

    bug_id: int = Field(primary_key=True, foreign_key="bug.id")


class Rating(SQLModel, table=True):
    """One answered satisfaction question."""

    __table_args__ = (UniqueConstraint("source_id", "system", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id")
    system: str
    external_id: str
    ticket_external_id: str = Field(index=True)
    score: str
    at: datetime
