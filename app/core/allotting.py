"""Spread bugs over teams: each team takes its best set until no team can do better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.packing import Parcel, best_set
from app.core.plan_facts import Candidate
from app.core.vocabulary import Discipline, Lane

ROUNDS = 40
"""Far more than is ever needed: each round that changes something makes the plan better."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A bug, or a bundle of bugs, that one team takes whole.

    `sizes` and `lanes`: for each team that may take it, in quarter-days; `demands`: how many of
    these each discipline is needed for.
    """

    key: int
    members: tuple[Candidate, ...]
    value: int
    home: int
    sizes: Mapping[int, int]
    lanes: Mapping[int, Lane]
    demands: Mapping[int, Mapping[Discipline, int]]

    @property
    def score(self) -> float:
        """The points of all its bugs."""
        return sum(each.score for each in self.members)


@dataclass(frozen=True, slots=True)
class Site:
    """A team's room in quarter-days, and what is still lacking to its lane minima.

    `room` is negative where commitments and pins alone are more than the team can take.
    `caps`: quarter-days of each discipline; one that is not named has no limit of its own.
    """

    team_id: int
    room: int
    floors: Mapping[Lane, int]
    caps: Mapping[Discipline, int]


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

    def free_of(self, team_id: int, craft: Discipline) -> int | None:
        """Quarter-days of a team's discipline that nothing fills; None: not limited."""
        cap = self.sites[team_id].caps.get(craft)
        if cap is None:
            return None
        held = (self.units[key] for key in self.held[team_id])
        return cap - sum(unit.demands[team_id].get(craft, 0) for unit in held)

    def short_of(self, unit: Unit, team_id: int) -> list[Discipline]:
        """The disciplines of which a team has too few days left for a unit."""
        demands = unit.demands[team_id]
        free = {craft: self.free_of(team_id, craft) for craft in demands}
        return [craft for craft, left in free.items() if left is not None and left < demands[craft]]

    def fits(self, unit: Unit, team_id: int) -> bool:
        """Whether a team has the days for a unit, those of every discipline included."""
        roomy = unit.sizes[team_id] <= self.free_units(team_id)
        return roomy and not self.short_of(unit, team_id)

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
    before, site = state.held[team_id], state.sites[team_id]
    parcels = [_parcel(state.units[key], team_id) for key in _staffed(state, team_id, pool)]
    state.held[team_id] = best_set(parcels, site.room, site.floors)
    _fill_up(state, team_id, pool)
    return before != state.held[team_id]


def _staffed(state: Allotment, team_id: int, pool: Iterable[int]) -> list[int]:
    """Leave out what a team's disciplines cannot take: of each, its best set within its days."""
    left = set(pool)
    for craft, cap in state.sites[team_id].caps.items():
        asking = [state.units[key] for key in sorted(left)]
        parcels = [
            Parcel(unit.key, unit.lanes[team_id], unit.demands[team_id][craft], unit.value)
            for unit in asking
            if craft in unit.demands[team_id]
        ]
        left -= {parcel.key for parcel in parcels} - best_set(parcels, cap, {})
    return sorted(left)


def _fill_up(state: Allotment, team_id: int, pool: Iterable[int]) -> None:
    """Take what was left out for a discipline whose days others did not use after all."""
    crowded = [state.units[key] for key in pool if state.units[key].demands[team_id]]
    for unit in sorted(crowded, key=lambda unit: (-unit.value, unit.key)):
        if unit.key not in state.held[team_id] and state.fits(unit, team_id):
            state.held[team_id].add(unit.key)


def _parcel(unit: Unit, team_id: int) -> Parcel:
    return Parcel(unit.key, unit.lanes[team_id], unit.sizes[team_id], unit.value)


def _bring_home(state: Allotment) -> bool:
    """Hand a unit back to the team that owns its area, where that team has room after all."""
    moved = False
    for team_id, keys in state.held.items():
        for key in sorted(keys):
            home = state.units[key].home
            if home != team_id and state.fits(state.units[key], home):
                keys.remove(key)
                state.held[home].add(key)
                moved = True
    return moved
