"""Make a sprint, mark its plan, and commit it: rank and reasons are frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any

from sqlmodel import Session

from app.actions import rankings
from app.core.errors import Conflict, Invalid, NotFound
from app.core.planning import Assignment, plan
from app.core.sentences import counted
from app.core.sprints import check_dates, check_move
from app.core.vocabulary import Effort, Lane, Phase
from app.db.models import PlanMark, RankingSnapshot, Sprint
from app.db.queries import activity, bugs, planning, sprints, teams

LONGEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class NewSprint:
    """A sprint to be made, in local dates, both included."""

    name: str
    starts_on: date
    ends_on: date
    demo: bool = False


def create(db: Session, new: NewSprint, *, actor: str, at: datetime) -> str:
    """Make a sprint that is being prepared; returns its address word."""
    check_dates(new.starts_on, new.ends_on)
    if (new.ends_on - new.starts_on).days >= LONGEST_DAYS:
        raise Invalid(f"A sprint lasts at most {LONGEST_DAYS} days.")
    slug = re.sub(r"[^a-z0-9]+", "-", new.name.lower()).strip("-")[:60]
    if not slug:
        raise Invalid("A sprint's name needs at least one letter or digit.")
    if sprints.sprint_by_slug(db, slug):
        raise Conflict(f"There is a sprint at “{slug}” already; choose another name.")
    made = Sprint(
        slug=slug,
        name=new.name.strip()[:80],
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        phase=Phase.prepare,
        demo=new.demo,
    )
    db.add(made)
    db.flush()
    activity.note(db, at=at, actor=actor, verb="sprint_made", sprint_id=made.id, detail=made.name)
    db.commit()
    return slug


def set_phase(db: Session, slug: str, phase: Phase, *, actor: str, at: datetime) -> None:
    """Move a sprint on, or one step back when somebody moved it too early."""
    sprint = _sprint(db, slug)
    check_move(sprint.phase, phase)
    if phase in {Phase.commit, Phase.run} and sprint.committed_at is None:
        raise Conflict(f"The plan of {sprint.name} is not committed yet; commit it first.")
    sprint.phase = phase
    sprint.closed_at = at if phase == Phase.close else None
    activity.note(db, at=at, actor=actor, verb="phase", sprint_id=sprint.id, detail=phase.value)
    db.commit()


def set_choice_share(db: Session, slug: str, share: float, *, actor: str, at: datetime) -> None:
    """Change how much of each team's days is left to its own choice."""
    sprint = _uncommitted(db, slug)
    if not 0 <= share <= 0.7:
        raise Invalid("The share left to the teams' choice must lie between 0 and 70 %.")
    sprint.choice_share = share
    detail = f"{share:.0%} is left to the teams"
    activity.note(db, at=at, actor=actor, verb="planned", sprint_id=sprint.id, detail=detail)
    db.commit()


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says about a bug before the plan: one of these, or none of them any more.

    `blocked_by`: what it waits for; `missing`: what it lacks to be ready; `bundle`: with which
    others it goes together ("" takes it out, None leaves that as it is).
    """

    bug_id: int
    pinned_team_id: int | None = None
    declined: bool = False
    why: str = ""
    blocked_by: str = ""
    missing: str = ""
    bundle: str | None = None

    @property
    def word(self) -> str:
        """What was said, for the activity."""
        if self.blocked_by:
            return f"waits for {self.blocked_by}"
        if self.missing:
            return f"is not ready: {self.missing}"
        return "declined" if self.declined else "pinned" if self.pinned_team_id else "unmarked"


def mark(db: Session, slug: str, said: Mark, *, actor: str, at: datetime) -> None:
    """Pin a bug, decline it, say what it waits for or lacks, or take all of that back."""
    sprint = _uncommitted(db, slug)
    bug = bugs.bug(db, said.bug_id)
    if bug is None:
        raise NotFound(f"There is no bug {said.bug_id}.")
    if said.declined and not said.why.strip():
        raise Invalid("Say why the bug is declined, in a few words.")
    if said.pinned_team_id is not None and teams.team(db, said.pinned_team_id) is None:
        raise NotFound(f"There is no team {said.pinned_team_id}.")
    row = {
        "sprint_id": sprint.id,
        "bug_id": said.bug_id,
        "pinned_team_id": said.pinned_team_id,
        "declined": said.declined,
        "why": said.why.strip()[:500],
        "blocked_by": said.blocked_by.strip()[:200],
        "missing": said.missing.strip()[:200],
        "by": actor,
        "at": at,
    }
    sprints.keep_mark(db, row if said.bundle is None else row | {"bundle": said.bundle})
    detail = f"{bug.key} {said.word}"
    activity.note(db, at=at, actor=actor, verb="planned", sprint_id=sprint.id, detail=detail)
    db.commit()


def bundle(db: Session, slug: str, bug_id: int, name: str, *, actor: str, at: datetime) -> None:
    """Let a bug go together with the others of a bundle, or with "" alone again."""
    sprint, name = _uncommitted(db, slug), " ".join(name.split())[:80]
    bug = bugs.bug(db, bug_id)
    if bug is None:
        raise NotFound(f"There is no bug {bug_id}.")
    known = sprints.mark_of(db, sprint.id or 0, bug_id)
    if known is None:
        known = PlanMark(sprint_id=sprint.id or 0, bug_id=bug_id, by=actor, at=at)
    known.bundle = name
    db.add(known)
    detail = f"{bug.key} goes together with “{name}”" if name else f"{bug.key} goes alone"
    activity.note(db, at=at, actor=actor, verb="planned", sprint_id=sprint.id, detail=detail)
    db.commit()


def concerned(db: Session, slug: str, bug_id: int) -> int | None:
    """Return the team whose plan a bug is in: the one it is pinned to, else its area's owner."""
    sprint, bug = _sprint(db, slug), bugs.bug(db, bug_id)
    pinned = {mark.bug_id: mark.pinned_team_id for mark in sprints.marks(db, sprint.id or 0)}
    owners = {area.id: area.team_id for area in teams.areas(db)}
    return pinned.get(bug_id) or (owners.get(bug.area_id) if bug else None)


def commit(db: Session, slug: str, *, actor: str, at: datetime) -> int:
    """Freeze the ranked list, plan from it, and put the bugs into the sprint with reasons.

    Returns how many bugs are in scope.  The sprint runs as soon as its first day has come.
    """
    sprint = _uncommitted(db, slug)
    frozen = rankings.freeze(db, at=at)
    listed = {row["bug_id"]: row for row in loads(frozen.body)["bugs"] if row["customers"]}
    places = {bug_id: row["place"] for bug_id, row in listed.items()}
    made = planning.instance(db, sprint, places, as_of=frozen.as_of)
    efforts = {bug.bug_id: bug.effort for bug in made.candidates}
    rows = [_item(sprint, each, listed, efforts, at) for each in plan(made).assignments]
    sprints.keep_items(db, rows)
    _seal(sprint, frozen, at)
    detail = (
        f"{counted(len(rows), 'bug')} for {counted(len({row['team_id'] for row in rows}), 'team')}"
    )
    activity.note(db, at=at, actor=actor, verb="committed", sprint_id=sprint.id, detail=detail)
    db.commit()
    return len(rows)


def _seal(sprint: Sprint, frozen: RankingSnapshot, at: datetime) -> None:
    sprint.snapshot_id = frozen.id
    sprint.committed_at = at
    sprint.phase = Phase.run if at.date() >= sprint.starts_on else Phase.commit


def _item(
    sprint: Sprint,
    given: Assignment,
    listed: Mapping[int, Mapping[str, Any]],
    efforts: Mapping[int, Effort | None],
    at: datetime,
) -> dict[str, Any]:
    assert sprint.id is not None
    frozen = listed.get(given.bug_id, {})
    first = frozen.get("first_report")
    return sprints.item_row(
        sprint.id,
        given.bug_id,
        Lane(given.lane),
        at,
        team_id=given.team_id,
        frozen_rank=frozen.get("place"),
        frozen_score=frozen.get("score"),
        frozen_first_report=datetime.fromisoformat(first) if first else None,
        reasons=[reason.text for reason in given.reasons],
        frozen_team_id=given.team_id,
        effort=efforts[given.bug_id],
    )


def _uncommitted(db: Session, slug: str) -> Sprint:
    sprint = _sprint(db, slug)
    if sprint.committed_at is not None:
        raise Conflict(f"The plan of {sprint.name} is committed and no longer changes.")
    return sprint


def _sprint(db: Session, slug: str) -> Sprint:
    found = sprints.sprint_by_slug(db, slug)
    if found is None:
        raise NotFound(f"There is no sprint “{slug}”.")
    return found
