"""The ticket inbox: which bug is this ticket about?"""

from pydantic import BaseModel

from app.views.models import TicketRow


class Inbox(BaseModel):
    """Tickets, newest first.  `show`: waiting (no bug yet), suggested, linked, all."""

    rows: list[TicketRow]
    show: str
    q: str
    status: str
    waiting: int
    suggested: int
    linked: int
    total: int
    matching: int
    next: str | None


class BugChoice(BaseModel):
    """A bug that a ticket may be about."""

    id: int
    key: str
    title: str
    status: str
    tickets: int
    score: float


class BugChoices(BaseModel):
    """What a search for bugs found, worst first."""

    q: str
    items: list[BugChoice]
