"""The plan: a proposal with reasons, or what was committed."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core.planning import Assignment, Candidate, Crew, Load, Rejection, plan
from app.core.vocabulary import Effort, Lane
from app.db.queries import bugs, sprints
from app.db.queries.planning import instance
from app.views.boards import find_sprint
from app.views.models import TeamChoice
from app.views.places import live_places
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
    """Show the proposal for a sprint, or the plan that was committed."""
    sprint = find_sprint(db, slug)
    assert sprint.id is not None
    places = live_places(db)
    made = instance(db, sprint, places, as_of=first_instant(at))
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
    return PlanPage(
        sprint=head(sprint, today=at.date()),
        choice_share=sprint.choice_share,
        candidates=len(facts),
        planned=len(lines),
        value=sum(line.score for _, line in lines),
        teams=[
            _team_plan(
                load, crews[load.team_id], [li for team, li in lines if team == load.team_id]
            )
            for load in proposed.loads
        ],
        rejected=rejected[:SHOWN_REJECTED],
        more_rejected=max(0, len(rejected) - SHOWN_REJECTED),
        frozen_hash=sprints.snapshot_hash(db, sprint),
        committed_at=sprint.committed_at,
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
