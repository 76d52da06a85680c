"""The nouns of the fictional company: customers, people, tickets and the bugs of its tracker."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Status = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
Reason = Literal["completed", "not_planned", "duplicate", "reopened"]

SYSTEM = -1
"""Zendesk's author id for what its own automation does."""


@dataclass(slots=True)
class Organization:
    """A customer that signed a contract."""

    id: int
    name: str
    domains: tuple[str, ...]
    plan: str | None
    arr: int | None
    renewal: date | None
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class Person:
    """An agent, or somebody who writes tickets; `listed` is False when the row is missing."""

    id: int
    name: str
    email: str | None
    role: Literal["end-user", "agent", "admin"]
    organization: int | None
    created_at: datetime
    active: bool = True
    listed: bool = True


@dataclass(slots=True)
class Comment:
    """One message of a ticket."""

    id: int
    at: datetime
    author: int
    body: str
    public: bool


@dataclass(slots=True)
class Rating:
    """An answered satisfaction question."""

    id: int
    ticket: int
    score: Literal["good", "bad"]
    at: datetime


@dataclass(slots=True)
class TicketEvent:
    """One change of a ticket, as the event export tells it."""

    id: int
    at: datetime
    ticket: int
    updater: int
    changes: dict[str, object]
    comment: Comment | None = None


@dataclass(slots=True)
class Ticket:
    """A conversation; `generated` is the export's own stamp in epoch seconds."""

    id: int
    subject: str
    body: str
    requester: int
    organization: int | None
    created_at: datetime
    updated_at: datetime
    generated: int
    priority: str | None
    type: str | None
    area: str | None
    bug_field: str | None
    channel: str
    tags: list[str]
    status: Status = "new"
    assignee: int | None = None
    group: int | None = None
    problem: int | None = None
    solved_at: datetime | None = None
    reopens: int = 0
    scrubbed: bool = False
    rating: Rating | None = None
    comments: list[Comment] = field(default_factory=list)


@dataclass(slots=True)
class Remark:
    """A comment on a bug."""

    id: int
    at: datetime
    login: str
    body: str


@dataclass(slots=True)
class Bug:
    """One issue of the tracker; `gone` says how it left: moved, hidden or deleted."""

    id: int
    title: str
    body: str
    reporter: str
    area: str
    labels: list[str]
    created_at: datetime
    updated_at: datetime
    open: bool
    reason: Reason | None = None
    closed_at: datetime | None = None
    assignees: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    duplicate_of: int | None = None
    gone: Literal["moved", "hidden", "deleted"] | None = None
    is_pull: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """A change that will happen: `kind` is ticket.* or issue.*, `subject` the id it is about."""

    at: datetime
    order: int
    kind: str = field(compare=False)
    subject: int = field(compare=False)
    detail: str = field(default="", compare=False)
