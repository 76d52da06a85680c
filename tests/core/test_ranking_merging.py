"""Duplicates: a merged group counts every customer once and creates no points."""

from hypothesis import given

from app.core.ranking import Report, gather_needs, merge_needs, score
from tests.core.ranking_facts import AS_OF, bug, instants, need, need_lists, policies, report_sets


@given(report_sets, report_sets, report_sets)
def test_5_merging_is_commutative_associative_and_idempotent(one, two, three):
    merged = gather_needs([*one, *two, *three])
    assert gather_needs([*three, *two, *one]) == merged
    assert gather_needs([*one, *one, *two, *three, *three]) == merged
    assert gather_needs((one | two) | three) == gather_needs(one | (two | three)) == merged


@given(need_lists, need_lists, need_lists)
def test_5_merging_distinct_counts_is_commutative_and_associative(one, two, three):
    merged = merge_needs([one, two, three])
    assert merge_needs([three, one, two]) == merged
    assert merge_needs([merge_needs([one, two]), three]) == merged
    assert merge_needs([one, merge_needs([two, three])]) == merged


@given(report_sets, report_sets, policies, instants)
def test_5_a_merged_bug_lies_between_the_larger_and_the_sum(one, two, policy, as_of):
    apart = [score(bug(*gather_needs(each)), policy, as_of) for each in (one, two)]
    merged = score(bug(*gather_needs(one | two)), policy, as_of)
    assert max(apart) - 1e-9 <= merged <= sum(apart) * (1 + 1e-12) + 1e-9


@given(report_sets, report_sets)
def test_5_unmerging_restores_exactly(one, two):
    before = gather_needs(one), gather_needs(two)
    gather_needs(one | two)
    assert (gather_needs(one), gather_needs(two)) == before


def test_a_customer_of_both_duplicates_counts_once():
    merged = merge_needs(
        [
            [need(1, tickets=2, days=5, importance=1, arr_cents=None)],
            [need(1, tickets=3, days=9, importance=3, arr_cents=700), need(2)],
        ]
    )
    assert merged == (need(1, tickets=5, days=9, importance=3, arr_cents=700), need(2))


def test_a_ticket_linked_to_both_duplicates_counts_once():
    twice = [Report(7, 1, AS_OF, 1), Report(7, 1, AS_OF, 3), Report(8, 1, AS_OF)]
    assert gather_needs(twice) == (need(1, tickets=2, importance=3),)


def test_a_group_without_reports_has_no_needs():
    assert gather_needs([]) == merge_needs([]) == ()
