"""One bug: why it ranks where it does, whom it hurts, and what happened to it."""

from datetime import datetime

from pydantic import BaseModel

from app.core.vocabulary import LinkOrigin, LinkState, Resolution, StatusCategory, Visibility
from app.views.models import BoardRow, NoteLine, TeamChoice, TicketRow
from app.views.shell import SprintHead


class Stake(BaseModel):
    """What one customer adds to the score; the contributions sum to it.

    `arr` is exact for those who may know it, else None; `arr_band` is a word.
    """

    customer: str
    tier: str | None
    arr: float | None
    arr_band: str
    tickets: int
    importance: int
    waiting_days: int
    importance_points: float
    waiting_points: float
    ticket_points: float
    weight: float
    contribution: float
    share: float


class Why(BaseModel):
    """The score opened: severity factor × the stakes of its customers."""

    score: float
    severity_factor: float
    severity_known: bool
    policy_version: int
    as_of: datetime
    stakes: list[Stake]
    more_stakes: int
    best_place: int | None
    worst_place: int | None
    would_change: str | None


class LinkedTicket(BaseModel):
    """A ticket about this bug, and how sure that is."""

    link_id: int
    state: LinkState
    origin: LinkOrigin
    importance: int
    ticket: TicketRow


class Twin(BaseModel):
    """A bug that was merged into this one."""

    id: int
    key: str
    title: str
    by: str


class BugPage(BaseModel):
    """Everything about one bug.  `row` is None when it is in no sprint under way."""

    id: int
    source: str
    external_id: str
    key: str
    url: str | None
    title: str
    text: str
    status_raw: str
    status_category: StatusCategory
    resolution: Resolution | None
    visibility: Visibility
    labels: list[str]
    components: list[str]
    assignees: list[str]
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    area: str | None
    owner: str | None
    rank: int | None
    row: BoardRow | None
    sprint: SprintHead | None
    why: Why | None
    suggested: int
    tickets: list[LinkedTicket]
    more_tickets: int
    twins: list[Twin]
    stands_for: Twin | None
    notes: list[NoteLine]
    teams: list[TeamChoice]
