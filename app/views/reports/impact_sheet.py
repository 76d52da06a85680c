"""What stands on the impact sheet."""

from datetime import datetime

from pydantic import BaseModel

from app.views.shell import SprintHead
from app.views.strip import Point


class FixLine(BaseModel):
    """One fixed bug: whom it helped and how long they had waited."""

    bug_id: int
    key: str
    title: str
    team: str | None
    fixed_at: datetime
    tickets: int
    customers: int
    arr_band: str
    customer_days: int
    oldest_days: int


class TeamLine(BaseModel):
    """One team, alphabetically: what it fixed and whom that helped."""

    team: str
    assigned: int
    fixed: int
    open: int
    tickets_resolved: int
    customers_helped: int


class Leftover(BaseModel):
    """A bug of the scope that is not fixed, its state in words, and why in a sentence."""

    bug_id: int
    key: str
    title: str
    state_word: str
    team: str | None
    customers: int
    why: str


class Impact(BaseModel):
    """The report.  Tickets resolved by a fix and closed without one are never summed.

    `arr_touched` is exact for those who may know it, else None.  `tickets_behind` and
    `customers_affected` are everything confirmed for the sprint's bugs: what the others are of.
    """

    sprint: SprintHead
    headline: str
    meaning: str
    scope: int
    fixed: int
    reopened: int
    left: int
    tickets_behind: int
    tickets_by_fix: int
    tickets_without_fix: int
    tickets_waiting: int
    customers_helped: int
    customers_affected: int
    arr_touched: float | None
    arr_band: str
    customer_days: int
    oldest_days: int
    oldest_bug: str | None
    burnup: list[Point]
    fixes: list[FixLine]
    more_fixes: int
    teams: list[TeamLine]
    leftovers: list[Leftover]
    more_leftovers: int
    as_of: datetime
    policy_version: int | None
    data_hash: str | None
