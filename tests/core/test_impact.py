"""The result of a sprint is counted from facts, and never counts the same thing twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.impact import (
    Impact,
    ItemFact,
    NeedFact,
    Promise,
    TicketFact,
    Window,
    impact,
    is_fixed,
)
from app.core.vocabulary import ItemState

START = datetime(2026, 11, 16, tzinfo=UTC)
SPRINT = Window(START, START + timedelta(days=14))


def day(number):
    return START + timedelta(days=number)


def fixed(bug_id, *needs, on=5, team="Payments", **more):
    return ItemFact(bug_id, ItemState.fixed, needs, team, day(on), **more)


def told(items, tickets=()) -> Impact:
    return impact(items, tickets, SPRINT)


needs = st.lists(
    st.builds(
        NeedFact,
        customer_id=st.integers(1, 6),
        first_report=st.integers(-900, 14).map(day),
        arr_cents=st.none() | st.integers(0, 10**9),
    ),
    max_size=4,
    unique_by=lambda need: need.customer_id,
)
items = st.builds(
    ItemFact,
    bug_id=st.integers(1, 8),
    state=st.sampled_from(list(ItemState)),
    needs=needs,
    team=st.sampled_from([None, "Editor", "Payments"]),
    resolved_at=st.none() | st.integers(-3, 18).map(day),
    reopened=st.integers(0, 2),
)
item_lists = st.lists(items, max_size=8, unique_by=lambda item: item.bug_id)
tickets = st.lists(
    st.builds(
        TicketFact,
        ticket_id=st.integers(1, 10),
        bug_id=st.none() | st.integers(1, 9),
        solved_at=st.just(None) | st.integers(-3, 18).map(day),
    ),
    max_size=14,
    unique_by=lambda each: (each.ticket_id, each.bug_id),
)


@given(item_lists, tickets)
def test_every_ticket_solved_in_the_sprint_counts_in_exactly_one_of_the_two_numbers(listed, known):
    result = told(listed, known)
    solved = {each.ticket_id for each in known if SPRINT.holds(each.solved_at)}
    by_fix, without = result.figures.tickets_resolved, result.tickets_closed_without_fix
    assert by_fix + without == len(solved)


@given(item_lists, tickets)
def test_without_a_fix_no_ticket_is_resolved_by_one(listed, known):
    unfixed = [item for item in listed if not is_fixed(item, SPRINT)]
    figures = told(unfixed, known).figures
    assert (figures.fixed, figures.tickets_resolved, figures.customers) == (0, 0, 0)
    assert figures.customer_days_ended == figures.arr_cents == 0


@given(item_lists, tickets, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(listed, known, mixed):
    result = told(listed, known)
    shuffled, others = list(listed), list(known)
    mixed.shuffle(shuffled)
    mixed.shuffle(others)
    assert told(shuffled, others) == result


@given(item_lists, tickets)
def test_the_bugs_of_the_teams_add_up_to_all_of_them(listed, known):
    result = told(listed, known)
    by_team = [team.figures for team in result.teams]
    assert sum(each.scope for each in by_team) == result.figures.scope
    assert sum(each.fixed for each in by_team) == result.figures.fixed
    assert sum(each.left for each in by_team) == result.figures.left
    days = sum(each.customer_days_ended for each in by_team)
    assert abs(days - result.figures.customer_days_ended) < 1e-6


@given(item_lists)
def test_the_oldest_promise_is_part_of_the_days_ended(listed):
    result = told(listed)
    oldest = result.oldest_promise_kept
    assert (oldest is None) is (result.figures.customers == 0)
    assert oldest is None or 0 <= oldest.days <= result.figures.customer_days_ended + 1e-9


def test_a_ticket_solved_before_the_fix_was_closed_without_one():
    known = [TicketFact(each, 1, day(each)) for each in (3, 4, 5, 6, 7, 14)]
    result = told([fixed(1, on=5)], known)
    assert result.figures.tickets_resolved == 3
    assert result.tickets_closed_without_fix == 2


def test_a_ticket_of_two_fixed_bugs_counts_once_but_for_both_teams():
    listed = [fixed(1), fixed(2, team="Editor")]
    result = told(listed, [TicketFact(1, 1, day(6)), TicketFact(1, 2, day(6))])
    assert result.figures.tickets_resolved == 1
    assert [team.figures.tickets_resolved for team in result.teams] == [1, 1]


def test_a_customer_of_two_fixed_bugs_and_its_revenue_count_once():
    first, second = NeedFact(1, day(-10), None), NeedFact(1, day(-20), 500)
    figures = told([fixed(1, first), fixed(2, second, NeedFact(2, day(0)))]).figures
    assert (figures.customers, figures.arr_cents, figures.arr_known) == (2, 500, 1)
    assert figures.customer_days_ended == 15 + 25 + 5


def test_revenue_that_differs_between_bugs_counts_once_whatever_the_order():
    one, two = fixed(1, NeedFact(1, day(0), 300)), fixed(2, NeedFact(1, day(0), 500))
    assert told([one, two]).figures.arr_cents == told([two, one]).figures.arr_cents == 500


def test_a_bug_fixed_before_or_after_the_sprint_is_not_its_fix():
    assert told([fixed(1, on=-1), fixed(2, on=14), fixed(3, on=0)]).figures.fixed == 1


def test_the_oldest_promise_names_its_bug_and_customer():
    listed = [fixed(1, NeedFact(7, day(-900))), fixed(2, NeedFact(8, day(-10)))]
    assert told(listed).oldest_promise_kept == Promise(1, 7, 905)


def test_a_bug_that_was_reopened_stands_beside_the_fixed_ones():
    again = ItemFact(2, ItemState.reopened, team="Payments", resolved_at=day(3))
    figures = told([fixed(1, reopened=2), again]).figures
    assert (figures.scope, figures.fixed, figures.reopened) == (2, 1, 2)


def test_a_declined_bug_leaves_the_scope_and_is_counted_as_left():
    figures = told([fixed(1), replace(fixed(2), state=ItemState.declined)]).figures
    assert (figures.scope, figures.fixed, figures.left) == (1, 1, 1)


def test_teams_stand_in_alphabetical_order_and_no_team_comes_last():
    listed = [fixed(1, team=None), fixed(2, team="payments"), fixed(3, team="Editor")]
    assert [team.team for team in told(listed).teams] == ["Editor", "payments", None]
