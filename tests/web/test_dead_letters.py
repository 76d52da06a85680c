"""Records and deliveries that could not be read: tried again, kept with the reason, or let go."""

import json

import pytest
from sqlmodel import select

from app.config import Settings
from app.core.vocabulary import Role
from app.db.models import Activity, Bug, DeadLetter, Reread, Source, Ticket
from app.main import Running, create_app
from tests import make
from tests.make import DAWN
from tests.web.conftest import NOON
from tests.web.direct import BASE
from tests.web.hooking import KEY, delivery, post, source

ISSUE = {
    "id": 77,
    "number": 3,
    "title": "Export hangs",
    "state": "open",
    "url": "https://api.github.test/repos/acme/app/issues/3",
    "html_url": "https://github.test/acme/app/issues/3",
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-02T00:00:00Z",
}
TICKET = {
    "id": 5,
    "url": "https://acme.zendesk.test/api/v2/tickets/5.json",
    "subject": "It hangs",
    "status": "open",
    "organization_id": 9,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-02T00:00:00Z",
    "generated_timestamp": 1767312000,
}


@pytest.fixture
def app(database_url, clock):
    made = create_app(
        Settings(database_url=database_url, base_url=BASE, secret_key=KEY),
        Running(jobs=False, clock=clock),
    )
    yield made
    made.state.engine.dispose()


@pytest.fixture
def admin(sign_in):
    return sign_in(Role.admin, name="Adi")


def letter(db, name, payload, stream="issues", **more):
    found = db.exec(select(Source.id).where(Source.name == name)).one()
    facts = {"external_id": "77", "reason": "It had no state.", "payload_hash": str(more)}
    text = payload if isinstance(payload, str) else json.dumps(payload)
    row = DeadLetter(source_id=found, stream=stream, payload=text, at=DAWN, **(facts | more))
    db.add(row)
    db.commit()
    number = row.id
    db.rollback()
    return number


def test_a_record_that_can_be_read_now_is_kept_and_its_letter_is_gone(db, admin, look):
    name = source(db, "github")
    number = letter(db, name, ISSUE)
    assert "It had no state." in admin.get("/sources").text
    assert admin.post(f"/sources/{name}/letters/{number}/read").status_code == 303
    assert look(select(Bug.key)) == ["acme/app#3"]
    assert look(select(DeadLetter.id)) == []
    (note,) = look(select(Activity).where(Activity.verb == "letters_read"))
    assert (note.actor, note.detail) == ("Adi", f"1 of 1 of {name} are read now")


def test_a_record_that_still_cannot_be_read_keeps_its_letter_with_the_new_reason(db, admin, look):
    name = source(db, "github")
    number = letter(db, name, {**ISSUE, "state": None})
    assert admin.post(f"/sources/{name}/letters/{number}/read").status_code == 303
    (kept,) = look(select(DeadLetter))
    assert kept.reason.startswith("The issue 3 cannot be read")
    assert kept.at == NOON
    assert look(select(Bug.key)) == []


def test_a_record_read_again_never_overwrites_a_newer_version(db, admin, look):
    name = source(db, "github")
    number = letter(db, name, ISSUE)
    owner = db.exec(select(Source.id).where(Source.name == name)).one()
    make.bug(db, "Newer title", source_id=owner, external_id="77")
    db.rollback()
    admin.post(f"/sources/{name}/letters/{number}/read")
    assert look(select(Bug.title)) == ["Newer title"]
    assert look(select(DeadLetter.id)) == []


def test_a_ticket_is_read_again_as_zendesk_wrote_it(db, admin, look):
    name = source(db)
    letter(db, name, TICKET, "tickets", external_id="5")
    assert admin.post(f"/sources/{name}/letters/read").status_code == 303
    assert look(select(Ticket.external_id)) == ["5"]
    assert look(select(DeadLetter.id)) == []


def test_all_letters_of_a_source_are_tried_and_no_others(db, admin, look):
    name, other = source(db, "github"), source(db, "github")
    letter(db, name, ISSUE)
    letter(db, name, "{", external_id="78")
    letter(db, name, "", external_id="79")
    letter(db, name, "x" * 20_000, external_id="80")
    letter(db, other, ISSUE, external_id="81")
    assert admin.post(f"/sources/{name}/letters/read").status_code == 303
    reasons = {row.external_id: row.reason for row in look(select(DeadLetter))}
    assert reasons.pop("81") == "It had no state."
    assert reasons == {
        "78": "What was kept of the issue is not JSON.",
        "79": "Its text was not kept, so only its source can bring it again.",
        "80": f"Only its beginning was kept; `bugsprint sync {name} --full` reads it anew.",
    }


def test_a_delivery_is_read_again_once_it_is_understood(db, client, admin, look):
    name = source(db)
    post(client, name, delivery(NOON, b'{"say": "hello"}'))
    (kept,) = look(select(DeadLetter))
    admin.post(f"/sources/{name}/letters/{kept.id}/read")
    assert look(select(DeadLetter.reason))[0].startswith("It names no ticket")
    owner = kept.source_id
    db.get(DeadLetter, kept.id).payload = '{"ticket_id": "12"}'
    db.commit()
    admin.post(f"/sources/{name}/letters/{kept.id}/read")
    assert look(select(DeadLetter.id)) == []
    assert look(select(Reread.external_id).where(Reread.source_id == owner)) == ["12"]


def test_a_file_hands_nothing_out_again_and_says_so(db, admin, look, tmp_path):
    (tmp_path / "bugs.csv").write_text("external_id,title\n")
    options = {"path": str(tmp_path / "bugs.csv"), "noun": "bugs"}
    name = make.source(db, "file", name="list", options=options).name
    letter(db, name, ISSUE, "bugs")
    admin.post(f"/sources/{name}/letters/read")
    assert look(select(DeadLetter.reason)) == [
        "Sources of the kind file bring a record again only when it changes there."
    ]


def test_a_letter_is_dismissed_by_name_and_noted(db, admin, look):
    name = source(db, "github")
    number = letter(db, name, ISSUE)
    assert admin.post(f"/sources/{name}/letters/{number}/dismiss").status_code == 303
    assert look(select(DeadLetter.id)) == []
    (note,) = look(select(Activity).where(Activity.verb == "letter_dismissed"))
    assert note.detail == f"issues 77 of {name}"
    assert admin.post(f"/sources/{name}/letters/{number}/dismiss").status_code == 404


def test_a_letter_of_another_source_is_not_there(db, admin, look):
    name, other = source(db, "github"), source(db, "github")
    number = letter(db, name, ISSUE)
    for act in ("read", "dismiss"):
        assert admin.post(f"/sources/{other}/letters/{number}/{act}").status_code == 404
        assert admin.post(f"/sources/nowhere/letters/{number}/{act}").status_code == 404
    assert look(select(DeadLetter.id)) == [number]
