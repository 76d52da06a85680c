"""Teams and their capacity, alphabetically; never a total per person."""

from collections.abc import Sequence
from datetime import date

from pydantic import BaseModel
from sqlmodel import Session

from app.core.plan_facts import EFFORT_DAYS
from app.core.vocabulary import LEFT, RESOLVED, Effort, ItemState
from app.db.models import Member, SprintItem, Team
from app.db.queries import sprints, teams
from app.db.queries.planning import days_of
from app.views.shell import SprintHead, head, initials


class MemberLine(BaseModel):
    """One member's days in the sprint."""

    name: str
    initials: str
    discipline: str
    days: float
    leave_days: float
    lead: bool


class TeamCard(BaseModel):
    """A team: what it can do, what it has taken, and what it owns; days are person-days.

    `person_days` are before the focus factor and after `leave_days`; `claimed_days` is the part
    of `load_days` that is claimed or fixed.
    """

    id: int
    key: str
    name: str
    areas: list[str]
    members: list[MemberLine]
    person_days: float
    leave_days: float
    capacity_days: float
    fixed_capacity: float | None
    focus_factor: float
    load_days: float
    claimed_days: float
    share: float
    claimed_share: float
    assigned: int
    claimed: int
    fixed: int
    verdict: str


class Teams(BaseModel):
    """Every team, on one page."""

    sprint: SprintHead | None
    items: list[TeamCard]
    next: None = None
    unowned_areas: list[str]


EASY, FULL = 0.8, 1.1
IN_HAND = RESOLVED | {ItemState.claimed}


def team_cards(db: Session, *, today: date) -> Teams:
    """Show every team with what the sprint under way asks of it."""
    current = sprints.current_sprint(db)
    items = sprints.items(db, current.id) if current and current.id else []
    members: dict[int, list[Member]] = {}
    for member in teams.members(db):
        members.setdefault(member.team_id, []).append(member)
    areas = teams.areas(db)
    cards = [
        _card(
            team,
            members.get(team.id or 0, []),
            [item for item in items if item.team_id == team.id],
            [area.name for area in areas if area.team_id == team.id],
        )
        for team in teams.teams(db)
    ]
    return Teams(
        sprint=head(current, today=today) if current else None,
        items=cards,
        unowned_areas=[area.name for area in areas if area.team_id is None],
    )


def _card(
    team: Team, members: Sequence[Member], items: Sequence[SprintItem], areas: list[str]
) -> TeamCard:
    capacity = days_of(team, members)
    taken = [item for item in items if item.state not in LEFT]
    load, claimed = _days(taken), _days([item for item in taken if item.state in IN_HAND])
    share = load / capacity if capacity else 0.0
    return TeamCard(
        id=team.id or 0,
        key=team.key,
        name=team.name,
        areas=areas,
        members=[_member(member) for member in members],
        person_days=_person_days(team, members),
        leave_days=sum(member.leave_days for member in members),
        capacity_days=capacity,
        fixed_capacity=team.capacity_days,
        focus_factor=team.focus_factor,
        load_days=load,
        claimed_days=claimed,
        share=share,
        claimed_share=claimed / capacity if capacity else 0.0,
        assigned=len(taken),
        claimed=sum(item.state == ItemState.claimed for item in items),
        fixed=sum(item.state in RESOLVED for item in items),
        verdict=_verdict(capacity, load),
    )


def _verdict(capacity: float, load: float) -> str:
    if not capacity:
        return "needs help" if load else "no capacity stated"
    share = load / capacity
    return "has room" if share < EASY else "needs help" if share > FULL else "full"


def _days(items: Sequence[SprintItem]) -> float:
    return sum(EFFORT_DAYS[item.effort or Effort.M] for item in items)


def _person_days(team: Team, members: Sequence[Member]) -> float:
    if team.capacity_days is not None:
        return team.capacity_days
    return sum(max(0.0, member.days - member.leave_days) for member in members)


def _member(member: Member) -> MemberLine:
    return MemberLine(
        name=member.name,
        initials=initials(member.name),
        discipline=member.discipline.value,
        days=member.days,
        leave_days=member.leave_days,
        lead=member.lead,
    )
