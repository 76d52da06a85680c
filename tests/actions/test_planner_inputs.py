"""What people and labels say of a bug reaches the planner, and what was given is remembered."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.actions import claims, estimates, plans
from app.actions.estimates import Size
from app.actions.plans import Mark, NewSprint
from app.core.errors import NotFound
from app.core.vocabulary import Discipline, Effort
from app.db.models import Activity, Member, SprintItem
from app.views.plans import plan_page
from tests import make
from tests.make import DAWN

MONDAY = date(2026, 1, 5)
WHO = {"actor": "Sam", "at": DAWN}


@pytest.fixture
def team(db):
    return make.team(db)


@pytest.fixture
def bugs(db, team):
    """Three bugs of one team, the worst first."""
    area = make.area(db, team_id=team.id)
    made = [make.bug(db, f"Bug {number}", area_id=area.id) for number in range(3)]
    for number, bug in enumerate(made):
        for _ in range(3 - number):
            make.ticket(db, on=bug, created_at=DAWN - timedelta(days=30))
    make.ranked(db)
    return [bug.id for bug in made]


@pytest.fixture
def slug(db, bugs):
    return plans.create(db, NewSprint("Spring", MONDAY, MONDAY + timedelta(13)), **WHO)


def shown(db, slug):
    """The plan: reasons by bug, for what is in and for what is left out."""
    page = plan_page(db, slug, at=DAWN)
    taken = {line.bug_id: line for team in page.teams for line in team.lines}
    return taken, {line.bug_id: line for line in page.rejected}


def test_a_size_that_people_say_outweighs_the_label_and_is_frozen(db, bugs, slug):
    first, second, _ = bugs
    estimates.estimate(db, first, Size(Effort.S), **WHO)
    estimates.estimate(db, second, Size(Effort.XL), **WHO)
    taken, left = shown(db, slug)
    assert (taken[first].effort, taken[first].effort_days) == ("S", 0.5)
    assert "more than the timebox" in left[second].reasons[0]
    plans.commit(db, slug, **WHO)
    efforts = dict(db.exec(select(SprintItem.bug_id, SprintItem.effort)).all())
    assert efforts == {first: "S", bugs[2]: None}
    notes = db.exec(
        select(Activity.detail).where(Activity.verb == "estimated").order_by(Activity.id)
    ).all()
    assert notes == ["size S", "size XL"]
    with pytest.raises(NotFound, match="no bug 99"):
        estimates.estimate(db, 99, Size(Effort.S), **WHO)


def test_a_size_can_be_taken_back(db, bugs, slug):
    estimates.estimate(db, bugs[0], Size(Effort.XL, [Discipline.design]), **WHO)
    estimates.estimate(db, bugs[0], Size(None), **WHO)
    taken, _ = shown(db, slug)
    assert (taken[bugs[0]].effort, taken[bugs[0]].needs) == (None, [])


def test_a_blocked_bug_and_one_that_is_not_ready_wait_with_what_was_said(db, bugs, slug):
    first, second, third = bugs
    plans.mark(db, slug, Mark(first, blocked_by="the new mail server"), **WHO)
    plans.mark(db, slug, Mark(second, missing="steps to reproduce it"), **WHO)
    taken, left = shown(db, slug)
    assert set(taken) == {third}
    assert left[first].reasons == ["It waits for the new mail server."]
    assert left[second].reasons == ["It is not ready; still missing: steps to reproduce it."]
    plans.mark(db, slug, Mark(first), **WHO)
    assert set(shown(db, slug)[0]) == {first, third}


@pytest.mark.parametrize("label", ["needs-info", "Needs info", "needinfo", "need:information"])
def test_a_trackers_label_says_what_a_bug_lacks(db, bugs, slug, label):
    bug = db.get(make.Bug, bugs[0])
    bug.labels = [label, "needs-attention"]
    db.add(bug)
    db.commit()
    _, left = shown(db, slug)
    said = "It is not ready; still missing: an answer to what was asked."
    assert left[bugs[0]].reasons == [said]


def test_bugs_of_a_bundle_go_together_or_not_at_all(db, bugs, slug):
    first, second, _ = bugs
    for number in (first, second):
        plans.bundle(db, slug, number, " composer  rewrite ", **WHO)
    taken, _ = shown(db, slug)
    assert "It is best done together with “Bug 1”." in taken[first].reasons
    assert taken[first].bundle == "composer rewrite"
    plans.mark(db, slug, Mark(second, declined=True, why="later"), **WHO)
    taken, left = shown(db, slug)
    assert left[first].reasons == ["It goes together with “Bug 1”, which is left out."]
    plans.bundle(db, slug, first, "", **WHO)
    assert first in shown(db, slug)[0]


def test_a_mark_leaves_the_bundle_and_clearing_takes_it_out(db, bugs, slug, team):
    plans.bundle(db, slug, bugs[0], "composer", **WHO)
    plans.mark(db, slug, Mark(bugs[0], pinned_team_id=team.id), **WHO)
    assert shown(db, slug)[0][bugs[0]].bundle == "composer"
    plans.mark(db, slug, Mark(bugs[0], bundle=""), **WHO)
    assert shown(db, slug)[0][bugs[0]].bundle is None


def test_a_teams_disciplines_come_from_its_members(db, bugs, slug, team):
    team.capacity_days = None
    db.add(team)
    for craft, days in (("engineering", 10), ("design", 3)):
        db.add(Member(team_id=team.id, name=craft, discipline=craft, days=days))
    db.commit()
    bug = db.get(make.Bug, bugs[1])
    bug.labels = ["needs-design"]
    db.add(bug)
    db.commit()
    estimates.estimate(db, bugs[0], Size(Effort.M, [Discipline.design]), **WHO)
    taken, left = shown(db, slug)
    # 3 days of design, focus 0.6, 70 % of it planned: 1.25 days in quarters.
    assert taken[bugs[0]].needs == ["design"]
    assert left[bugs[1]].reasons == ["It needs 1 day of design, and Payments has 0.25 left."]


def test_the_committed_plan_shows_who_was_given_a_bug_and_who_has_it_now(db, bugs, slug, team):
    other = make.team(db, "Search")
    plans.commit(db, slug, **WHO)
    before = plan_page(db, slug, at=DAWN)
    claims.claim(db, bugs[0], team_id=other.id, actor="Ana", at=DAWN)
    page = plan_page(db, slug, at=DAWN)
    shares = {share.team.name: {li.bug_id: li.holder for li in share.lines} for share in page.teams}
    assert shares == {"Payments": {bugs[0]: "Search", bugs[1]: None, bugs[2]: None}, "Search": {}}
    assert [share.planned_days for share in page.teams] == [
        share.planned_days for share in before.teams
    ]
    line = page.teams[0].lines[0]
    assert (line.id, line.source, line.external_id) == (bugs[0], *named(db, bugs[0]))


def named(db, bug_id):
    bug = db.get(make.Bug, bug_id)
    return db.get(make.Source, bug.source_id).name, bug.external_id
