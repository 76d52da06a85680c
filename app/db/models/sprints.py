"""Sprints, what is in them, and the rankings they were made from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import Effort, ItemState, Lane, Phase
from app.db.models.columns import json_type, words


class RankingPolicy(SQLModel, table=True):
    """One saved version of the ranking's parameters; the newest one counts."""

    __tablename__ = "ranking_policy"

    id: int | None = Field(default=None, primary_key=True)
    params: dict[str, Any] = Field(sa_type=json_type)
    saved_by: str
    saved_at: datetime


class RankingState(SQLModel, table=True):
    """For which instant and policy the stored scores are true: one row.

    `version` grows whenever the order of open bugs may have changed.
    """

    __tablename__ = "ranking_state"

    id: int = Field(default=1, primary_key=True)
    as_of: datetime
    policy_id: int = Field(foreign_key="ranking_policy.id")
    version: int = 0


class RankingSnapshot(SQLModel, table=True):
    """A frozen ranked list; `body` is canonical JSON and `data_hash` its SHA-256."""

    __tablename__ = "ranking_snapshot"

    id: int | None = Field(default=None, primary_key=True)
    as_of: datetime
    policy_id: int = Field(foreign_key="ranking_policy.id")
    taken_at: datetime
    data_hash: str
    body: str = Field(sa_type=Text)


class Sprint(SQLModel, table=True):
    """One customer-obsessed sprint, in local dates; `choice_share` is left to the teams' choice."""

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("choice_share >= 0 AND choice_share <= 0.7", name="choice_share"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    starts_on: date
    ends_on: date
    phase: Phase = Field(default=Phase.pitch, sa_type=words(Phase))
    choice_share: float = 0.3
    demo: bool = False
    snapshot_id: int | None = Field(default=None, foreign_key="ranking_snapshot.id")
    committed_at: datetime | None = None
    closed_at: datetime | None = None


class SprintItem(SQLModel, table=True):
    """A bug in a sprint: who has it, how far it is, and why it is there.

    `frozen_team_id`: the team that the committed plan gave it to.
    """

    __tablename__ = "sprint_item"
    __table_args__ = (
        UniqueConstraint("sprint_id", "bug_id"),
        CheckConstraint("state <> 'claimed' OR claimed_by IS NOT NULL", name="claimed_by"),
        Index("ix_sprint_item_order", "sprint_id", "frozen_rank", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    sprint_id: int = Field(foreign_key="sprint.id")
    bug_id: int = Field(foreign_key="bug.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    lane: Lane = Field(sa_type=words(Lane))
    state: ItemState = Field(default=ItemState.open, sa_type=words(ItemState))
    frozen_rank: int | None = None
    frozen_score: float | None = None
    frozen_first_report: datetime | None = None
    frozen_team_id: int | None = None
    reasons: list[str] = Field(default_factory=list, sa_type=json_type)
    effort: Effort | None = Field(default=None, sa_type=words(Effort))
    added_at: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    resolved_at: datetime | None = None
    version: int = 1


class PlanMark(SQLModel, table=True):
    """What people said about a bug before the plan.

    Pinned to a team, declined and `why`, waiting for what `blocked_by` names, or not ready while
    `missing` is; besides, part of a `bundle` that goes together or not at all.
    """

    __tablename__ = "plan_mark"
    __table_args__ = (UniqueConstraint("sprint_id", "bug_id"),)

    id: int | None = Field(default=None, primary_key=True)
    sprint_id: int = Field(foreign_key="sprint.id")
    bug_id: int = Field(foreign_key="bug.id", index=True)
    pinned_team_id: int | None = Field(default=None, foreign_key="team.id")
    declined: bool = False
    why: str = ""
    blocked_by: str = ""
    missing: str = ""
    bundle: str = ""
    by: str
    at: datetime


class Estimate(SQLModel, table=True):
    """What people say a fix takes: its size, and the disciplines that are needed all along."""

    bug_id: int = Field(primary_key=True, foreign_key="bug.id")
    effort: Effort | None = Field(default=None, sa_type=words(Effort))
    needs: list[str] = Field(default_factory=list, sa_type=json_type)
    by: str
    at: datetime
