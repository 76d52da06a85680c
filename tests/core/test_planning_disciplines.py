"""A bug that needs a discipline takes that discipline's days as well as the team's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.planning import Crew, Why, plan
from app.core.vocabulary import Discipline, Effort
from tests.core.plan_checks import TOLERANCE, Judge, bug, instance, instances

CRAFTS = [Discipline.design, Discipline.qa]
DESIGN = (Discipline.design,)


@st.composite
def staffed(draw, alone=False):
    """Instances whose bugs need disciplines, and whose crews may say who is in them."""
    made = draw(instances())
    crews = made.crews[:1] if alone else made.crews
    bugs = [
        replace(each, needs=tuple(draw(st.lists(st.sampled_from(CRAFTS), max_size=2, unique=True))))
        for each in made.candidates
    ]
    if alone:
        bugs = [
            replace(each, owner_team=1, adjacent_teams=(), pinned_team=each.pinned_team and 1)
            for each in bugs
        ]
    days = st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(CRAFTS, st.floats(0, 6)))
    crews = tuple(replace(crew, by_discipline=draw(days)) for crew in crews)
    return replace(made, candidates=tuple(bugs), crews=crews)


class CraftJudge(Judge):
    """Recounts the days of each discipline as well."""

    def has(self, team, craft):
        crew = next(c for c in self.instance.crews if c.team_id == team)
        if crew.by_discipline is None:
            return float("inf")
        return crew.by_discipline.get(craft, 0) * (1 - self.instance.choice_share)

    def busy(self, team, craft, held):
        return sum(self.effort(b, team) for b in held if craft in self.bugs[b].needs)

    def staffs(self, team, held):
        return all(self.busy(team, c, held) <= self.has(team, c) + TOLERANCE for c in CRAFTS)


@given(staffed())
def test_no_discipline_is_planned_beyond_its_days_unless_people_did(given_):
    judge = CraftJudge(given_, plan(given_))
    for crew in given_.crews:
        held = judge.held(crew.team_id)
        for craft in CRAFTS:
            fixed = {b for b in held if judge.is_fixed(b) and craft in judge.bugs[b].needs}
            needy = {b for b in held if craft in judge.bugs[b].needs}
            if needy != fixed:
                spent = judge.busy(crew.team_id, craft, needy)
                assert spent <= judge.has(crew.team_id, craft) + TOLERANCE
        if held != {b for b in held if judge.is_fixed(b)}:
            assert judge.fits(crew.team_id, held)


@given(staffed(), st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_plan_in_any_order(given_, mixed):
    bugs = list(given_.candidates)
    mixed.shuffle(bugs)
    assert plan(replace(given_, candidates=tuple(bugs))) == plan(given_)


@given(staffed(alone=True))
def test_no_bug_is_left_out_that_the_team_and_its_disciplines_have_days_for(given_):
    judge = CraftJudge(given_, plan(given_))
    for bug_id, why in judge.why.items():
        if why in {Why.no_capacity, Why.lower_value}:
            held = judge.held(1) | {bug_id}
            assert not (judge.fits(1, held) and judge.staffs(1, held))


def designers(days):
    return (Crew(1, 10, name="Core", by_discipline={Discipline.design: days}),)


def test_the_better_of_two_bugs_gets_the_only_designer_and_the_other_is_told_why():
    first, second = bug(1, 30, needs=DESIGN), bug(2, 20, needs=DESIGN)
    made = plan(instance(first, second, bug(3, 1), crews=designers(1)))
    assert [each.bug_id for each in made.assignments] == [1, 3]
    [left] = made.rejections
    assert left.reason.why is Why.no_capacity
    assert left.reason.text == "It needs 1 day of design, and Core has 0 left."


def test_a_team_that_does_not_say_who_is_in_it_is_not_held_to_disciplines():
    made = plan(instance(bug(1, needs=DESIGN), bug(2, needs=DESIGN)))
    assert len(made.assignments) == 2


def test_a_team_next_to_it_helps_where_the_owner_has_no_designer():
    crews = (*designers(0), Crew(2, 10, name="Web", by_discipline={Discipline.design: 5}))
    made = plan(instance(bug(1, needs=DESIGN, adjacent_teams=(2,)), crews=crews))
    [taken] = made.assignments
    assert taken.team_id == 2
    said = "Core owns its area but has too few days of design left; Web knows the area next to it"
    assert taken.reasons[0].text.startswith(said)


@pytest.mark.parametrize("effort, fits", [(Effort.S, True), (Effort.L, False)])
def test_a_pinned_bug_takes_the_designers_days_before_any_other(effort, fits):
    pinned = bug(1, 1, needs=DESIGN, pinned_team=1, effort=effort)
    other = bug(2, 90, needs=DESIGN, effort=Effort.S)
    made = plan(instance(pinned, other, crews=designers(2)))
    assert ({each.bug_id for each in made.assignments} == {1, 2}) is fits
