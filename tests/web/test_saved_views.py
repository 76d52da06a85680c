"""Views that people keep: who sees them, who may change them, and what is noted."""

import pytest
from sqlmodel import select

from app.actions import erasing
from app.actions.finding import Whom
from app.actions.vault import Vault
from app.core.vocabulary import Role
from app.db.models import Activity, Customer, SavedView
from tests.web.conftest import NOON


@pytest.fixture
def board(sample):
    return f"/s/{sample.slug}/board"


def notes(look):
    found = look(select(Activity).order_by(Activity.id))
    return [(n.actor, n.verb, n.detail) for n in found if n.verb.startswith("view_")]


def kept(look):
    return {view.name: view for view in look(select(SavedView))}


def names(visitor):
    return [view["name"] for view in visitor.get("/api/v1/views").json()["items"]]


def test_a_view_is_kept_changed_deleted_and_brought_back_with_a_note_each(
    sign_in, sample, board, look
):
    ana = sign_in(Role.viewer, name="Ana", team_id=sample.team)
    referer = {"referer": f"http://testserver{board}?q=state%3Aopen"}
    form = {"name": " Mine,  open ", "q": "STATE:open sort:age", "back": ""}
    answer = ana.post("/views", data=form, headers=referer)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{board}?q=state%3Aopen")
    view = kept(look)["Mine, open"]
    assert view.query == "state:open sort:age"
    assert "Mine, open" in ana.get(board).text
    number = f"/views/{view.id}"
    for path, data in (("", {"name": "Open", "scope": "team"}), ("/delete", {}), ("/restore", {})):
        assert ana.post(number + path, data=data).status_code == 303
    assert ana.delete(f"/api/v1{number}").status_code == 204
    assert names(ana) == []
    assert "“Open” is deleted." in ana.get(board).text
    assert [verb for _, verb, _ in notes(look)] == [
        "view_saved", "view_changed", "view_deleted", "view_restored", "view_deleted",
    ]  # fmt: skip
    assert {(actor, detail) for actor, _, detail in notes(look)[1:]} == {("Ana", "“Open”")}
    assert ana.post("/api/v1/views", json={"name": "Open", "q": ""}).status_code == 201
    assert names(ana) == ["Open"]


def test_a_view_is_seen_by_those_for_whom_it_is_and_copied_by_them(db, sign_in, sample, look):
    ana = sign_in(Role.engineer, name="Ana", team_id=sample.team)
    bo = sign_in(Role.engineer, name="Bo", team_id=sample.team)
    eve = sign_in(Role.viewer, name="Eve")
    boss = sign_in(Role.support_lead, name="Sue")
    for name, scope in (("own", "me"), ("ours", "team")):
        made = ana.post("/api/v1/views", json={"name": name, "q": "state:open", "scope": scope})
        assert made.status_code == 201
    assert [names(each) for each in (ana, bo, eve)] == [["ours", "own"], ["ours"], []]
    ours, own = (f"/views/{kept(look)[name].id}" for name in ("ours", "own"))
    assert bo.post(f"{ours}/delete").status_code == 403
    assert bo.post(f"{own}/copy").status_code == 404
    assert bo.post(f"{ours}/copy").status_code == 303
    assert eve.post("/api/v1/views", json={"name": "x", "scope": "team"}).status_code == 409
    mine = boss.post("/api/v1/views", json={"name": "For all", "q": "-sort:score"}).json()["id"]
    assert boss.post(f"/views/{mine}/pin").status_code == 303
    assert [names(each) for each in (bo, eve)] == [["For all", "ours", "ours"], ["For all"]]
    assert bo.post(f"/views/{mine}/pin").status_code == 403
    assert boss.post(f"/views/{mine}/pin", data={"pinned": "0"}).status_code == 303
    assert names(eve) == []
    verbs = [verb for _, verb, _ in notes(look)]
    assert verbs == ["view_saved"] * 4 + ["view_pinned", "view_unpinned"]


def test_what_cannot_be_kept_is_refused_in_a_sentence(client, sign_in, sample, token):
    ana = sign_in(Role.viewer)
    ana.post("/api/v1/views", json={"name": "Open", "q": "state:open"})
    for body, status, said in (
        ({"name": "Open"}, 409, "You have a view “Open” already"),
        ({"name": "x", "q": "stat:open"}, 422, "There is no field “stat”. Did you mean state:open"),
        ({"name": "x" * 61}, 422, "not be longer than 60 characters"),
        ({"name": "  "}, 422, "one line that is not empty"),
        ({"name": "x", "shape": "cube"}, 422, "shape"),
        ({"name": "x", "q": "y" * 501}, 422, "q"),
    ):
        answer = ana.post("/api/v1/views", json=body)
        assert (answer.status_code, said in answer.json()["title"]) == (status, True), body
    client.headers["authorization"] = f"Bearer {token('board.read')}"
    assert client.get("/api/v1/views").json() == {"items": []}
    assert client.post("/api/v1/views", json={"name": "x"}).status_code == 403


def test_two_people_of_one_name_do_not_see_each_others_views(sign_in, sample, board):
    one, other = (sign_in(Role.viewer, name="Ana") for _ in "ab")
    assert other.get(board).status_code == 200
    one.post("/views", data={"name": "A secret plan", "q": "state:open"})
    assert "A secret plan" in one.get(board).text
    assert "A secret plan" not in other.get(board).text


def test_a_view_that_names_an_erased_customer_goes_with_them(db, sign_in, sample, look):
    sue = sign_in(Role.support_lead)
    for name, q in (("whom", "customer:Acme"), ("Acme Corp", ""), ("other", "state:open")):
        assert sue.post("/api/v1/views", json={"name": name, "q": q}).status_code == 201
    who = db.get(Customer, sample.rich).external_id
    vault = Vault("a key for tests only, 32 letters")
    erasing.erase(db, vault, Whom("customer", who), actor="Ada", at=NOON)
    db.rollback()
    assert kept(look).keys() == {"other"}
