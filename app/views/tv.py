"""What a screen on a wall shows: a sprint in figures, without anybody's name."""

from collections import defaultdict
from datetime import datetime, timedelta

from pydantic import BaseModel
from sqlmodel import Session

from app.core.privacy import masked
from app.core.ranking import waiting_days
from app.core.vocabulary import RESOLVED, ItemState
from app.db.models import Wallboard
from app.db.queries import sources, sprints, wallboards
from app.db.queries.wallboards import Fix
from app.views.shell import SprintHead, head
from app.views.strip import Header, header

OLD = timedelta(minutes=5)
TEAMS, FIXES = 16, 6


class TeamLine(BaseModel):
    """A team's bugs; the team's name is not a person's."""

    name: str
    open: int
    claimed: int
    fixed: int
    all: int


class FixLine(BaseModel):
    """A bug that was fixed lately, in words that name nobody."""

    title: str
    area: str | None
    team: str | None
    state: ItemState
    customers: int
    waited_days: int


class Wall(BaseModel):
    """A wallboard as of `at`; `data_at`: when the oldest data was read, `old`: too long ago."""

    label: str
    at: datetime
    data_at: datetime | None
    old: bool
    sprint: SprintHead | None
    header: Header | None
    teams: list[TeamLine]
    more_teams: int
    fixes: list[FixLine]


class WallboardLine(BaseModel):
    """A wallboard, without its link; `state`: good, revoked or ended."""

    id: int
    label: str
    made_by: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None
    state: str


class Wallboards(BaseModel):
    """Every wallboard; `made` is a new one's address, which is shown this once."""

    items: list[WallboardLine]
    made: str = ""
    made_label: str = ""


def wall(db: Session, label: str, *, at: datetime) -> Wall:
    """Show the sprint people mean to whoever passes by."""
    data_at = _data_at(db)
    sprint = sprints.current_sprint(db)
    if sprint is None or sprint.id is None:
        return Wall(
            label=label, at=at, data_at=data_at, old=_old(data_at, at),
            sprint=None, header=None, teams=[], more_teams=0, fixes=[],
        )  # fmt: skip
    lines = _teams(db, sprint.id)
    return Wall(
        label=label,
        at=at,
        data_at=data_at,
        old=_old(data_at, at),
        sprint=head(sprint, today=at.date()),
        header=header(db, sprint, at=at),
        teams=lines[:TEAMS],
        more_teams=max(0, len(lines) - TEAMS),
        fixes=[_fix(each) for each in wallboards.newest_fixes(db, sprint.id, limit=FIXES)],
    )


def _data_at(db: Session) -> datetime | None:
    found = [s.good_at for s in sources.sources(db) if s.good_at and not s.paused]
    return min(found, default=None)


def _old(data_at: datetime | None, at: datetime) -> bool:
    return data_at is not None and at - data_at > OLD


def _teams(db: Session, sprint_id: int) -> list[TeamLine]:
    by_team: dict[str, dict[ItemState, int]] = defaultdict(dict)
    for team, state, items in wallboards.team_counts(db, sprint_id):
        by_team[team or ""][state] = items
    return [
        _team(name, by_team[name]) for name in sorted(by_team, key=lambda n: (not n, n.casefold()))
    ]


def _team(name: str, states: dict[ItemState, int]) -> TeamLine:
    fixed = sum(items for state, items in states.items() if state in RESOLVED)
    claimed, every = states.get(ItemState.claimed, 0), sum(states.values())
    return TeamLine(
        name=name or "No team yet",
        open=every - fixed - claimed,
        claimed=claimed,
        fixed=fixed,
        all=every,
    )


def _fix(fix: Fix) -> FixLine:
    first = fix.first_report
    return FixLine(
        title="" if fix.named else masked(fix.title),
        area=fix.area,
        team=fix.team,
        state=fix.state,
        customers=fix.customers or 0,
        waited_days=int(waiting_days(first, fix.resolved_at)) if first else 0,
    )


def wallboard_list(db: Session, *, at: datetime) -> Wallboards:
    """List wallboards, newest first."""
    return Wallboards(items=[_line(each, at) for each in wallboards.wallboards(db)])


def state_of(wallboard: Wallboard, at: datetime) -> str:
    """Say how a wallboard's link stands: good, revoked or ended."""
    if wallboard.revoked_at:
        return "revoked"
    return "ended" if wallboard.expires_at <= at else "good"


def _line(each: Wallboard, at: datetime) -> WallboardLine:
    return WallboardLine(
        id=each.id or 0,
        label=each.label,
        made_by=each.made_by,
        created_at=each.created_at,
        expires_at=each.expires_at,
        seen_at=each.seen_at,
        state=state_of(each, at),
    )
