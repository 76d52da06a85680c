"""Where a bug goes when its owner is full, and when the owner is not."""

from app.core.planning import Crew, Why, plan
from app.core.vocabulary import Effort
from tests.core.plan_checks import bug, instance


def placed(result):
    return {each.bug_id: each for each in result.assignments}


def reasons(result, bug_id):
    return {each.why: each for each in placed(result)[bug_id].reasons}


def test_a_full_owner_passes_a_bug_to_a_team_next_door_that_needs_half_as_much_again():
    mine, theirs = bug(1, 20), bug(2, 10, adjacent_teams=(2,))
    crews = (Crew(1, 1, "Payments"), Crew(2, 2, "Editor"))
    result = plan(instance(mine, theirs, crews=crews))
    assert placed(result)[2].team_id == 2
    assert placed(result)[2].effort_days == 1.5
    assert reasons(result, 2)[Why.adjacent_spillover].text == (
        "Payments owns its area but is full; Editor knows the area next to it and needs 1.5 days."
    )


def test_an_owner_with_room_keeps_its_bug():
    result = plan(instance(bug(1, adjacent_teams=(2,)), crews=(Crew(1, 1), Crew(2, 9))))
    assert placed(result)[1].team_id == 1
    assert set(reasons(result, 1)) == {Why.owner_area, Why.best_value_per_day}


def test_no_team_next_door_goes_over_the_timebox():
    large = bug(1, effort=Effort.L, adjacent_teams=(2,))
    result = plan(instance(large, crews=(Crew(1, 0), Crew(2, 9))))
    assert result.rejections[0].reason.why is Why.no_capacity


def test_a_bug_that_was_passed_on_comes_home_when_its_owner_has_room_after_all():
    lifted = bug(1, 16, owner=1, adjacent_teams=(2,))
    displaced = bug(2, 8, owner=2, effort=Effort.L)
    small = bug(3, 4, owner=2, effort=Effort.S, adjacent_teams=(1,))
    crews = (Crew(1, 0.75), Crew(2, 2))
    result = plan(instance(lifted, displaced, small, crews=crews))
    assert {bug_id: each.team_id for bug_id, each in placed(result).items()} == {1: 2, 3: 2}
    assert Why.owner_area in reasons(result, 3)


def test_a_better_bug_from_next_door_displaces_a_teams_own():
    own, better = bug(1, 5, owner=2), bug(2, 50, owner=1, adjacent_teams=(2,))
    result = plan(instance(own, better, crews=(Crew(1, 0.5), Crew(2, 2))))
    assert set(placed(result)) == {2}
