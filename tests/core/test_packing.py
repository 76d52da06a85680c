"""A team's best set is the best one there is."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.core.packing import Parcel, best_set
from app.core.vocabulary import Lane

parcels = st.lists(
    st.builds(
        Parcel,
        key=st.integers(1, 10**6),
        lane=st.sampled_from(list(Lane)),
        units=st.integers(1, 8),
        value=st.integers(0, 40),
    ),
    max_size=7,
    unique_by=lambda each: each.key,
)
floors = st.fixed_dictionaries(
    {Lane.high_profile: st.integers(0, 10), Lane.own_lingering: st.integers(0, 10)}
)


def worth(chosen, minima):
    filled = [
        min(minima[lane], sum(each.units for each in chosen if each.lane is lane))
        for lane in (Lane.high_profile, Lane.own_lingering)
    ]
    return (*filled, sum(each.value for each in chosen))


@given(parcels, st.integers(0, 25), floors)
def test_no_other_set_that_fits_is_better(offered, room, minima):
    keys = best_set(offered, room, minima)
    chosen = [each for each in offered if each.key in keys]
    assert sum(each.units for each in chosen) <= room
    sets = (s for size in range(len(offered) + 1) for s in combinations(offered, size))
    best = max(worth(s, minima) for s in sets if sum(each.units for each in s) <= room)
    assert worth(chosen, minima) == best


@given(parcels, st.integers(0, 25), floors)
def test_the_order_of_the_offers_does_not_matter(offered, room, minima):
    differing = [
        Parcel(each.key, each.lane, each.units, (each.value << 20) + each.key) for each in offered
    ]
    again = best_set(differing[::-1], room, minima)
    assert again == best_set(differing, room, minima)


def test_a_team_without_room_takes_nothing():
    assert best_set([Parcel(1, Lane.choice, 1, 5)], 0, {}) == set()
