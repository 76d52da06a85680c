"""The page models that several views share."""

from datetime import datetime

from pydantic import BaseModel

from app.core.vocabulary import (
    Effort,
    ItemState,
    Lane,
    LinkOrigin,
    LinkState,
    Severity,
    TicketStatus,
)


class BoardRow(BaseModel):
    """One bug on the board: the same for everybody, so no name of a person outside the teams.

    `live_rank` is its place in today's ranking of all open bugs (None: no customer evidence, or
    closed); `share` its score relative to the board's highest, 0 to 1; `arr_band` a word.
    """

    id: int
    source: str
    external_id: str
    url: str | None
    key: str
    title: str
    state: ItemState
    state_word: str
    lane: Lane
    team: str | None
    team_id: int | None
    area: str | None
    severity: Severity | None
    effort: Effort | None
    frozen_rank: int | None
    live_rank: int | None
    score: float
    share: float
    tickets: int
    customers: int
    recent_tickets: int
    arr_band: str
    first_report: datetime | None
    waiting_days: int
    owner: str | None
    claimed_at: datetime | None
    resolved_at: datetime | None
    why: str
    reasons: list[str]
    version: int


class NoteLine(BaseModel):
    """One line of activity, as a sentence."""

    id: int
    at: datetime
    actor: str
    verb: str
    text: str
    bug_id: int | None


class TeamChoice(BaseModel):
    """A team one may claim for or assign to."""

    id: int
    key: str
    name: str


class LinkLine(BaseModel):
    """A bug to which a ticket is linked or might be."""

    id: int
    bug_id: int
    key: str
    title: str
    state: LinkState
    origin: LinkOrigin
    importance: int


class TicketRow(BaseModel):
    """One ticket; `text` is None for those who may not read it."""

    id: int
    source: str
    external_id: str
    url: str | None
    subject: str
    text: str | None
    status: TicketStatus
    priority: str | None
    type: str | None
    customer: str | None
    tier: str | None
    tags: list[str]
    own_tags: list[str]
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    reopens: int
    csat: str | None
    links: list[LinkLine]
