"""Propose who fixes what in a sprint, with a checkable reason for every bug in and out.

Each team's best set within its days is found exactly (see packing), so a bug whose score rises
is never dropped by its owner, and declining a bug that was out changes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil, floor

from app.core.allotting import Allotment, Site, Unit, allot
from app.core.plan_facts import (
    Assignment,
    Candidate,
    Crew,
    Decline,
    Instance,
    Kept,
    Load,
    Plan,
    Reason,
    Rejection,
    Why,
    effort_days,
    lane_of,
)
from app.core.plan_reasons import QUARTERS, fixed_reason, left_out, obstacle, placed_reasons
from app.core.vocabulary import Discipline, Lane

__all__ = [
    "Assignment",
    "Candidate",
    "Crew",
    "Decline",
    "Instance",
    "Kept",
    "Load",
    "Plan",
    "Reason",
    "Rejection",
    "Why",
    "effort_days",
    "lane_of",
    "plan",
]

SLACK = 1e-9
RANKS = 1 << 20


def plan(instance: Instance) -> Plan:
    """The proposal for an instance: the same instance always gives the same plan."""
    fixed = _fixed(instance)
    barred = {
        bug.bug_id: reason
        for bug in instance.candidates
        if bug.bug_id not in {each.bug_id for each in fixed}
        and (reason := obstacle(bug, instance)) is not None
    }
    barred |= _bundled_out(instance, barred, {each.bug_id for each in fixed})
    settled = {each.bug_id for each in fixed} | set(barred)
    units = _units([bug for bug in instance.candidates if bug.bug_id not in settled], instance)
    state = allot(units, [_site(crew, fixed, instance) for crew in instance.crews])
    placed = _placed(state, instance)
    assignments = sorted([*fixed, *placed], key=lambda each: (each.team_id, each.bug_id))
    last_in, first_out = _cut_line(placed, state, instance)
    return Plan(
        assignments=tuple(assignments),
        rejections=_rejections(barred, state, instance),
        loads=tuple(_load(crew, assignments, instance) for crew in instance.crews),
        last_in=last_in,
        first_out=first_out,
    )


def _bundled_out(
    instance: Instance, barred: Mapping[int, Reason], fixed: Collection[int]
) -> dict[int, Reason]:
    """A bundle goes together or not at all: one that cannot go keeps the others back."""
    away = {bug.bundle: bug for bug in instance.candidates if bug.bundle and bug.bug_id in barred}
    return {
        bug.bug_id: Reason(
            Why.bundled,
            f"It goes together with {away[bug.bundle].label}, which is left out.",
            bug_ids=(away[bug.bundle].bug_id,),
        )
        for bug in instance.candidates
        if bug.bundle in away and bug.bug_id not in barred and bug.bug_id not in fixed
    }


def _fixed(instance: Instance) -> list[Assignment]:
    """What stands before any choosing; declining outweighs a pin, not a commitment."""
    crews = {crew.team_id: crew for crew in instance.crews}
    kept = {each.bug_id: each.team_id for each in instance.kept if each.team_id in crews}
    fixed = []
    for bug in instance.candidates:
        pinned = None if bug.declined else bug.pinned_team
        team_id = kept.get(bug.bug_id, pinned)
        if team_id is not None:
            reason = fixed_reason(bug, crews[team_id], kept=bug.bug_id in kept)
            fixed.append(_assignment(bug, team_id, lane_of(bug, team_id, instance), (reason,)))
    return fixed


def _assignment(
    bug: Candidate, team_id: int, lane: Lane, reasons: tuple[Reason, ...]
) -> Assignment:
    return Assignment(
        bug_id=bug.bug_id,
        team_id=team_id,
        lane=lane,
        effort_days=effort_days(bug, team_id),
        effort_known=bug.effort is not None,
        reasons=reasons,
    )


def _units(bugs: Sequence[Candidate], instance: Instance) -> list[Unit]:
    together: defaultdict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for bug in bugs:
        alone = () if bug.bundle else (bug.bug_id,)
        together[(bug.bundle, bug.owner_team, *alone)].append(bug)
    return [_unit(members, instance) for members in together.values()]


def _unit(members: Sequence[Candidate], instance: Instance) -> Unit:
    teams = set.intersection(*(_permitted(bug, instance) for bug in members))
    return Unit(
        key=members[0].bug_id,
        members=tuple(members),
        value=sum(_value(bug) for bug in members),
        home=members[0].owner_team or 0,
        sizes={t: sum(round(effort_days(b, t) * QUARTERS) for b in members) for t in teams},
        lanes={t: _first_lane(lane_of(bug, t, instance) for bug in members) for t in teams},
        demands={t: _demands(members, t) for t in teams},
    )


def _demands(members: Iterable[Candidate], team_id: int) -> dict[Discipline, int]:
    """A discipline that a bug needs is busy with it as long as it takes, in quarter-days."""
    found: dict[Discipline, int] = {}
    for bug in members:
        for craft in set(bug.needs):
            found[craft] = found.get(craft, 0) + round(effort_days(bug, team_id) * QUARTERS)
    return dict(sorted(found.items()))


def _permitted(bug: Candidate, instance: Instance) -> set[int]:
    """The owner, and the adjacent teams that would stay within the timebox."""
    return {
        crew.team_id
        for crew in instance.crews
        if crew.team_id == bug.owner_team
        or (
            crew.team_id in bug.adjacent_teams
            and effort_days(bug, crew.team_id) <= instance.timebox_days
        )
    }


def _first_lane(lanes: Iterable[Lane]) -> Lane:
    return min(lanes, key=list(Lane).index)


def _value(bug: Candidate) -> int:
    """The score as a whole number; then more bugs, better ranks, and a fixed arbitrary order.

    Whole numbers add up exactly, and hardly two sets are worth the same: that, too, keeps the
    choice the same when a bug that was not chosen goes away.
    """
    better = RANKS - min(bug.rank, RANKS - 1)
    arbitrary = bug.bug_id * 0x9E3779B97F4A7C15 % (1 << 64) >> 36
    return (round(bug.score * 1e9) << 72) + (1 << 60) + (better << 30) + arbitrary


def _site(crew: Crew, fixed: Sequence[Assignment], instance: Instance) -> Site:
    plannable = crew.capacity_days * (1 - instance.choice_share) * QUARTERS
    filled = _lane_days(crew.team_id, fixed)
    minima = {
        Lane.high_profile: instance.high_minimum,
        Lane.own_lingering: instance.own_minimum,
    }
    return Site(
        team_id=crew.team_id,
        room=floor(plannable + SLACK) - round(sum(filled.values()) * QUARTERS),
        floors={
            lane: max(0, ceil(plannable * share - SLACK) - round(filled[lane] * QUARTERS))
            for lane, share in minima.items()
        },
        caps=_caps(crew, fixed, instance),
    )


def _caps(crew: Crew, fixed: Sequence[Assignment], instance: Instance) -> dict[Discipline, int]:
    """What each discipline has left; who says who is there has no days of any other."""
    if crew.by_discipline is None:
        return {}
    own = {each.bug_id for each in fixed if each.team_id == crew.team_id}
    taken = _demands([bug for bug in instance.candidates if bug.bug_id in own], crew.team_id)
    share = (1 - instance.choice_share) * QUARTERS
    return {
        craft: max(
            0, floor(crew.by_discipline.get(craft, 0.0) * share + SLACK) - taken.get(craft, 0)
        )
        for craft in Discipline
    }


def _lane_days(team_id: int, assignments: Iterable[Assignment]) -> dict[Lane, float]:
    days = dict.fromkeys(Lane, 0.0)
    for each in assignments:
        if each.team_id == team_id:
            days[each.lane] += each.effort_days
    return days


def _placed(state: Allotment, instance: Instance) -> list[Assignment]:
    crews = {crew.team_id: crew for crew in instance.crews}
    return [
        _assignment(
            bug,
            team_id,
            unit.lanes[team_id],
            placed_reasons(bug, unit, crews[team_id], state, instance),
        )
        for team_id, keys in state.held.items()
        for unit in (state.units[key] for key in keys)
        for bug in unit.members
    ]


def _rejections(
    barred: Mapping[int, Reason], state: Allotment, instance: Instance
) -> tuple[Rejection, ...]:
    crews = {crew.team_id: crew for crew in instance.crews}
    reasons = dict(barred)
    for unit in state.out():
        reason = left_out(unit, crews[unit.home], state)
        reasons |= {bug.bug_id: reason for bug in unit.members}
    return tuple(Rejection(bug_id, reasons[bug_id]) for bug_id in sorted(reasons))


def _load(crew: Crew, assignments: Sequence[Assignment], instance: Instance) -> Load:
    plannable = crew.capacity_days * (1 - instance.choice_share)
    lanes = _lane_days(crew.team_id, assignments)
    free = plannable - sum(lanes.values())
    return Load(
        team_id=crew.team_id,
        capacity_days=crew.capacity_days,
        plannable_days=plannable,
        lane_days=lanes,
        free_days=max(0.0, free),
        over_days=max(0.0, -free),
    )


def _cut_line(
    placed: Sequence[Assignment], state: Allotment, instance: Instance
) -> tuple[int | None, tuple[int, ...]]:
    bugs = {bug.bug_id: bug for bug in instance.candidates}
    inside = sorted((bugs[each.bug_id] for each in placed), key=_by_score)
    outside = sorted((bug for unit in state.out() for bug in unit.members), key=_by_score)
    return (inside[-1].bug_id if inside else None), tuple(b.bug_id for b in outside[:3])


def _by_score(bug: Candidate) -> tuple[float, int, int]:
    return (-bug.score, bug.rank, bug.bug_id)
