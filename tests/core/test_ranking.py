"""How to read a score, how ties break, and what a policy may not be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.core.errors import Invalid
from app.core.ranking import (
    Need,
    Policy,
    data_hash,
    explain,
    is_stale,
    median_arr,
    order_key,
    points,
    rank,
    rank_range,
    score,
    snapshot_bytes,
    swings,
    weight,
    would_pass,
)
from app.core.vocabulary import Severity
from tests.core.ranking_facts import AS_OF, bug, need


@pytest.mark.parametrize(("days", "more"), [(0, 0), (90, 1), (270, 2), (630, 3)])
def test_waiting_adds_a_point_after_90_270_and_630_days(days, more):
    assert points(need(days=days), Policy(), AS_OF) == 1 + more


def test_four_tickets_of_one_customer_add_one_point():
    assert points(need(tickets=4), Policy(), AS_OF) == 2


def test_a_critical_mark_adds_two_points():
    assert points(need(importance=3), Policy(), AS_OF) == 3


def test_a_report_after_the_instant_has_waited_for_nothing():
    assert points(need(days=-30), Policy(), AS_OF) == 1


def test_the_median_customer_weighs_one_and_a_half():
    policy = Policy(alpha=0.5, arr_ref_cents=median_arr([100, None, 300, 200, 0]))
    assert policy.arr_ref_cents == 200
    assert weight(200, policy) == 1.5


def test_the_median_of_no_known_revenue_is_unknown():
    assert median_arr([None, 0]) is None


def test_severities_count_four_two_one_and_a_half():
    factors = [score(bug(need(), severity=each), Policy(), AS_OF) for each in Severity]
    assert factors == [4, 2, 1, 0.5]


def key(score=5.0, *, recent=1, customers=2, first=AS_OF, source="jira", name="B"):
    return order_key(
        score,
        recent_tickets=recent,
        customers=customers,
        first_report=first,
        source=source,
        natural_key=name,
    )


def test_equal_scores_fall_to_recent_tickets_then_customers_then_age_then_name():
    expected = [
        key(5.1, recent=0),
        key(recent=3),
        key(customers=3),
        key(first=AS_OF - timedelta(1)),
        key(source="github"),
        key(name="A"),
        key(),
        key(first=None),
    ]
    backwards = expected[::-1]
    backwards.sort()
    assert backwards == expected


def test_scores_closer_than_a_billionth_are_equal():
    assert key(5 + 1e-11, recent=0) > key(5.0, recent=1)


def test_a_bug_without_customers_is_listed_last_with_zero():
    listed = rank([bug(bug_id=1), bug(need(), bug_id=2, key="K-2")], Policy(), AS_OF)
    assert [(each.bug_id, each.score, each.place) for each in listed] == [(2, 1.0, 1), (1, 0.0, 2)]
    assert listed[1].first_report is None


def test_a_ranked_bug_carries_its_counts():
    facts = bug(need(1, tickets=2, days=9, arr_cents=50), need(2, days=3), recent=1)
    (only,) = rank([facts], Policy(), AS_OF)
    assert (only.customers, only.tickets, only.recent_tickets, only.arr_cents) == (2, 3, 1, 50)
    assert only.first_report == AS_OF - timedelta(days=9)


def test_an_explanation_names_the_largest_customer_first():
    explained = explain(bug(need(1), need(2, days=90), severity=None), Policy(), AS_OF)
    assert [part.customer_id for part in explained.contributions] == [2, 1]
    assert explained.contributions[0].waiting_days == 90
    assert not explained.severity_known


def test_a_rank_range_holds_the_places_under_each_weight():
    old = bug(need(1, days=630), bug_id=1, key="K-1")
    wide = bug(need(1), need(2), need(3), need(4), bug_id=2, key="K-2")
    mild = bug(need(1), bug_id=3, key="K-3")
    assert [each.bug_id for each in rank([mild, old, wide], Policy(), AS_OF)] == [2, 1, 3]
    listed = swings([wide, old, mild], Policy(), AS_OF)
    assert rank_range(1, listed) == (1, 2)
    assert rank_range(2, listed) == (1, 2)
    assert rank_range(3, listed) == (3, 3)


def test_the_weight_of_revenue_is_shaken_only_where_it_counts():
    shaken = swings([bug(need(), bug_id=1)], Policy(), AS_OF)
    with_money = swings([bug(need(), bug_id=1)], Policy(alpha=0.5, arr_ref_cents=1), AS_OF)
    assert (len(shaken[1]), len(with_money[1])) == (7, 9)


def test_three_fresh_customers_pass_a_bug_two_and_a_half_points_above():
    passing = would_pass(bug(need()), (9, 3.5), Policy(), AS_OF)
    assert (passing.above_bug_id, passing.difference) == (9, 2.5)
    assert passing.new_customers == 3
    assert passing.critical_customer_id is None


def test_evidence_that_only_ties_does_not_pass():
    assert would_pass(bug(need()), (9, 3.0), Policy(), AS_OF).new_customers == 3
    assert would_pass(bug(need()), (9, 3.0), Policy(), AS_OF).critical_customer_id is None


def test_the_evidence_named_does_pass():
    facts = bug(need(1, importance=2), need(2), severity=Severity.S2)
    passing = would_pass(facts, (9, 9.5), Policy(), AS_OF)
    assert passing.critical_customer_id == 2
    marked = replace(facts, needs=[facts.needs[0], need(2, importance=3)])
    assert score(marked, Policy(), AS_OF) > 9.5
    fresh = [need(10 + each) for each in range(passing.new_customers)]
    assert score(replace(facts, needs=[*facts.needs, *fresh]), Policy(), AS_OF) > 9.5
    assert score(replace(facts, needs=[*facts.needs, *fresh[1:]]), Policy(), AS_OF) <= 9.5


def test_a_snapshot_is_canonical_json_with_utc_times():
    (only,) = rank([bug(need(days=90))], Policy(beta=1), AS_OF)
    data = snapshot_bytes([only], Policy(beta=1), AS_OF)
    assert data == (
        b'{"as_of":"2026-11-21T12:00:00Z","bugs":[{"arr_cents":0,"bug_id":1,"customers":1,'
        b'"first_report":"2026-08-23T12:00:00Z","place":1,"recent_tickets":0,"score":2.0,'
        b'"tickets":1}],"policy":{"alpha":0.0,"arr_ref_cents":null,"beta":1.0,"gamma":0.5,'
        b'"severity_spread":1.0,"tau_days":90.0,"w_max":5.0}}'
    )
    assert len(data_hash(data)) == 64


def test_a_bug_nobody_confirmed_for_a_year_is_stale():
    assert is_stale(AS_OF - timedelta(days=366), AS_OF)
    assert not is_stale(AS_OF - timedelta(days=365), AS_OF)
    assert not is_stale(None, AS_OF)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"beta": -1},
        {"beta": float("nan")},
        {"tau_days": 0},
        {"gamma": 1.01},
        {"alpha": float("inf")},
        {"w_max": 0.5},
        {"severity_spread": 3},
        {"arr_ref_cents": 0},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(nonsense):
    with pytest.raises(Invalid, match=r"must .*\."):
        Policy(**nonsense)


def test_revenue_without_a_reference_is_refused():
    with pytest.raises(Invalid, match="import the customers' yearly revenue first"):
        Policy(alpha=0.5)


def test_a_need_without_tickets_is_refused():
    with pytest.raises(Invalid, match="at least one ticket"):
        Need(1, 0, AS_OF, 1, None)


def test_a_need_without_a_time_zone_is_refused():
    with pytest.raises(Invalid, match="time zone"):
        Need(1, 1, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None), 1, None)


def test_the_hour_that_comes_twice_in_autumn_keeps_its_order():
    berlin = ZoneInfo("Europe/Berlin")
    earlier = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    later = datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1)
    assert key(first=earlier) < key(first=later)
