"""Choose what a team takes: the best set that fits its days, lane minima first.

Sizes are whole units, so the best set is found exactly.  That is what makes a plan fair: a bug
that was chosen stays chosen when its value rises, and taking away a bug that was not chosen
changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.vocabulary import Lane

UNREACHABLE = -(1 << 200)
"""Below every sum of values; no set spends exactly so many units."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to take whole or not at all; `units` of room, `value` a non-negative integer."""

    key: int
    lane: Lane
    units: int
    value: int


@dataclass(frozen=True, slots=True)
class _Table:
    """For each exact spend of units, the best value, and which parcels make it."""

    values: list[int]
    steps: list[tuple[Parcel, list[bool]]]


def best_set(parcels: Iterable[Parcel], room: int, floors: Mapping[Lane, int]) -> set[int]:
    """Keys of the best set within `room` units.

    Best means: as much of the high-profile floor as can be filled, then as much of the own
    lingering floor, then the largest value.
    """
    lanes = _tables(parcels, max(0, room))
    high, own, rest = (lanes[lane] for lane in Lane)
    upto = _best_upto(rest.values)
    best = (UNREACHABLE, 0, 0, 0)
    for a, b in _spends(high.values, own.values, floors):
        left = upto[len(upto) - 1 - a - b]
        best = max(best, (high.values[a] + own.values[b] + rest.values[left], -a, -b, left))
    _, a, b, left = best
    return _taken(high, -a) | _taken(own, -b) | _taken(rest, left)


def _tables(parcels: Iterable[Parcel], room: int) -> dict[Lane, _Table]:
    alike: defaultdict[tuple[Lane, int], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        if parcel.units <= room:
            alike[parcel.lane, parcel.units].append(parcel)
    chosen: dict[Lane, list[Parcel]] = {lane: [] for lane in Lane}
    for (lane, units), group in alike.items():
        group.sort(key=lambda parcel: (-parcel.value, parcel.key))
        chosen[lane] += group[: room // units] if units else group
    return {lane: _table(group, room) for lane, group in chosen.items()}


def _table(parcels: Sequence[Parcel], room: int) -> _Table:
    values = [0] + [UNREACHABLE] * room
    steps = []
    for parcel in parcels:
        lacking = [UNREACHABLE] * parcel.units
        with_it = lacking + [v + parcel.value for v in values[: room + 1 - parcel.units]]
        takes = [new > old for new, old in zip(with_it, values, strict=True)]
        values = [max(pair) for pair in zip(with_it, values, strict=True)]
        steps.append((parcel, takes))
    return _Table(values, steps)


def _best_upto(values: Sequence[int]) -> list[int]:
    upto = [0]
    for spend, value in enumerate(values[1:], start=1):
        upto.append(spend if value > values[upto[-1]] else upto[-1])
    return upto


def _spends(
    high: Sequence[int], own: Sequence[int], floors: Mapping[Lane, int]
) -> Iterable[tuple[int, int]]:
    """The pairs of lane spends that fill the floors as far as they can be filled."""
    most = len(high) - 1
    highs = _filling(high, most, floors.get(Lane.high_profile, 0))
    owns = _filling(own, most - highs[0], floors.get(Lane.own_lingering, 0))
    return ((a, b) for a in highs for b in owns if a + b <= most)


def _filling(values: Sequence[int], most: int, floor: int) -> list[int]:
    reachable = [spend for spend, value in enumerate(values) if value >= 0]
    filled = min(floor, max(spend for spend in reachable if spend <= most))
    return [spend for spend in reachable if spend >= filled]


def _taken(table: _Table, spend: int) -> set[int]:
    keys = set()
    for parcel, takes in reversed(table.steps):
        if takes[spend]:
            keys.add(parcel.key)
            spend -= parcel.units
    return keys
