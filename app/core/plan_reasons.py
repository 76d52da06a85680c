"""Say why a bug is in the plan or left out, in sentences that can be checked."""

from collections.abc import Sequence

from app.core.allotting import Allotment, Unit
from app.core.plan_facts import (
    EFFORT_DAYS,
    Candidate,
    Crew,
    Instance,
    Reason,
    Why,
    effort_days,
)
from app.core.vocabulary import Discipline, Effort, Lane

QUARTERS = 4
LANE_NAMES = {
    Lane.high_profile: "high-profile",
    Lane.own_lingering: "own lingering",
    Lane.choice: "choice",
}


def obstacle(bug: Candidate, instance: Instance) -> Reason | None:
    """Why a bug cannot be planned at all, or None when it can."""
    if bug.declined is not None:
        said = f"{bug.declined.by} declined it: {bug.declined.why or 'no reason was given'}"
        return Reason(Why.declined, f"{said.rstrip('.')}.")
    if bug.blocked_by is not None:
        return Reason(Why.blocked, f"It waits for {bug.blocked_by}.")
    if bug.owner_team not in {crew.team_id for crew in instance.crews}:
        text = "No team of this sprint owns its area: give the area to a team, or pin the bug."
        return Reason(Why.no_owner, text)
    if bug.missing:
        return Reason(Why.not_ready, f"It is not ready; still missing: {', '.join(bug.missing)}.")
    return _too_large(bug, instance)


def _too_large(bug: Candidate, instance: Instance) -> Reason | None:
    days = EFFORT_DAYS[bug.effort or Effort.M]
    if bug.effort is not Effort.XL and days <= instance.timebox_days:
        return None
    text = (
        f"It takes about {days:g} days, more than the timebox of {instance.timebox_days:g}: "
        "cut it into smaller pieces, or pin it to a team."
    )
    return Reason(Why.too_large, text, days=days)


def fixed_reason(bug: Candidate, crew: Crew, *, kept: bool) -> Reason:
    """Why a bug stands before any choosing: already committed, or pinned by a person."""
    if kept:
        return Reason(Why.kept, f"{crew.label} is already committed to it.", crew.team_id)
    by = bug.pinned_by or "Somebody"
    return Reason(Why.pinned, f"{by} pinned it to {crew.label}.", crew.team_id)


def placed_reasons(
    bug: Candidate, unit: Unit, crew: Crew, state: Allotment, instance: Instance
) -> tuple[Reason, ...]:
    """Every reason that holds for a bug the planner gave to a team."""
    found = [
        _whose(bug, unit, crew, state, instance),
        _rank(bug, unit, crew),
        _lingering(bug, unit, crew),
        _minimum(unit, crew, state),
        _value(unit, crew, state),
        _bundle(bug, unit),
    ]
    return tuple(reason for reason in found if reason is not None)


def _whose(bug: Candidate, unit: Unit, crew: Crew, state: Allotment, instance: Instance) -> Reason:
    if crew.team_id == unit.home:
        return Reason(Why.owner_area, f"{crew.label} owns its area.", crew.team_id)
    owner = next(each for each in instance.crews if each.team_id == unit.home)
    days = effort_days(bug, crew.team_id)
    short = state.short_of(unit, unit.home)
    why = f"has too few days of {' and '.join(short)} left" if short else "is full"
    text = (
        f"{owner.label} owns its area but {why}; {crew.label} knows the area next to it "
        f"and needs {days:g} days."
    )
    return Reason(Why.adjacent_spillover, text, unit.home, days=days)


def _rank(bug: Candidate, unit: Unit, crew: Crew) -> Reason | None:
    if unit.lanes[crew.team_id] is not Lane.high_profile or len(unit.members) > 1:
        return None
    return Reason(Why.high_profile, f"It is #{bug.rank} of the ranked list.")


def _lingering(bug: Candidate, unit: Unit, crew: Crew) -> Reason | None:
    if unit.lanes[crew.team_id] is not Lane.own_lingering or len(unit.members) > 1:
        return None
    days = bug.oldest_need_days
    text = f"A customer of {crew.label} has waited {days:.0f} days for it."
    return Reason(Why.own_lingering, text, crew.team_id, days=days)


def _minimum(unit: Unit, crew: Crew, state: Allotment) -> Reason | None:
    lane = unit.lanes[crew.team_id]
    floor = state.sites[crew.team_id].floors.get(lane, 0)
    held = [state.units[key] for key in state.held[crew.team_id]]
    spent = sum(each.sizes[crew.team_id] for each in held if each.lanes[crew.team_id] is lane)
    if spent - unit.sizes[crew.team_id] >= floor:
        return None
    text = (
        f"Without it, {crew.label} would have less than the minimum of its {LANE_NAMES[lane]} lane."
    )
    return Reason(Why.lane_minimum, text, crew.team_id)


def _value(unit: Unit, crew: Crew, state: Allotment) -> Reason | None:
    team_id = crew.team_id
    worth = per_day(unit, team_id)
    if any(per_day(each, team_id) > worth for each in state.out() if team_id in each.sizes):
        return None
    text = f"Nothing left out would bring {crew.label} more points for a day ({worth:.1f})."
    return Reason(Why.best_value_per_day, text, team_id)


def _bundle(bug: Candidate, unit: Unit) -> Reason | None:
    others = [each for each in unit.members if each.bug_id != bug.bug_id]
    if not others:
        return None
    ids = tuple(each.bug_id for each in others)
    return Reason(Why.bundled, f"It is best done together with {_named(others)}.", bug_ids=ids)


def left_out(unit: Unit, owner: Crew, state: Allotment) -> Reason:
    """Why a bug that could be planned is not: no room, or everything taken counts more."""
    team_id = unit.home
    for craft in state.short_of(unit, team_id):
        return _too_few(unit, owner, state, craft)
    held = sorted(
        (state.units[key] for key in state.held[team_id]), key=lambda each: each.value, reverse=True
    )
    if held and held[-1].score >= unit.score:
        text = (
            f"Everything {owner.label} takes counts at least as much: the last one in has "
            f"{held[-1].score:.1f} points, this one {unit.score:.1f}."
        )
        return Reason(Why.lower_value, text, team_id, _ids(held[-1:]))
    worth = per_day(unit, team_id)
    ahead = [each for each in held if per_day(each, team_id) >= worth]
    lacking = (unit.sizes[team_id] - state.free_units(team_id)) / QUARTERS
    text = f"{owner.label} has no room{_by(ahead)}; it would fit with {lacking:g} more days."
    return Reason(Why.no_capacity, text, team_id, _ids(ahead), lacking)


def _too_few(unit: Unit, owner: Crew, state: Allotment, craft: Discipline) -> Reason:
    needed = unit.demands[unit.home][craft] / QUARTERS
    left = (state.free_of(unit.home, craft) or 0) / QUARTERS
    days = f"{needed:g} {'day' if needed == 1 else 'days'}"
    text = f"It needs {days} of {craft}, and {owner.label} has {left:g} left."
    return Reason(Why.no_capacity, text, unit.home, days=needed - left)


def per_day(unit: Unit, team_id: int) -> float:
    """Points for a person-day of this team."""
    return unit.score * QUARTERS / unit.sizes[team_id]


def _by(units: Sequence[Unit]) -> str:
    if not units:
        return ""
    return f": it goes to {_named([bug for unit in units for bug in unit.members])}"


def _ids(units: Sequence[Unit]) -> tuple[int, ...]:
    return tuple(bug.bug_id for unit in units for bug in unit.members)


def _named(bugs: Sequence[Candidate]) -> str:
    first = [bug.label for bug in bugs[:3]]
    more = [f"{len(bugs) - 3} more"] if len(bugs) > 3 else []
    *most, last = first + more
    return f"{', '.join(most)} and {last}" if most else last
