"""A claim over its three faces, and what the loser is told."""

import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import Activity, SprintItem, Team
from tests import make


@pytest.fixture
def engineer(sign_in, sample):
    return sign_in(Role.engineer, team_id=sample.team, name="Ana")


@pytest.fixture
def rival(sign_in, sample):
    return sign_in(Role.support_lead, name="Bob")


def item(look, bug_id):
    return look(select(SprintItem).where(SprintItem.bug_id == bug_id))[0]


def claims_noted(look):
    return len(look(select(Activity.id).where(Activity.verb == "claimed")))


def test_a_claim_by_form_goes_back_to_where_it_came_from(engineer, sample, look):
    back = {"back": f"/s/{sample.slug}/board?q=x"}
    answer = engineer.post(f"/bugs/{sample.bug}/claim", data=back)
    assert (answer.status_code, answer.headers["location"]) == (303, back["back"])
    found = item(look, sample.bug)
    assert (found.state, found.claimed_by, found.team_id) == ("claimed", "Ana", sample.team)


def test_a_claim_by_htmx_answers_with_the_changed_row(engineer, sample):
    answer = engineer.post(f"/bugs/{sample.bug}/claim", headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert f'id="bug-{sample.bug}"' in answer.text
    assert 'data-state="claimed"' in answer.text
    assert "<html" not in answer.text
    assert f'id="bug-{sample.other}"' not in answer.text


def test_a_claim_by_json_answers_with_the_row(engineer, sample):
    answer = engineer.post(f"/api/v1/bugs/{sample.bug}/claim", json={"team_id": sample.team})
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("id", "state", "owner", "team_id")} == {
        "id": sample.bug,
        "state": "claimed",
        "owner": "Ana",
        "team_id": sample.team,
    }


def test_the_loser_is_told_who_won(engineer, rival, sample, look):
    assert engineer.post(f"/api/v1/bugs/{sample.bug}/claim").status_code == 200
    wish = {"team_id": sample.team}
    answer = rival.post(f"/api/v1/bugs/{sample.bug}/claim", json=wish)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["title"] == "“Export hangs” was claimed by Ana 0 s ago."
    assert (problem["type"], problem["status"]) == ("conflict", 409)
    page = rival.post(f"/bugs/{sample.bug}/claim", data=wish)
    assert (page.status_code, "claimed by Ana" in page.text) == (409, True)
    part = rival.post(f"/bugs/{sample.bug}/claim", data=wish, headers={"hx-request": "true"})
    assert (part.status_code, "claimed by Ana" in part.text) == (409, True)
    assert "<html" not in part.text
    assert item(look, sample.bug).claimed_by == "Ana"
    assert claims_noted(look) == 1


def test_an_engineer_claims_for_their_own_team_only(db, engineer, sample, look):
    other = make.team(db, "Search").id
    db.rollback()
    answer = engineer.post(f"/api/v1/bugs/{sample.bug}/claim", json={"team_id": other})
    assert (answer.status_code, "own team, Payments, only" in answer.text) == (403, True)
    assert item(look, sample.bug).state == "open"


def test_an_engineer_leaves_other_teams_bugs_alone(db, engineer, sample, look):
    other = make.team(db, "Search").id
    row = db.exec(select(SprintItem).where(SprintItem.bug_id == sample.bug)).one()
    row.team_id, row.state, row.claimed_by = other, "claimed", "Sue"
    db.add(row)
    db.commit()
    for verb in ("release", "resolve", "decline"):
        answer = engineer.post(f"/api/v1/bugs/{sample.bug}/{verb}", json={"why": "no"})
        assert (answer.status_code, "Another team" in answer.text) == (403, True), verb
    assert item(look, sample.bug).state == "claimed"


def test_resolving_reopening_releasing_and_declining_go_over_both_faces(engineer, sample, look):
    bug = sample.bug
    engineer.post(f"/api/v1/bugs/{bug}/claim")
    for face, verb, state in [
        ("/api/v1/bugs", "release", "open"),
        ("/bugs", "claim", "claimed"),
        ("/bugs", "resolve", "fixed"),
        ("/api/v1/bugs", "reopen", "reopened"),
        ("/bugs", "claim", "claimed"),
        ("/bugs", "release", "open"),
        ("/api/v1/bugs", "resolve", "fixed"),
        ("/bugs", "reopen", "reopened"),
    ]:
        assert engineer.post(f"{face}/{bug}/{verb}").status_code in {200, 303}, (face, verb)
        assert item(look, bug).state == state
    assert engineer.post(f"/api/v1/bugs/{bug}/decline", json={"why": " "}).status_code == 422
    assert engineer.post(f"/bugs/{bug}/decline", data={"why": "too large"}).status_code == 303
    assert item(look, bug).state == "declined"


def test_a_deleted_teams_claim_is_refused(engineer, sample, look):
    gone = max(look(select(Team.id))) + 1
    answer = engineer.post(f"/api/v1/bugs/{sample.bug}/claim", json={"team_id": gone})
    assert answer.status_code in {403, 404}
    assert item(look, sample.bug).state == "open"
