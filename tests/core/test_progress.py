"""Burn-up, flow and the header agree with each other and with what happened."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.core.progress import (
    BurnPoint,
    FlowPoint,
    Item,
    burn_up,
    flow,
    header,
    standing_by_day,
)
from app.core.sprints import days_of
from app.core.vocabulary import LEFT, RESOLVED, ItemState

START = datetime(2026, 11, 16, 9, tzinfo=UTC)
DAYS = days_of(date(2026, 11, 16), date(2026, 11, 29))
BERLIN = ZoneInfo("Europe/Berlin")


def after(hours):
    return START + timedelta(hours=hours)


@st.composite
def items(draw):
    hours = sorted(draw(st.lists(st.integers(0, 24 * 12), max_size=6)))
    states = [draw(st.sampled_from(list(ItemState))) for _ in hours]
    return Item(
        added_at=after(draw(st.integers(-100, 0))),
        state=states[-1] if states else ItemState.open,
        changes=[(after(h), state) for h, state in zip(hours, states, strict=True)],
    )


item_lists = st.lists(items(), max_size=8)
zones = st.sampled_from([UTC, BERLIN, ZoneInfo("America/New_York")])


@given(item_lists, zones)
def test_fixed_bugs_never_exceed_the_scope_nor_the_scope_the_bugs(listed, zone):
    for point in burn_up(listed, DAYS, zone):
        assert 0 <= point.resolved <= point.scope <= len(listed)


@given(item_lists, zones)
def test_the_flow_sums_to_the_scope_and_its_fixed_part_to_the_fixed_bugs(listed, zone):
    points = burn_up(listed, DAYS, zone)
    for point, (day, counts) in zip(points, standing_by_day(listed, DAYS, zone), strict=True):
        assert (day, sum(counts.values())) == (point.on, point.scope)
        assert sum(counts[state] for state in RESOLVED) == point.resolved


@given(item_lists, zones)
def test_the_last_point_of_the_burn_up_is_the_header(listed, zone):
    last, now = burn_up(listed, DAYS, zone)[-1], header(listed)
    assert (last.scope, last.resolved) == (now.scope, now.fixed)


@given(item_lists)
def test_the_header_counts_every_bug_once(listed):
    now = header(listed)
    assert now.waiting + now.claimed + now.fixed == now.scope
    assert now.scope + now.left == sum(now.states.values()) == len(listed)
    assert now.told <= now.released <= now.fixed
    assert now.fixed == sum(item.state in RESOLVED for item in listed)
    assert now.left == sum(item.state in LEFT for item in listed)


@given(item_lists, zones)
def test_the_flow_of_all_days_is_where_the_burn_up_ends(listed, zone):
    wide = days_of(date(2026, 11, 1), DAYS[-1])
    flows, last = flow(listed, wide, zone), burn_up(listed, wide, zone)[-1]
    assert sum(each.added - each.left for each in flows) == last.scope
    assert sum(each.resolved - each.reopened for each in flows) == last.resolved


def test_a_day_ends_at_local_midnight():
    late = Item(after(0), ItemState.fixed, resolved_at=datetime(2026, 11, 17, 23, 30, tzinfo=UTC))
    days = DAYS[:4]
    assert [point.resolved for point in burn_up([late], days, UTC)] == [0, 1, 1, 1]
    assert [point.resolved for point in burn_up([late], days, BERLIN)] == [0, 0, 1, 1]


def test_a_bug_taken_up_again_leaves_the_fixed_ones():
    item = Item(
        after(0),
        ItemState.reopened,
        changes=[(after(1), ItemState.fixed), (after(25), ItemState.reopened)],
    )
    assert burn_up([item], DAYS[:2], UTC) == [
        BurnPoint(DAYS[0], 1, 1),
        BurnPoint(DAYS[1], 1, 0),
    ]
    assert flow([item], DAYS[:2], UTC) == [
        FlowPoint(DAYS[0], added=1, resolved=1, reopened=0, left=0),
        FlowPoint(DAYS[1], added=0, resolved=0, reopened=1, left=0),
    ]


def test_the_scope_grows_and_shrinks_with_what_is_added_and_declined():
    added = Item(after(24), ItemState.open)
    declined = Item(after(-48), ItemState.declined, changes=[(after(48), ItemState.declined)])
    points = burn_up([added, declined], DAYS[:3], UTC)
    assert [point.scope for point in points] == [1, 2, 1]


def test_releasing_a_fixed_bug_fixes_nothing_again():
    item = Item(
        after(0),
        ItemState.released,
        changes=[(after(1), ItemState.fixed), (after(30), ItemState.released)],
    )
    assert [point.resolved for point in flow([item], DAYS[:2], UTC)] == [1, 0]


def test_no_days_are_no_points():
    assert burn_up([Item(after(0), ItemState.open)], [], UTC) == []
