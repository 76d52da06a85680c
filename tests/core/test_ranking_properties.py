"""What must hold of every score, whatever the facts and the policy."""

from dataclasses import replace
from datetime import timedelta, timezone
from math import fsum, isclose, isfinite, log2
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ranking import (
    BugNeeds,
    Need,
    Policy,
    data_hash,
    explain,
    gather_needs,
    points,
    rank,
    score,
    snapshot_bytes,
    weight,
)
from app.core.vocabulary import LinkState, Severity
from tests.core.ranking_facts import (
    AS_OF,
    bug,
    bug_lists,
    bugs,
    instants,
    need,
    needs,
    policies,
    report_sets,
)

BY_WEIGHT = [Severity.S4, Severity.S3, Severity.S2, Severity.S1]


@given(bugs, policies, instants)
def test_1_a_score_is_finite_and_zero_only_without_customers(facts, policy, as_of):
    found = score(facts, policy, as_of)
    assert isfinite(found)
    assert found >= 0
    assert (found == 0) is (not facts.needs)


@given(bugs, needs, policies, instants)
def test_2_a_further_customer_always_adds(facts, further, policy, as_of):
    larger = replace(facts, needs=[*facts.needs, further])
    assert score(larger, policy, as_of) > score(facts, policy, as_of)


@given(needs, policies, instants, st.integers(0, 50), st.floats(0, 1000))
def test_3_more_of_anything_never_lowers_a_score(one, policy, as_of, more, days):
    before = score(bug(one), policy, as_of)
    stronger = [
        replace(one, tickets=one.tickets + more),
        replace(one, first_report=one.first_report - timedelta(days=days)),
        replace(one, arr_cents=max(0, one.arr_cents or 0) + more * 1000),
        replace(one, importance=min(3, one.importance + more)),
    ]
    assert all(score(bug(each), policy, as_of) >= before for each in stronger)
    by_severity = [score(bug(one, severity=each), policy, as_of) for each in BY_WEIGHT]
    assert by_severity == sorted(by_severity)


@given(needs, st.integers(1, 10**6), instants)
def test_4_k_tickets_of_one_customer_add_at_most_half_of_log2_k(one, k, as_of):
    single = points(replace(one, tickets=1), Policy(), as_of)
    assert points(replace(one, tickets=k), Policy(), as_of) - single <= 0.5 * log2(k) + 1e-9


@given(bugs, policies, instants)
def test_6_contributions_sum_to_the_score(facts, policy, as_of):
    explained = explain(facts, policy, as_of)
    assert explained.score == score(facts, policy, as_of)
    assert fsum(part.contribution for part in explained.contributions) == explained.score
    for part in explained.contributions:
        terms = part.importance + part.waiting_points + part.ticket_points
        assert isclose(part.contribution, explained.severity_factor * part.weight * terms)


@given(bug_lists, policies, instants)
def test_8_other_bugs_never_change_a_score(listed, policy, as_of):
    together = {each.bug_id: each.score for each in rank(listed, policy, as_of)}
    alone = {b.bug_id: rank([b], policy, as_of)[0].score for b in listed}
    assert together == alone


@given(bug_lists, policies, instants, st.randoms(use_true_random=False))
def test_9_the_order_of_the_facts_and_their_ids_change_nothing(listed, policy, as_of, mixed):
    shuffled = [replace(b, bug_id=-b.bug_id, needs=_renamed(b.needs, mixed)) for b in listed]
    mixed.shuffle(shuffled)
    before = rank(listed, policy, as_of)
    after = rank(shuffled, policy, as_of)
    assert [replace(each, bug_id=-each.bug_id) for each in after] == before


def _renamed(own, mixed):
    renamed = [replace(each, customer_id=each.customer_id + 7) for each in own]
    mixed.shuffle(renamed)
    return renamed


@given(bugs, policies, instants, st.integers(1, 1000))
def test_9_another_currency_changes_no_score(facts, policy, as_of, rate):
    scaled = [replace(n, arr_cents=n.arr_cents and n.arr_cents * rate) for n in facts.needs]
    dearer = replace(policy, arr_ref_cents=policy.arr_ref_cents * rate)
    same = score(replace(facts, needs=scaled), dearer, as_of)
    assert same == score(facts, policy, as_of)


@given(report_sets, report_sets, st.sampled_from([LinkState.suggested, LinkState.rejected]))
def test_10_suggested_and_rejected_links_change_nothing(confirmed, others, state):
    unconfirmed = [replace(each, state=state) for each in others]
    assert gather_needs([*confirmed, *unconfirmed]) == gather_needs(confirmed)


@given(bug_lists, policies, instants)
def test_11_the_order_is_total(listed, policy, as_of):
    equal = [replace(b, severity=Severity.S3, needs=[], recent_tickets=0) for b in listed]
    ranked = rank(equal, policy, as_of)
    by_name = sorted(equal, key=lambda b: (b.source, b.natural_key))
    assert [each.bug_id for each in ranked] == [b.bug_id for b in by_name]
    assert [each.place for each in ranked] == list(range(1, len(equal) + 1))


@given(bug_lists, policies, instants)
def test_12_a_recomputed_snapshot_is_byte_equal(listed, policy, as_of):
    first = snapshot_bytes(rank(listed, policy, as_of), policy, as_of)
    again = snapshot_bytes(rank(listed[::-1], policy, as_of), policy, as_of)
    assert first == again
    assert data_hash(first) == data_hash(again)


ZONES = [ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), timezone(timedelta(hours=-9))]


@given(bug_lists, policies, instants, st.sampled_from(ZONES))
def test_13_time_zones_and_summer_time_change_nothing(listed, policy, as_of, zone):
    local = [replace(b, needs=[_moved(each, zone) for each in b.needs]) for b in listed]
    there = as_of.astimezone(zone)
    here = snapshot_bytes(rank(listed, policy, as_of), policy, as_of)
    assert snapshot_bytes(rank(local, policy, there), policy, there) == here


def _moved(one: Need, zone):
    return replace(one, first_report=one.first_report.astimezone(zone))


@given(st.integers(0, 30), st.floats(0, 2000))
def test_7_without_weights_the_score_is_the_number_of_customers(customers, days):
    counting = Policy(beta=0, gamma=0, alpha=0)
    facts = bug(*(need(each, tickets=each + 1, days=days) for each in range(customers)))
    assert score(facts, counting, AS_OF) == customers


@given(st.lists(st.integers(1, 3), max_size=20))
def test_7_with_importance_alone_it_is_the_sum_of_three_two_one(marks):
    facts = bug(*(need(who, importance=mark) for who, mark in enumerate(marks)))
    assert score(facts, Policy(beta=0, gamma=0), AS_OF) == sum(marks)


@given(st.integers(0, 30), st.sampled_from([(Severity.S1, 4), (Severity.S2, 2), (None, 1)]))
def test_7_with_severity_it_is_reach_times_impact(customers, known):
    severity, impact = known
    facts = bug(*(need(each) for each in range(customers)), severity=severity)
    assert score(facts, Policy(beta=0, gamma=0), AS_OF) == customers * impact


@given(st.integers(1, 10**12), policies)
def test_one_customer_never_counts_more_than_the_cap(arr_cents, policy):
    assert 1 <= weight(arr_cents, policy) <= policy.w_max


@pytest.mark.parametrize("arr_cents", [None, 0, -5])
def test_unknown_revenue_counts_as_one(arr_cents):
    assert weight(arr_cents, Policy(alpha=0.5, arr_ref_cents=100)) == 1


def test_a_bug_without_severity_counts_as_s3():
    facts = BugNeeds(1, None, [need()], 0, "jira", "K-1")
    assert score(facts, Policy(), AS_OF) == score(
        replace(facts, severity=Severity.S3), Policy(), AS_OF
    )
