"""The sprint's calendar, its phases, and a team's days."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Conflict, Invalid
from app.core.sprints import (
    capacity_days,
    check_dates,
    check_move,
    day_of,
    days_of,
    may_follow,
    working_days,
    working_days_since,
)
from app.core.vocabulary import Phase

MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 27)


def test_a_sprint_goes_through_its_phases_in_order():
    assert all(may_follow(*pair) for pair in pairwise(Phase))


def test_only_preparing_and_reviewing_can_be_undone():
    back = {(a, b) for b, a in pairwise(Phase) if may_follow(a, b)}
    assert back == {(Phase.prepare, Phase.pitch), (Phase.review, Phase.run)}


def test_a_phase_cannot_be_skipped():
    with pytest.raises(
        Conflict, match="“prepare” can only go to “pitch” or “commit”, not to “run”"
    ):
        check_move(Phase.prepare, Phase.run)


def test_a_closed_sprint_never_changes():
    with pytest.raises(Conflict, match="its report is sealed"):
        check_move(Phase.close, Phase.review)


def test_an_allowed_step_is_not_refused():
    check_move(Phase.review, Phase.close)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 1), 0),
        (date(2026, 11, 15), 0),
        (MONDAY, 1),
        (date(2026, 11, 21), 6),
        (FRIDAY, 12),
        (date(2027, 1, 1), 12),
    ],
)
def test_the_day_of_the_sprint_counts_calendar_days(today, day):
    assert day_of(MONDAY, FRIDAY, today) == (day, 12)


def test_two_weeks_have_ten_working_days_less_the_holidays():
    assert working_days(MONDAY, FRIDAY) == 10
    assert working_days(MONDAY, FRIDAY, {date(2026, 11, 26), date(2026, 11, 22)}) == 9


def test_friday_to_monday_is_one_working_day():
    assert working_days_since(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert working_days_since(date(2026, 11, 20), date(2026, 11, 22)) == 0


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 8))
def test_every_whole_week_has_five_working_days(first, weeks):
    days = days_of(first, date.fromordinal(first.toordinal() + 7 * weeks - 1))
    assert len(days) == 7 * weeks
    assert not days or working_days(days[0], days[-1]) == 5 * weeks


def test_a_sprint_that_ends_before_it_starts_is_refused():
    with pytest.raises(Invalid, match="before it starts on 2026-11-27"):
        check_dates(FRIDAY, MONDAY)


def test_a_sprint_without_a_working_day_is_refused():
    with pytest.raises(Invalid, match="no working day"):
        check_dates(date(2026, 11, 21), date(2026, 11, 22))
    check_dates(MONDAY, MONDAY)


def test_capacity_is_days_less_leave_times_focus():
    assert capacity_days([(10, 0), (10, 4), (2, 5)], 0.5) == 8


def test_a_team_without_members_has_no_days():
    assert capacity_days([], 0.6) == 0


@pytest.mark.parametrize("factor", [0, -1, 1.1])
def test_a_focus_factor_that_is_no_share_is_refused(factor):
    with pytest.raises(Invalid, match="focus factor"):
        capacity_days([], factor)
