"""The plan: a proposal with reasons, or what was committed."""

from collections.abc import Mapping
from datetime import date, datetime
from json import loads
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from app.core.plan_facts import EFFORT_DAYS
from app.core.planning import Assignment, Candidate, Crew, Load, Rejection, plan
from app.core.vocabulary import Discipline, Effort, ItemState, Lane
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
    """A bug that a team takes, or that none takes, and why.

    `holder`: who has it now, where that is not the team that was given it at the commit.
    """

    id: int
    bug_id: int
    source: str
    external_id: str
    url: str | None
    key: str
    title: str
    rank: int
    score: float
    effort: Effort | None
    effort_days: float
    needs: list[Discipline] = []
    lane: Lane | None
    reasons: list[str]
    pinned: bool
    declined: bool
    blocked_by: str | None = None
    missing: list[str] = []
    bundle: str | None = None
    holder: str | None = None


class TeamPlan(BaseModel):
    """One team's share of the plan; days are person-days.

    `reserved_days` are left to its choice, and `free_days` no bug of the plan fills.
    """

    team: TeamChoice
    capacity_days: float
    reserved_days: float
    planned_days: float
    free_days: float
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
    """Every sprint, newest first, on one page."""

    items: list[SprintHead]
    next: None = None


SHOWN_REJECTED = 100
Names = Mapping[int, Mapping[str, Any]]


def plan_page(db: Session, slug: str, *, at: datetime) -> PlanPage:
    """Show the proposal for a sprint or, once it is committed, what was frozen."""
    sprint = find_sprint(db, slug)
    if sprint.committed_at is not None:
        return _committed(db, sprint, at)
    made = instance(db, sprint, live_places(db), as_of=first_instant(at))
    proposed = plan(made)
    facts = {each.bug_id: each for each in made.candidates}
    names = _names(db, list(facts))
    crews = {crew.team_id: crew for crew in made.crews}
    lines = [
        (each.team_id, _taken(each, facts[each.bug_id], names)) for each in proposed.assignments
    ]
    rejected = sorted(
        (_left(each, facts[each.bug_id], names) for each in proposed.rejections),
        key=lambda line: line.rank,
    )
    teams = [
        _team_plan(load, crews[load.team_id], [li for team, li in lines if team == load.team_id])
        for load in proposed.loads
    ]
    return _page(db, sprint, teams, rejected, at)


def _names(db: Session, bug_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return what each bug is called, here and at its source."""
    sources = bugs.source_names(db)
    found = bugs.bugs_by_id(db, bug_ids)
    return {number: _named(bug, sources[bug.source_id]) for number, bug in found.items()}


def _named(bug: Bug, source: str) -> dict[str, Any]:
    ours = {"id": bug.id, "bug_id": bug.id, "source": source}
    return ours | {name: getattr(bug, name) for name in ("external_id", "url", "key", "title")}


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
        lines = [_frozen(*row) for row in frozen if row[0].frozen_team_id == crew.team_id]
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


def _frozen(
    item: SprintItem, bug: Bug, _score: object, team: str | None, _area: object, source: str
) -> PlanLine:
    return PlanLine(
        **_named(bug, source),
        holder=(team or "no team") if item.team_id != item.frozen_team_id else None,
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


def _taken(given: Assignment, bug: Candidate, names: Names) -> PlanLine:
    reasons = [reason.text for reason in given.reasons]
    return _line(bug, names, reasons, days=given.effort_days, lane=given.lane)


def _left(out: Rejection, bug: Candidate, names: Names) -> PlanLine:
    return _line(bug, names, [out.reason.text], days=0.0, lane=None)


def _line(
    bug: Candidate, names: Names, reasons: list[str], *, days: float, lane: Lane | None
) -> PlanLine:
    return PlanLine(
        **names[bug.bug_id],
        rank=bug.rank,
        score=bug.score,
        effort=bug.effort,
        effort_days=days,
        lane=lane,
        reasons=reasons,
        pinned=bug.pinned_team is not None,
        declined=bug.declined is not None,
        needs=list(bug.needs),
        blocked_by=bug.blocked_by,
        missing=list(bug.missing),
        bundle=bug.bundle,
    )


def _team_plan(load: Load, crew: Crew, lines: list[PlanLine]) -> TeamPlan:
    planned = sum(load.lane_days.values())
    return TeamPlan(
        team=TeamChoice(id=crew.team_id, key=crew.key, name=crew.label),
        capacity_days=load.capacity_days,
        reserved_days=round(load.capacity_days - load.plannable_days, 9),
        planned_days=planned,
        free_days=round(max(0.0, load.plannable_days - planned), 9),
        by_lane=dict(load.lane_days),
        lines=sorted(lines, key=lambda line: line.rank),
    )
