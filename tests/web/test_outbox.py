"""The outbox over its faces: what is shown is what is sent, and who may decide."""

import pytest
from sqlmodel import select

from app.core.outgoing import UNDO
from app.core.vocabulary import Role
from app.db.models import Outgoing, Source


@pytest.fixture
def lead(sign_in, sample):
    return sign_in(Role.support_lead, name="Sam")


@pytest.fixture
def ids(lead, sample):
    """The messages of a bug that was released."""
    for verb in ("claim", "resolve", "ship"):
        answer = lead.post(f"/api/v1/bugs/{sample.bug}/{verb}", json=_team(verb, sample))
        assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "released"
    return [each["id"] for each in lead.get("/api/v1/outbox").json()["items"]]


def _team(verb, sample):
    return {"team_id": sample.team} if verb == "claim" else None


def test_what_is_shown_is_what_is_kept_to_be_sent_letter_for_letter(lead, ids, look):
    kept = {each.id: each.body for each in look(select(Outgoing))}
    shown = lead.get("/api/v1/outbox").json()
    assert {each["id"]: each["body"] for each in shown["items"]} == kept
    page = lead.get("/outbox")
    assert page.status_code == 200
    for body in kept.values():
        assert body.splitlines()[-1] in page.text
        assert "Still broken?" in page.text


def test_one_or_many_are_approved_taken_back_and_cancelled_by_form(lead, ids, look, clock):
    def decide(do):
        answer = lead.post("/outbox/actions", data={"ids": ids, "do": do})
        assert answer.status_code == 303, answer.text
        return look(select(Outgoing))[0]

    approved = decide("approve")
    assert (approved.state, approved.approved_by) == ("approved", "Sam")
    assert approved.not_before == clock() + UNDO
    assert "It can be taken back until" in lead.get("/outbox").text
    assert decide("recall").state == "draft"
    assert decide("cancel").state == "cancelled"


def test_programs_faces_answer_with_how_many_were_changed(lead, ids):
    for verb in ("approve", "recall", "cancel", "elsewhere"):
        answer = lead.post(f"/api/v1/outbox/{verb}", json={"ids": ids})
        assert (answer.status_code, answer.json()) == (200, {"changed": len(ids)})
    again = lead.post("/api/v1/outbox/approve", json={"ids": ids})
    assert again.status_code == 409
    assert "told another way" in again.json()["title"]


def test_a_decision_on_nothing_or_on_what_is_not_there_is_refused_in_a_sentence(lead, ids):
    assert lead.post("/outbox/actions", data={"do": "approve"}).status_code == 422
    missing = lead.post("/api/v1/outbox/approve", json={"ids": [999]})
    assert (missing.status_code, missing.json()["title"]) == (404, "There is no message 999.")
    assert lead.post("/api/v1/outbox/approve", json={"ids": ids, "all": 1}).status_code == 422
    assert lead.get("/api/v1/outbox?show=secret").status_code == 422


def test_a_second_approval_takes_another_person(lead, ids, sign_in):
    lead.post("/api/v1/outbox/approve", json={"ids": ids})
    refused = lead.post("/api/v1/outbox/approve", json={"ids": ids})
    assert "a second person has to" in refused.json()["title"]
    other = sign_in(Role.admin, name="Adi")
    assert other.post("/api/v1/outbox/approve", json={"ids": ids}).status_code == 200


def test_sending_is_off_until_an_administrator_switches_it_on(sign_in, lead, ids, look, db):
    name = look(select(Source.name).where(Source.kind == "zendesk"))[0]
    wish = {"source": name, "kind": "told", "live": "true"}
    assert lead.post("/outbox/live", data=wish).status_code == 403
    admin = sign_in(Role.admin)
    assert "only drafted" in admin.get("/outbox").text
    assert admin.post("/outbox/live", data=wish).status_code == 303
    assert look(select(Source.live).where(Source.name == name)) == [["told"]]
    assert "Switch off" in admin.get("/outbox").text


def test_the_bug_says_how_many_of_its_customers_are_told(lead, ids, sample):
    def told():
        return lead.get(f"/api/v1/bugs/{sample.bug}").json()["told"]

    before = told()
    assert (before["customers"], before["told"]) == (1, 0)
    assert sum(before["standings"].values()) == before["customers"]
    lead.post("/api/v1/outbox/elsewhere", json={"ids": ids})
    assert (told()["told"], told()["standings"]["elsewhere"]) == (1, 1)
    assert '<b class="big">1</b> of 1 customer told.' in lead.get(f"/bugs/{sample.bug}").text
    assert lead.get(f"/api/v1/bugs/{sample.bug}").json()["row"]["state"] == "told"


def test_the_words_of_new_messages_are_an_administrators(sign_in, lead, ids):
    assert lead.post("/outbox/words", data={"words": "Hi"}).status_code == 403
    admin = sign_in(Role.admin)
    assert admin.post("/outbox/words", data={"words": " "}).status_code == 422
    assert admin.post("/outbox/words", data={"words": "Hi #{number}"}).status_code == 303
    assert "Hi #{number}" in admin.get("/outbox").text
