"""What the planner needs to know of a sprint, gathered into its plain instance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.bands import effort_of, missing_of, needs_of
from app.core.planning import Candidate, Crew, Decline, Instance, Kept
from app.core.ranking import waiting_days
from app.core.sprints import capacity_days
from app.core.vocabulary import Discipline, ItemState
from app.db.models import Area, Bug, BugScore, Estimate, Member, PlanMark, Sprint, SprintItem, Team
from app.db.queries import estimates, sprints, teams
from app.db.queries.upsert import chunks


def crews(db: Session) -> tuple[Crew, ...]:
    """Return every team with its person-days for the sprint."""
    members: dict[int, list[Member]] = {}
    for member in teams.members(db):
        members.setdefault(member.team_id, []).append(member)
    return tuple(
        _crew(team.id, team, members.get(team.id, []))
        for team in teams.teams(db)
        if team.id is not None
    )


def _crew(team_id: int, team: Team, members: Sequence[Member]) -> Crew:
    days = days_of(team, members)
    return Crew(team_id, days, team.name, team.key, _by_discipline(team, members, days))


def _by_discipline(
    team: Team, members: Sequence[Member], days: float
) -> dict[Discipline, float] | None:
    """Share a team's person-days out among its disciplines; None: it does not list its members."""
    if not members:
        return None
    own = {
        craft: capacity_days(
            [(m.days, m.leave_days) for m in members if m.discipline == craft], team.focus_factor
        )
        for craft in Discipline
    }
    whole = sum(own.values())
    return {craft: days * part / whole if whole else 0.0 for craft, part in own.items()}


def days_of(team: Team, members: Sequence[Member]) -> float:
    """Return a team's person-days after focus: from what was stated, else from its members."""
    if team.capacity_days is not None:
        return team.capacity_days * team.focus_factor
    return capacity_days([(m.days, m.leave_days) for m in members], team.focus_factor)


def instance(
    db: Session, sprint: Sprint, places: Mapping[int, int], *, as_of: datetime
) -> Instance:
    """Return everything the plan is made from; `places` is the ranked list to plan."""
    assert sprint.id is not None
    kept = _kept(sprints.items(db, sprint.id))
    wanted = sorted({*places, *(each.bug_id for each in kept)})
    marks = {mark.bug_id: mark for mark in sprints.marks(db, sprint.id)}
    areas = {area.id: area for area in teams.areas(db)}
    owners = {area.key: area.team_id for area in areas.values()}
    rows = _rows(db, wanted)
    said = estimates.estimates_of(db, wanted)
    return Instance(
        candidates=tuple(
            _said(
                _candidate(row, places, areas.get(row[3]), owners, as_of),
                marks.get(row[0]),
                said.get(row[0]),
            )
            for row in rows
        ),
        crews=crews(db),
        choice_share=sprint.choice_share,
        kept=kept,
    )


def _kept(items: Sequence[SprintItem]) -> tuple[Kept, ...]:
    """Only what a team has taken, or was given by a plan that was committed, stays put."""
    gone = {ItemState.declined, ItemState.duplicate, ItemState.wontfix}
    return tuple(
        Kept(item.bug_id, item.team_id)
        for item in items
        if item.team_id is not None and item.state not in gone
    )


def _rows(db: Session, bug_ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for some in chunks(bug_ids):
        wanted = (
            rows_of(
                col(Bug.id),
                col(Bug.title),
                col(Bug.labels),
                col(Bug.area_id),
                col(BugScore.score),
                col(BugScore.first_report),
            )
            .outerjoin(BugScore, col(BugScore.bug_id) == col(Bug.id))
            .where(col(Bug.id).in_(some))
        )
        found += db.connection().execute(wanted)
    return found


def _candidate(
    row: Any,
    places: Mapping[int, int],
    area: Area | None,
    owners: Mapping[str, int | None],
    as_of: datetime,
) -> Candidate:
    bug_id, title, labels, _, score, first = row
    beside = {owners.get(key) for key in area.adjacent} if area else set()
    return Candidate(
        bug_id=bug_id,
        score=score or 0.0,
        rank=places.get(bug_id, len(places) + 1),
        owner_team=area.team_id if area else None,
        adjacent_teams=tuple(sorted(team for team in beside if team is not None)),
        effort=effort_of(labels),
        needs=needs_of(labels),
        missing=missing_of(labels),
        oldest_need_days=waiting_days(first, as_of) if first else 0.0,
        name=title,
    )


def _said(bug: Candidate, mark: PlanMark | None, said: Estimate | None) -> Candidate:
    """Put what people said over what the tracker says."""
    if said:
        needs = {*bug.needs, *said.needs}
        wanted = tuple(craft for craft in Discipline if craft in needs)
        bug = replace(bug, effort=said.effort or bug.effort, needs=wanted)
    if mark is None:
        return bug
    return replace(
        bug,
        pinned_team=mark.pinned_team_id,
        pinned_by=mark.by,
        declined=Decline(mark.by, mark.why) if mark.declined else None,
        blocked_by=mark.blocked_by or None,
        missing=(*bug.missing, *([mark.missing] if mark.missing else [])),
        bundle=mark.bundle or None,
    )
