"""Single facts of planning: lanes, sizes, pins, spill-over, bundles, reasons, the cut line."""

import pytest

from app.core.errors import Invalid
from app.core.planning import Crew, Decline, Instance, Kept, Why, plan
from app.core.vocabulary import Effort, Lane
from tests.core.plan_checks import bug, instance


def placed(result):
    return {each.bug_id: each for each in result.assignments}


def reasons(result, bug_id):
    return {each.why: each for each in placed(result)[bug_id].reasons}


def rejection(result, bug_id):
    (found,) = [each.reason for each in result.rejections if each.bug_id == bug_id]
    return found


def test_a_share_of_the_days_is_left_to_the_teams_choice():
    bugs = [bug(each) for each in range(1, 12)]
    result = plan(instance(*bugs, choice_share=0.3))
    assert len(result.assignments) == 7
    assert result.loads[0].plannable_days == 7
    assert result.loads[0].capacity_days == 10


def test_the_best_value_for_the_days_wins_not_the_largest_bug():
    large, small, other = (
        bug(1, 12, effort=Effort.L),
        bug(2, 8, effort=Effort.M),
        bug(3, 7, effort=Effort.M),
    )
    result = plan(instance(large, small, other, crews=(Crew(1, 2),)))
    assert set(placed(result)) == {2, 3}
    left = rejection(result, 1)
    assert (left.why, left.days, left.bug_ids) == (Why.no_capacity, 2, (2, 3))
    assert left.text == (
        "Team 1 has no room: it goes to bug 2 and bug 3; it would fit with 2 more days."
    )


def test_the_top_of_the_list_gets_its_share_before_better_value():
    top = bug(1, 1.0, rank=1, effort=Effort.L)
    rest = [bug(each, 100.0) for each in range(2, 8)]
    result = plan(instance(top, *rest, crews=(Crew(1, 4),), high_profile_per_team=1))
    assert placed(result)[1].lane is Lane.high_profile
    assert reasons(result, 1)[Why.lane_minimum].text == (
        "Without it, Team 1 would have less than the minimum of its high-profile lane."
    )
    assert reasons(result, 1)[Why.high_profile].text == "It is #1 of the ranked list."
    assert Why.best_value_per_day not in reasons(result, 1)


def test_a_teams_own_lingering_bug_gets_its_share():
    old = bug(1, 1.0, oldest_need_days=412)
    rest = [bug(each, 100.0) for each in range(2, 6)]
    result = plan(instance(old, *rest, crews=(Crew(1, 3, "Payments"),)))
    assert placed(result)[1].lane is Lane.own_lingering
    assert reasons(result, 1)[Why.own_lingering].text == (
        "A customer of Payments has waited 412 days for it."
    )


def test_an_unknown_effort_counts_as_m_and_is_flagged():
    (only,) = plan(instance(bug(1, effort=None))).assignments
    assert (only.effort_days, only.effort_known) == (1.0, False)


@pytest.mark.parametrize(
    ("marks", "why", "text"),
    [
        ({"owner": None}, Why.no_owner, "No team of this sprint owns its area"),
        ({"owner": 9}, Why.no_owner, "No team of this sprint owns its area"),
        ({"effort": Effort.XL}, Why.too_large, "It takes about 4 days, more than the timebox of 2"),
        ({"missing": ("steps", "size")}, Why.not_ready, "still missing: steps, size."),
        ({"blocked_by": "the new API"}, Why.blocked, "It waits for the new API."),
        ({"declined": Decline("Ana", "rewritten.")}, Why.declined, "Ana declined it: rewritten."),
    ],
)
def test_a_bug_that_cannot_be_planned_says_why(marks, why, text):
    result = plan(instance(bug(1, **marks)))
    assert result.assignments == ()
    assert rejection(result, 1).why is why
    assert text in rejection(result, 1).text


def test_a_pin_outweighs_size_owner_and_room():
    pinned = bug(1, owner=None, effort=Effort.XL, pinned_team=1, pinned_by="Ana")
    result = plan(instance(pinned, bug(2), crews=(Crew(1, 5, "Payments"),)))
    assert reasons(result, 1)[Why.pinned].text == "Ana pinned it to Payments."
    assert result.loads[0].over_days == 1
    assert rejection(result, 2).why is Why.no_capacity


def test_declining_outweighs_a_pin():
    result = plan(instance(bug(1, pinned_team=1, declined=Decline("Ana", "no"))))
    assert rejection(result, 1).why is Why.declined


def test_a_commitment_takes_room_before_anything_is_chosen():
    result = plan(instance(bug(1, 90), bug(2, 1), crews=(Crew(1, 1),), kept=(Kept(2, 1),)))
    assert set(placed(result)) == {2}
    assert reasons(result, 2)[Why.kept].text == "Team 1 is already committed to it."


def test_bugs_of_one_bundle_go_together_or_not_at_all():
    pair = [bug(1, 9, bundle="login", name="Login loops"), bug(2, 1, bundle="login")]
    together = plan(instance(*pair, crews=(Crew(1, 2),)))
    assert reasons(together, 2)[Why.bundled].text == "It is best done together with “Login loops”."
    assert plan(instance(*pair, crews=(Crew(1, 1),))).assignments == ()


def test_a_bug_below_everything_taken_is_of_lower_value():
    result = plan(instance(bug(1, 9), bug(2, 8), bug(3, 7), crews=(Crew(1, 2),)))
    assert rejection(result, 3).why is Why.lower_value
    assert rejection(result, 3).text == (
        "Everything Team 1 takes counts at least as much: "
        "the last one in has 8.0 points, this one 7.0."
    )


def test_the_cut_line_names_the_last_in_and_the_first_three_out():
    bugs = [bug(each, 50 - each) for each in range(1, 8)]
    result = plan(instance(*bugs, crews=(Crew(1, 2),)))
    assert result.last_in == 2
    assert result.first_out == (3, 4, 5)


def test_nothing_to_plan_is_an_empty_plan():
    result = plan(Instance((), ()))
    assert (result.assignments, result.last_in, result.first_out) == ((), None, ())


@pytest.mark.parametrize(
    ("nonsense", "text"),
    [
        ({"choice_share": 0.8}, "between 0 and 70 %"),
        ({"high_minimum": 0.9}, "must not be negative, nor exceed 100 % together"),
        ({"crews": (Crew(1, -1),)}, "person-days must lie between"),
    ],
)
def test_an_instance_that_makes_no_sense_is_refused(nonsense, text):
    with pytest.raises(Invalid, match=text):
        instance(**nonsense)


def test_a_bug_listed_twice_is_refused():
    with pytest.raises(Invalid, match="only once"):
        instance(bug(1), bug(1))


def test_a_pin_to_an_unknown_team_is_refused_by_name():
    with pytest.raises(Invalid, match="“Export hangs” is pinned to a team that is not in"):
        instance(bug(1, pinned_team=7, name="Export hangs"))
