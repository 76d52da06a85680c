"""Every reason a plan prints evaluates true."""

from hypothesis import given

from app.core.planning import Why, plan
from app.core.vocabulary import Effort
from tests.core.plan_checks import DAYS, TOLERANCE, Judge, instances


def is_true(judge, bug_id, reason, team):
    bug, why = judge.bugs[bug_id], reason.why
    return {
        Why.kept: lambda: False,
        Why.pinned: lambda: bug.pinned_team == team,
        Why.owner_area: lambda: bug.owner_team == team,
        Why.high_profile: lambda: bug.rank <= judge.top,
        Why.own_lingering: lambda: bug.oldest_need_days >= 180 and bug.owner_team == team,
        Why.lane_minimum: lambda: is_needed(judge, bug_id, team),
        Why.best_value_per_day: lambda: is_best(judge, bug_id, team),
        Why.adjacent_spillover: lambda: team in bug.adjacent_teams and owner_is_full(judge, bug_id),
    }[why]()


def is_needed(judge, bug_id, team):
    held = judge.held(team)
    return judge.covered(team, held - {bug_id}) != judge.covered(team, held)


def is_best(judge, bug_id, team):
    out = [b for b, why in judge.why.items() if why in {Why.no_capacity, Why.lower_value}]
    return all(
        worth(judge, each, team) <= worth(judge, bug_id, team) + TOLERANCE
        for each in out
        if team in judge.permitted(each)
    )


def worth(judge, bug_id, team):
    return judge.bugs[bug_id].score / judge.effort(bug_id, team)


def owner_is_full(judge, bug_id):
    owner = judge.bugs[bug_id].owner_team
    return not judge.fits(owner, judge.held(owner) | {bug_id})


@given(instances())
def test_every_reason_for_a_bug_in_the_plan_is_true(given_):
    judge = Judge(given_, plan(given_))
    for bug_id, each in judge.placed.items():
        assert each.reasons
        assert each.lane is judge.lane(bug_id, each.team_id)
        for reason in each.reasons:
            assert is_true(judge, bug_id, reason, each.team_id), reason


@given(instances())
def test_every_reason_for_a_bug_left_out_is_true(given_):
    judge = Judge(given_, plan(given_))
    for each in judge.plan.rejections:
        assert was_left_out(judge, judge.bugs[each.bug_id], each.reason), each


def was_left_out(judge, bug, reason):
    crews = {crew.team_id for crew in judge.instance.crews}
    return {
        Why.declined: lambda: bug.declined is not None,
        Why.blocked: lambda: bug.blocked_by is not None,
        Why.no_owner: lambda: bug.owner_team not in crews,
        Why.not_ready: lambda: bug.missing != (),
        Why.too_large: lambda: bug.effort is Effort.XL and reason.days == DAYS[Effort.XL],
        Why.lower_value: lambda: counts_less(judge, bug),
        Why.no_capacity: lambda: lacks_room(judge, bug, reason),
    }[reason.why]()


def counts_less(judge, bug):
    held = [b for b in judge.held(bug.owner_team) if not judge.is_fixed(b)]
    return held and all(judge.bugs[b].score >= bug.score for b in held)


def lacks_room(judge, bug, reason):
    """The days named are enough, half a day less is not, and what displaces it is there."""
    held = judge.held(bug.owner_team)
    needed = judge.spent(bug.owner_team, held | {bug.bug_id}) - judge.plannable(bug.owner_team)
    enough = needed - TOLERANCE <= reason.days <= needed + 0.25 + TOLERANCE
    return enough and set(reason.bug_ids) <= held
