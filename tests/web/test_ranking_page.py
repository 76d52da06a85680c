"""The policy is looked at by everybody, tried without a trace, and saved as a new version."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions import plans
from app.core.vocabulary import Role
from app.db.models import Activity, RankingPolicy
from tests import make
from tests.make import DAWN
from tests.web.conftest import NOON

API = "/api/v1/ranking"


@pytest.fixture
def list_of_two(db):
    """One bug that a few customers just reported, one that a single one has waited for."""
    fresh, old = make.bug(db, "Fresh"), make.bug(db, "Old")
    for _ in range(3):
        make.ticket(db, on=fresh, created_at=DAWN)
    make.ticket(db, on=old, created_at=DAWN - timedelta(days=270))
    make.ranked(db, at=NOON)
    found = fresh.id, old.id
    db.rollback()  # hold no lock while the pages write
    return found


def versions(look):
    return [row.id for row in look(select(RankingPolicy).order_by(RankingPolicy.id))]


def test_trying_shows_what_would_move_and_stores_nothing(sign_in, look, list_of_two):
    fresh, old = list_of_two
    visitor = sign_in(Role.viewer)
    now = visitor.get(API).json()
    assert (now["trying"], [each["id"] for each in now["items"]]) == (False, [fresh, old])
    tried = visitor.get(API, params={"beta": 3}).json()
    assert (tried["trying"], tried["moved"]) == (True, 2)
    assert [(each["id"], each["up"]) for each in tried["items"]] == [(old, 1), (fresh, -1)]
    first = tried["items"][0]
    assert first["score"] == pytest.approx(1 + 3 * 2, abs=0.05)
    assert first["score_now"] == pytest.approx(1 + 2, abs=0.05)
    assert {"id", "source", "external_id", "url"} <= first.keys()
    page = visitor.get("/ranking", params={"beta": 3}).text
    assert "▲ 1" in page and "▼ 1" in page and "beta 1 → 3" in page
    assert versions(look) == [1]
    assert visitor.get(API).json()["items"] == now["items"]


def test_saving_makes_one_version_with_one_note_and_orders_the_list(sign_in, look, list_of_two):
    fresh, old = list_of_two
    organiser = sign_in(Role.support_lead, organiser=True, name="Olga")
    form = {"beta": "3", "tau_days": "90", "version": "1"}
    assert organiser.post("/ranking", data=form).headers["location"] == "/ranking"
    found = organiser.get(API).json()
    assert (found["version"], found["saved_by"]) == (2, "Olga")
    assert [each["id"] for each in found["items"]] == [old, fresh]
    notes = look(select(Activity).where(Activity.verb == "policy_saved").order_by(Activity.id))
    assert [(note.actor, note.detail) for note in notes] == [("Olga", "version 2: beta 1 → 3")]


def test_a_version_saved_meanwhile_is_not_overwritten(sign_in, look, list_of_two):
    admin = sign_in(Role.admin)
    assert admin.post(API, json={"beta": 2, "version": 1}).status_code == 201
    late = admin.post(API, json={"gamma": 0, "version": 1})
    assert late.status_code == 409
    assert "at version 2 by now, not at 1" in late.json()["title"]
    assert versions(look) == [1, 2]


@pytest.mark.parametrize(
    "wish, said",
    [
        ({"beta": 11}, "The weight of waiting (beta) must lie between 0 and 10; 11.0 was given."),
        ({"alpha": 1}, "import the customers' yearly revenue first"),
        ({"beta": 1}, "change one before saving"),
        ({}, "change one before saving"),
        ({"betta": 1}, "betta"),
    ],
)
def test_what_makes_no_policy_is_refused_in_a_sentence(sign_in, look, list_of_two, wish, said):
    answer = sign_in(Role.admin).post(API, json=wish)
    assert answer.status_code == 422
    assert said in answer.json()["title"]
    assert versions(look) == [1]


def test_weights_that_would_tell_revenue_are_for_those_who_may_know_it(db, sign_in, sample):
    engineer, lead = sign_in(Role.engineer, organiser=True), sign_in(Role.support_lead)
    told = engineer.get(API).json()
    assert told["arr_reference"] is None
    assert [each["name"] for each in told["parameters"] if each["closed"]] == ["alpha", "w_max"]
    for answer in (
        engineer.get(API, params={"alpha": 5}),
        engineer.get("/ranking", params={"w_max": 2}),
        engineer.post(API, json={"alpha": 5}),
    ):
        assert answer.status_code == 403
    assert lead.get(API, params={"alpha": 5}).json()["trying"] is True
    assert lead.get(API).json()["arr_reference"] == 1_234_567


def test_the_report_and_plan_of_a_committed_sprint_stay_as_they_were_frozen(
    db, sign_in, list_of_two
):
    team = make.team(db)
    area = make.area(db, team_id=team.id)
    for bug in (db.get(make.Bug, number) for number in list_of_two):
        bug.area_id = area.id
        db.add(bug)
    db.commit()
    slug = plans.create(
        db, plans.NewSprint("Spring", DAWN.date(), NOON.date()), actor="Sam", at=NOON
    )
    plans.commit(db, slug, actor="Sam", at=NOON)
    admin = sign_in(Role.admin)
    pages = [f"/api/v1/sprints/{slug}/plan", f"/api/v1/reports/{slug}/impact"]
    before = [admin.get(page).json() for page in pages]
    ranks = [row["frozen_rank"] for row in admin.get("/api/v1/board").json()["items"]]
    assert admin.post(API, json={"beta": 3}).status_code == 201
    assert [admin.get(page).json() for page in pages] == before
    rows = admin.get("/api/v1/board").json()["items"]
    assert [row["frozen_rank"] for row in rows] == ranks == [1, 2]
    assert [row["live_rank"] for row in rows] == [2, 1]
