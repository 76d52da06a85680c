"""The sprint board, as people and programs see it."""

from pydantic import BaseModel

from app.views.models import BoardRow, NoteLine, TeamChoice
from app.views.shell import SprintHead


class Point(BaseModel):
    """One day of the burn-up: how much was in scope and how much was fixed by its end."""

    day: str
    scope: int
    fixed: int


class Header(BaseModel):
    """The numbers above the list; fixed ≠ released ≠ told."""

    scope: int
    open: int
    claimed: int
    fixed: int
    released: int
    reopened: int
    left: int
    tickets: int
    tickets_resolved: int
    customers: int
    burnup: list[Point]


class Board(BaseModel):
    """A sprint's bugs, worst first.  `latest` is the activity id for which this is true."""

    sprint: SprintHead
    header: Header
    rows: list[BoardRow]
    total: int
    matching: int
    next: str | None
    q: str
    state: str
    team: str
    lane: str
    teams: list[TeamChoice]
    notes: list[NoteLine]
    latest: int
