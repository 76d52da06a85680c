"""A bug's page: the whole score, and only what the reader may do."""

from math import isclose

import pytest
from sqlmodel import select

from app.core.vocabulary import ItemState, Role
from app.db.models import SprintItem
from tests import make
from tests.web.conftest import NOON


@pytest.fixture
def crowded(db):
    """A bug of thirty customers."""
    bug = make.bug(db)
    for number in range(30):
        make.ticket(db, on=bug, customer_id=make.customer(db, f"Customer {number}").id)
    make.ranked(db)
    bug_id = bug.id
    db.rollback()
    return bug_id


def test_a_score_opens_to_every_customer_and_they_sum_to_it(sign_in, crowded):
    visitor = sign_in(Role.support_lead)
    why = visitor.get(f"/api/v1/bugs/{crowded}").json()["why"]
    assert (len(why["stakes"]), why["more_stakes"], why["more_points"]) == (30, 0, 0)
    assert isclose(sum(stake["contribution"] for stake in why["stakes"]), why["score"])
    page = visitor.get(f"/bugs/{crowded}").text
    assert "5 more customers, who add" in page
    assert all(f"Customer {number}<" in page for number in range(30))


@pytest.mark.parametrize(("own", "offered"), [(True, True), (False, False)])
def test_an_engineer_is_offered_what_belongs_to_the_own_team(db, sign_in, sample, own, offered):
    item = db.exec(select(SprintItem).where(SprintItem.bug_id == sample.bug)).one()
    item.state, item.team_id = ItemState.claimed, sample.team
    item.claimed_by, item.claimed_at = "Ana", NOON
    other = make.team(db, "Editor", key="editor").id
    db.commit()
    page = sign_in(Role.engineer, team_id=sample.team if own else other).get(f"/bugs/{sample.bug}")
    assert (f'action="/bugs/{sample.bug}/resolve"' in page.text) == offered
    assert ("Payments has this bug: only its people" in page.text) != offered
    lead = sign_in(Role.support_lead).get(f"/bugs/{sample.bug}").text
    assert f'action="/bugs/{sample.bug}/resolve"' in lead


def test_an_engineer_may_choose_the_own_team_only(db, sign_in, sample):
    other = make.team(db, "Editor", key="editor").id
    db.commit()
    choice = f'<option value="{other}"'
    assert choice not in sign_in(Role.engineer, team_id=sample.team).get(f"/bugs/{sample.bug}").text
    assert choice in sign_in(Role.support_lead).get(f"/bugs/{sample.bug}").text


def test_an_engineer_without_a_team_is_told_so(sign_in, sample):
    assert "You are in no team yet" in sign_in(Role.engineer).get(f"/bugs/{sample.bug}").text


def test_a_bugs_page_says_which_rule_gave_it_its_area(db, sign_in, sample):
    team = make.team(db, "Mail", key="mail-team").id
    area = make.area(db, "mail", team_id=team, matches=["label:mail*"]).id
    ruled = make.bug(db, labels=["Mail-IMAP"], area_id=area).id
    left, none = make.bug(db, labels=["ui"], area_id=area).id, make.bug(db).id
    db.commit()
    visitor, planner = sign_in(Role.viewer), sign_in(Role.admin)
    said = {bug: visitor.get(f"/api/v1/bugs/{bug}").json() for bug in (ruled, left, none)}
    names = ("area", "area_key", "area_owner")
    assert [said[ruled][name] for name in names] == ["Mail", "mail", "Mail"]
    assert said[ruled]["area_why"] == "Its rule label:mail* fits “Mail-IMAP”."
    assert said[left]["area_why"].startswith("No rule says so any more")
    assert said[none]["area_why"].startswith("No rule of an area fits")
    for address in (f"/bugs/{ruled}", f"/bugs/{ruled}/peek"):
        page = visitor.get(address).text
        assert "Its rule label:mail* fits “Mail-IMAP”." in page
        assert 'href="/board?q=area%3Amail"' in page
        assert ("/teams#import" in page, "/teams#import" in planner.get(address).text) == (0, 1)


@pytest.mark.parametrize("noun", ["teams", "sprints", "sources"])
def test_a_short_list_says_that_nothing_follows(sign_in, sample, noun):
    found = sign_in(Role.admin).get(f"/api/v1/{noun}").json()
    assert found["items"]
    assert found["next"] is None


def test_a_teams_days_in_a_plan_add_up_and_the_team_has_its_key(sign_in, sample):
    plan = sign_in(Role.viewer).get(f"/api/v1/sprints/{sample.slug}/plan").json()
    assert plan["teams"]
    for team in plan["teams"]:
        assert team["team"]["key"]
        parts = team["planned_days"] + team["reserved_days"] + team["free_days"]
        assert isclose(parts, team["capacity_days"])
