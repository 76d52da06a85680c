"""The plan: a proposal with reasons, or what was committed."""

from datetime import datetime

from pydantic import BaseModel

from app.core.vocabulary import Effort, Lane
from app.views.models import TeamChoice
from app.views.shell import SprintHead


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
