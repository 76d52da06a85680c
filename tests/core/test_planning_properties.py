"""What must hold of every plan."""

from dataclasses import replace
from itertools import product
from random import Random
from statistics import mean

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.planning import Candidate, Crew, Decline, Instance, Kept, plan
from app.core.vocabulary import Effort
from tests.core.plan_checks import TOLERANCE, Judge, instances


@given(instances())
def test_a_plan_never_breaks_a_teams_days_unless_people_did(given_):
    judge = Judge(given_, plan(given_))
    for load in judge.plan.loads:
        held = judge.held(load.team_id)
        fixed = {b for b in held if judge.is_fixed(b)}
        if held != fixed:
            assert judge.fits(load.team_id, held)
        assert load.over_days <= max(0, judge.spent(load.team_id, fixed) - load.plannable_days)
        assert abs(sum(load.lane_days.values()) - judge.spent(load.team_id)) < TOLERANCE


@given(instances())
def test_every_bug_is_given_to_one_permitted_team_or_left_out_with_a_reason(given_):
    judge = Judge(given_, plan(given_))
    assert sorted([*judge.placed, *judge.why]) == sorted(judge.bugs)
    assert len(judge.plan.assignments) == len(judge.placed)
    for bug_id, each in judge.placed.items():
        assert judge.is_fixed(bug_id) or each.team_id in judge.permitted(bug_id)


@given(instances(), st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_plan_in_any_order(given_, mixed):
    bugs, crews = list(given_.candidates), list(given_.crews)
    mixed.shuffle(bugs)
    again = plan(replace(given_, candidates=tuple(bugs), crews=tuple(crews)))
    assert again == plan(given_)


@given(instances())
def test_pins_are_kept_and_declines_honoured(given_):
    judge = Judge(given_, plan(given_))
    for bug_id, each in judge.bugs.items():
        if each.declined:
            assert bug_id not in judge.placed
        elif each.pinned_team:
            assert judge.placed[bug_id].team_id == each.pinned_team


@given(instances())
def test_no_bug_left_out_has_a_justified_complaint(given_):
    assert list(Judge(given_, plan(given_)).complaints()) == []


@given(instances(plain=True), st.data())
def test_raising_a_score_never_drops_that_bug(given_, data):
    placed = sorted(each.bug_id for each in plan(given_).assignments)
    assume(placed)
    raised = data.draw(st.sampled_from(placed))
    more = data.draw(st.floats(0.01, 100))
    bugs = tuple(
        replace(b, score=b.score + more) if b.bug_id == raised else b for b in given_.candidates
    )
    again = plan(replace(given_, candidates=bugs))
    assert raised in {each.bug_id for each in again.assignments}


@given(instances(plain=True), st.data())
def test_declining_a_bug_touches_only_teams_that_share_bugs_with_its_teams(given_, data):
    assume(given_.candidates)
    before = Judge(given_, plan(given_))
    declined = data.draw(st.sampled_from(sorted(before.bugs)))
    after = Judge(given_, plan(_without(given_, declined)))
    near = before.permitted(declined)
    for _ in given_.crews:
        for permitted in map(before.permitted, before.bugs):
            near |= permitted if permitted & near else set()
    touched = {c.team_id for c in given_.crews if before.held(c.team_id) != after.held(c.team_id)}
    assert touched <= near


@given(instances(plain=True), st.data())
def test_declining_a_bug_that_only_its_owner_can_take_leaves_the_rest(given_, data):
    assume(given_.candidates)
    alone = tuple(replace(b, adjacent_teams=()) for b in given_.candidates)
    before = Judge(given_, plan(replace(given_, candidates=alone)))
    declined = data.draw(st.sampled_from(sorted(before.bugs)))
    after = Judge(given_, plan(_without(replace(given_, candidates=alone), declined)))
    owner = before.bugs[declined].owner_team
    others = {c.team_id for c in given_.crews} - {owner}
    assert all(before.held(team) == after.held(team) for team in others)
    if declined in before.why:
        assert before.held(owner) == after.held(owner)


def _without(given_, declined):
    no = Decline("Ana", "not now")
    bugs = [replace(b, declined=no) if b.bug_id == declined else b for b in given_.candidates]
    return replace(given_, candidates=tuple(bugs))


@given(instances())
def test_what_is_committed_stays_where_it_is(given_):
    first = plan(given_)
    kept = tuple(Kept(each.bug_id, each.team_id) for each in first.assignments)
    again = plan(replace(given_, kept=kept))
    placed = {each.bug_id: each.team_id for each in again.assignments}
    assert placed == {each.bug_id: each.team_id for each in first.assignments}


def test_small_plans_reach_at_least_97_percent_of_the_exact_best():
    reached = [_reached(Random(seed)) for seed in range(150)]
    assert mean(reached) >= 0.97


def _reached(random):
    bugs = tuple(
        Candidate(
            bug_id,
            random.lognormvariate(2, 1),
            rank=bug_id,
            owner_team=random.choice([1, 2]),
            adjacent_teams=random.choice([(), (1,), (2,)]),
            effort=random.choice([Effort.S, Effort.M, Effort.L]),
        )
        for bug_id in range(1, 8)
    )
    crews = (Crew(1, random.uniform(1, 4)), Crew(2, random.uniform(1, 4)))
    tiny = Instance(bugs, crews, choice_share=0, high_minimum=0, own_minimum=0)
    judge = Judge(tiny, plan(tiny))
    best = _exact(judge)
    return sum(judge.bugs[b].score for b in judge.placed) / best if best else 1


def _exact(judge):
    options = [[None, *judge.permitted(b)] for b in judge.bugs]
    return max(
        sum(bug.score for bug, team in zip(judge.bugs.values(), where, strict=True) if team)
        for where in product(*options)
        if all(
            judge.fits(t, {b for b, w in zip(judge.bugs, where, strict=True) if w == t})
            for t in (1, 2)
        )
    )
