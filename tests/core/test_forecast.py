"""The forecast is the same for the same facts, keeps its bounds, and holds as often as it says."""

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.forecast import NOT_BEGUN, NOTHING, OVER, TOO_EARLY, Forecast, forecast
from app.core.progress import BurnPoint
from app.core.sprints import days_of, working_days

FIRST, LAST = date(2026, 11, 16), date(2026, 11, 27)
DAYS = days_of(FIRST, LAST)


def points(fixed, scope=120):
    """The burn-up of a sprint in which so many bugs were fixed on each day so far."""
    total, found = 0, []
    for day, count in zip(DAYS, fixed, strict=False):
        total = min(scope, total + count)
        found.append(BurnPoint(day, scope, total))
    return found


def ahead(fixed, scope=120):
    made = points(fixed, scope)
    return forecast(made, last=LAST, today=made[-1].on)


fixes = st.lists(st.integers(0, 400), min_size=1, max_size=len(DAYS))
scopes = st.integers(1, 6_000)


@given(fixes, scopes)
def test_it_never_leaves_what_is_fixed_and_what_there_is(fixed, scope):
    found, now = ahead(fixed, scope), points(fixed, scope)[-1]
    if found.low is None:
        assert found.words == TOO_EARLY
    else:
        assert now.resolved <= found.low <= found.high <= now.scope
        assert found.words == ""


@given(fixes, scopes)
def test_the_same_facts_give_the_same_forecast(fixed, scope):
    assert ahead(fixed, scope) == ahead(fixed, scope)


@given(st.lists(st.integers(1, 40), min_size=5, max_size=5), st.integers(1, 5))
def test_a_quicker_pace_never_foretells_less(fixed, more):
    slow, quick = (
        ahead([*fixed, 0], 6_000),
        ahead([each * (more + 1) for each in fixed] + [0], 6_000),
    )
    assert quick.low >= slow.low
    assert quick.high >= slow.high


def test_it_says_in_words_why_there_is_none():
    assert forecast([], last=LAST, today=FIRST) == Forecast(words=NOT_BEGUN)
    assert ahead([4, 9, 9]).words == TOO_EARLY  # two whole days and a morning
    assert ahead([1, 1, 1, 0]).words == TOO_EARLY
    assert ahead([9], scope=0).words == NOTHING
    assert forecast(points([9] * 12), last=LAST, today=LAST + timedelta(days=1)).words == OVER


def test_all_fixed_is_certain_however_early():
    assert ahead([7, 5], scope=12) == Forecast(12, 12)


def test_an_even_pace_is_carried_on_over_the_days_that_are_left():
    found = ahead([10, 10, 10, 10, 10, 0, 0, 0])
    assert found.low < 100 < found.high
    assert (found.low, found.high) == (88, 114)


def test_uneven_days_make_it_wider():
    even, uneven = ahead([10] * 5 + [0, 0, 0]), ahead([0, 40, 0, 10, 0, 0, 0, 0])
    assert uneven.high - uneven.low > even.high - even.low


def test_what_is_fixed_at_the_weekend_counts_for_the_day_before():
    assert ahead([8, 8, 8, 8, 4, 2, 2, 0]) == ahead([8, 8, 8, 8, 8, 0, 0, 0])


def test_four_ends_in_five_are_within():
    dice, held, runs = random.Random(7), 0, 400
    for _ in range(runs):
        pace = dice.uniform(2, 30)
        days = [
            sum(dice.random() < pace / 100 for _ in range(100)) if working_days(d, d) else 0
            for d in DAYS
        ]
        found = ahead([*days[:7], 0], 6_000)
        held += found.low <= sum(days) <= found.high
    assert 0.78 <= held / runs <= 0.95
