"""Spread bugs over teams: each team takes its best set until no team can do better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.packing import Parcel, best_set
from app.core.plan_facts import Candidate
from app.core.vocabulary import Lane

ROUNDS = 40
"""Far more than is ever needed: each round that changes something makes the plan better."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A bug, or a bundle of bugs, that one team takes whole.

    `sizes` and `lanes`: for each team that may take it, in quarter-days.
    """

    key: int
    members: tuple[Candidate, ...]
    value: int
    home: int
    sizes: Mapping[int, int]
    lanes: Mapping[int, Lane]

    @property
    def score(self) -> float:
        """The points of all its bugs."""
        return sum(each.score for each in self.members)


@dataclass(frozen=True, slots=True)
class Site:
    """A team's room in quarter-days, and what is still lacking to its lane minima.

    `room` is negative where commitments and pins alone are more than the team can take.
    """

    team_id: int
    room: int
    floors: Mapping[Lane, int]


@dataclass(slots=True)
class Allotment:
    """Which unit is where while the teams choose, and at the end."""

    units: Mapping[int, Unit]
    sites: Mapping[int, Site]
    held: dict[int, set[int]]
    seen: dict[int, frozenset[int]] = field(default_factory=dict)

    def free_units(self, team_id: int) -> int:
        """Quarter-days of a team that nothing fills."""
        spent = sum(self.units[key].sizes[team_id] for key in self.held[team_id])
        return self.sites[team_id].room - spent

    def out(self) -> list[Unit]:
        """The units no team has taken."""
        taken = set().union(*self.held.values()) if self.held else set()
        return [unit for key, unit in self.units.items() if key not in taken]


def allot(units: Sequence[Unit], sites: Sequence[Site]) -> Allotment:
    """Give every unit to at most one team.

    Every team first takes the best of its own.  What is left over is then offered to the teams
    that may help; a team takes it where that is better than what it has, and what it drops is
    offered again.  At the end no unit left out would make any team's set better.
    """
    by_team = {site.team_id: site for site in sorted(sites, key=lambda site: site.team_id)}
    state = Allotment({unit.key: unit for unit in units}, by_team, {t: set() for t in by_team})
    for team_id in by_team:
        _choose(state, team_id, {unit.key for unit in units if unit.home == team_id})
    for _ in range(ROUNDS):
        moved = [_choose(state, team_id, _offered(state, team_id)) for team_id in by_team]
        if not any(moved) and not _bring_home(state):
            break
    return state


def _offered(state: Allotment, team_id: int) -> set[int]:
    return {unit.key for unit in state.out() if team_id in unit.sizes}


def _choose(state: Allotment, team_id: int, offered: Iterable[int]) -> bool:
    pool = frozenset(state.held[team_id].union(offered))
    if state.seen.get(team_id) == pool:
        return False
    state.seen[team_id] = pool
    site = state.sites[team_id]
    chosen = best_set(
        [_parcel(state.units[key], team_id) for key in sorted(pool)], site.room, site.floors
    )
    changed = chosen != state.held[team_id]
    state.held[team_id] = chosen
    return changed


def _parcel(unit: Unit, team_id: int) -> Parcel:
    return Parcel(unit.key, unit.lanes[team_id], unit.sizes[team_id], unit.value)


def _bring_home(state: Allotment) -> bool:
    """Hand a unit back to the team that owns its area, where that team has room after all."""
    moved = False
    for team_id, keys in state.held.items():
        for key in sorted(keys):
            home = state.units[key].home
            if home != team_id and state.units[key].sizes[home] <= state.free_units(home):
                keys.remove(key)
                state.held[home].add(key)
                moved = True
    return moved
