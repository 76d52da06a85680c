"""The plan: a proposal with reasons, or what was committed."""

from collections.abc import Mapping
from datetime import date, datetime
from json import loads

from pydantic import BaseModel
from sqlmodel import Session

from app.core.plan_facts import EFFORT_DAYS
from app.core.planning import Assignment, Candidate, Crew, Load, Rejection, plan
from app.core.vocabulary import Effort, ItemState, Lane
from app.db.models import Bug, Sprint, SprintItem
from app.db.queries import bugs, rankings, sprints
from app.db.queries.planning import crews as crews_of
from app.db.queries.planning import instance
from app.views.boards import find_sprint
from app.views.models import TeamChoice
from app.views.places import live_places, shown_score
from app.views.rows import first_instant
from app.views.shell import SprintHead, head


class PlanLine(BaseModel):
    """A bug that a team takes, or that none takes, and why."""

    bug_id: int
    key: str
    title: str
    rank: int
    score: float
    effort: Effort | None
    effort_days: float
    lane: Lane | None
    reasons: list[str]
    pinned: bool
    declined: bool


class TeamPlan(BaseModel):
    """One team's share of the plan; days are person-days."""

    team: TeamChoice
    capacity_days: float
    reserved_days: float
    planned_days: float
    by_lane: dict[Lane, float]
    lines: list[PlanLine]


class PlanPage(BaseModel):
    """A sprint's plan.  `frozen_hash` and `committed_at` are set once it is committed."""

    sprint: SprintHead
    choice_share: float
    candidates: int
    planned: int
    value: float
    teams: list[TeamPlan]
    rejected: list[PlanLine]
    more_rejected: int
    frozen_hash: str | None
    committed_at: datetime | None


class SprintList(BaseModel):
    """Every sprint, newest first."""

    items: list[SprintHead]


SHOWN_REJECTED = 100


def plan_page(db: Session, slug: str, *, at: datetime) -> PlanPage:
    """Show the proposal for a sprint or, once it is committed, what was frozen."""
    sprint = find_sprint(db, slug)
    if sprint.committed_at is not None:
        return _committed(db, sprint, at)
    made = instance(db, sprint, live_places(db), as_of=first_instant(at))
    proposed = plan(made)
    facts = {each.bug_id: each for each in made.candidates}
    keys = {number: bug.key for number, bug in bugs.bugs_by_id(db, list(facts)).items()}
    crews = {crew.team_id: crew for crew in made.crews}
    lines = [
        (each.team_id, _taken(each, facts[each.bug_id], keys)) for each in proposed.assignments
    ]
    rejected = sorted(
        (_left(each, facts[each.bug_id], keys) for each in proposed.rejections),
        key=lambda line: line.rank,
    )
    teams = [
        _team_plan(load, crews[load.team_id], [li for team, li in lines if team == load.team_id])
        for load in proposed.loads
    ]
    return _page(db, sprint, teams, rejected, at)


def _page(
    db: Session, sprint: Sprint, teams: list[TeamPlan], rejected: list[PlanLine], at: datetime
) -> PlanPage:
    lines = [line for team in teams for line in team.lines]
    shown = shown_score(db)
    for line in (*lines, *rejected):
        line.score = shown(line.score)
    return PlanPage(
        sprint=head(sprint, today=at.date()),
        choice_share=sprint.choice_share,
        candidates=len(lines) + len(rejected),
        planned=len(lines),
        value=sum(line.score for line in lines),
        teams=teams,
        rejected=rejected[:SHOWN_REJECTED],
        more_rejected=max(0, len(rejected) - SHOWN_REJECTED),
        frozen_hash=sprints.snapshot_hash(db, sprint),
        committed_at=sprint.committed_at,
    )


def _committed(db: Session, sprint: Sprint, at: datetime) -> PlanPage:
    """Show the plan as it was frozen, whatever the live list says by now."""
    assert sprint.id is not None
    frozen = [row for row in sprints.board_rows(db, sprint.id) if row[0].frozen_rank is not None]
    teams = []
    for crew in crews_of(db):
        lines = [_frozen(item, bug) for item, bug, *_ in frozen if item.team_id == crew.team_id]
        lanes = {lane: sum(li.effort_days for li in lines if li.lane == lane) for lane in Lane}
        reserved = crew.capacity_days * sprint.choice_share
        load = Load(crew.team_id, crew.capacity_days, crew.capacity_days - reserved, lanes, 0, 0)
        teams.append(_team_plan(load, crew, lines))
    page = _page(db, sprint, teams, [], at)
    return page.model_copy(update={"candidates": _listed(db, sprint)})


def _listed(db: Session, sprint: Sprint) -> int:
    """Count the bugs of the frozen list that hurt somebody."""
    frozen = rankings.snapshot(db, sprint.snapshot_id) if sprint.snapshot_id else None
    return sum(1 for bug in loads(frozen.body)["bugs"] if bug["customers"]) if frozen else 0


def _frozen(item: SprintItem, bug: Bug) -> PlanLine:
    return PlanLine(
        bug_id=item.bug_id,
        key=bug.key,
        title=bug.title,
        rank=item.frozen_rank or 0,
        score=item.frozen_score or 0.0,
        effort=item.effort,
        effort_days=EFFORT_DAYS[item.effort or Effort.M],
        lane=item.lane,
        reasons=list(item.reasons),
        pinned=False,
        declined=item.state == ItemState.declined,
    )


def sprint_list(db: Session, *, today: date) -> SprintList:
    """Show every sprint."""
    return SprintList(items=[head(each, today=today) for each in sprints.all_sprints(db)])


def _taken(given: Assignment, bug: Candidate, keys: Mapping[int, str]) -> PlanLine:
    reasons = [reason.text for reason in given.reasons]
    return _line(bug, keys, reasons, days=given.effort_days, lane=given.lane)


def _left(out: Rejection, bug: Candidate, keys: Mapping[int, str]) -> PlanLine:
    return _line(bug, keys, [out.reason.text], days=0.0, lane=None)


def _line(
    bug: Candidate, keys: Mapping[int, str], reasons: list[str], *, days: float, lane: Lane | None
) -> PlanLine:
    return PlanLine(
        bug_id=bug.bug_id,
        key=keys[bug.bug_id],
        title=bug.name,
        rank=bug.rank,
        score=bug.score,
        effort=bug.effort,
        effort_days=days,
        lane=lane,
        reasons=reasons,
        pinned=bug.pinned_team is not None,
        declined=bug.declined is not None,
    )


def _team_plan(load: Load, crew: Crew, lines: list[PlanLine]) -> TeamPlan:
    return TeamPlan(
        team=TeamChoice(id=crew.team_id, key="", name=crew.label),
        capacity_days=load.capacity_days,
        reserved_days=load.capacity_days - load.plannable_days,
        planned_days=sum(load.lane_days.values()),
        by_lane=dict(load.lane_days),
        lines=sorted(lines, key=lambda line: line.rank),
    )
