"""Teams and their capacity, alphabetically; never a total per person."""

from pydantic import BaseModel

from app.views.shell import SprintHead


class MemberLine(BaseModel):
    """One member's days in the sprint."""

    name: str
    initials: str
    discipline: str
    days: float
    leave_days: float
    lead: bool


class TeamCard(BaseModel):
    """A team: what it can do, what it has taken, and what it owns; days are person-days."""

    id: int
    key: str
    name: str
    areas: list[str]
    members: list[MemberLine]
    capacity_days: float
    fixed_capacity: float | None
    focus_factor: float
    load_days: float
    share: float
    assigned: int
    claimed: int
    fixed: int
    verdict: str


class Teams(BaseModel):
    """Every team."""

    sprint: SprintHead | None
    items: list[TeamCard]
    unowned_areas: list[str]
