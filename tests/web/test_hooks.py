"""Webhooks over HTTP: only what is genuine, fresh and new is noted, and the page says what came."""

import sqlite3
import statistics
import time
from datetime import timedelta

import pytest
from sqlmodel import func, select
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.config import Settings
from app.core.vocabulary import Role
from app.db.models import Activity, DeadLetter, HookDelivery, Reread, Source
from app.main import Running, create_app
from app.web.routes.hooks import raw_body
from integrations.zendesk.hooks import PUBLISHED
from tests import make
from tests.apart import apart
from tests.integrations.hooks import signing
from tests.web.conftest import NOON
from tests.web.direct import BASE
from tests.web.hooking import KEY, OLD, SECRET, body, delivery, post, source

TABLES = (HookDelivery, Reread, DeadLetter, Activity)


@pytest.fixture
def app(database_url, clock, demo):
    made = create_app(
        Settings(database_url=database_url, base_url=BASE, secret_key=KEY),
        Running(demo=demo, jobs=False, clock=clock),
    )
    yield made
    made.state.engine.dispose()


@pytest.fixture
def counts(look):
    return lambda: [look(select(func.count()).select_from(each))[0] for each in TABLES]


@pytest.fixture
def stored(look):
    return lambda name: look(select(Source).where(Source.name == name))[0]


def test_a_genuine_delivery_notes_what_to_read_again_and_nothing_else(
    db, client, look, stored, counts
):
    name = source(db)
    answer = post(client, name, delivery(NOON))
    assert (answer.status_code, answer.json()) == (202, {"state": "accepted"})
    assert look(select(Reread.external_id)) == ["4711"]
    assert counts() == [1, 1, 0, 0]
    found = stored(name)
    assert (found.hook_verdict, found.hook_at, found.hook_good_at) == ("verified", NOON, NOON)


def test_the_same_delivery_again_changes_nothing(db, client, clock, stored, counts):
    name = source(db)
    sent = delivery(NOON)
    assert post(client, name, sent).status_code == 202
    before, noted = counts(), stored(name).model_dump()
    clock.now += timedelta(seconds=90)
    answer = post(client, name, sent)
    assert (answer.status_code, answer.json()) == (202, {"state": "repeated"})
    assert (counts(), stored(name).model_dump()) == (before, noted)


def test_many_deliveries_for_one_record_wait_as_one(db, client, clock, look):
    name = source(db)
    for number in range(5):
        clock.now += timedelta(seconds=1)
        assert post(client, name, delivery(clock.now, number=number)).status_code == 202
    assert look(select(Reread.asked_at)) == [clock.now]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"secret": "another secret"},
        {"x_zendesk_webhook_signature": "sha256=00"},
        {"x_zendesk_webhook_signature": None},
        {"x_zendesk_webhook_signature_timestamp": "2026-01-08T12:00:01Z"},
        {"x_zendesk_webhook_signature_timestamp": None},
    ],
    ids=str,
)
def test_a_forgery_is_401_and_notes_nothing_but_why(db, client, stored, counts, spoiled):
    name = source(db)
    answer = post(client, name, delivery(NOON, **spoiled))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert counts() == [0, 0, 0, 0]
    found = stored(name)
    assert found.hook_verdict.startswith("refused: x-zendesk-webhook-signature fits no live")
    assert found.hook_good_at is None
    assert "fits no live" not in answer.text


@pytest.mark.parametrize("off, word", [(600, "ahead of"), (-600, "behind")])
def test_a_stale_delivery_is_401_and_the_page_says_how_far_the_clocks_are_apart(
    db, client, sign_in, counts, off, word
):
    name = source(db)
    assert post(client, name, delivery(NOON - timedelta(seconds=off))).status_code == 401
    assert counts()[:3] == [0, 0, 0]
    page = sign_in(Role.admin).get("/sources").text
    assert f"refused: your clock is 600 s {word} Zendesk’s stamp" in page


def test_without_a_secret_or_a_scheme_everything_is_refused(db, client, counts, stored):
    bare = source(db, secret=None)
    listed = make.source(db, "file", name="list").name
    db.rollback()
    for name in (bare, listed):
        for secret in ("", SECRET):
            assert post(client, name, delivery(NOON, secret=secret)).status_code == 401
    assert counts() == [0, 0, 0, 0]
    assert "no webhook_secret is set" in stored(bare).hook_verdict
    assert "the kind file sends no webhooks" in stored("list").hook_verdict


def test_a_secret_that_cannot_be_opened_refuses_everything(db, client, stored):
    name = source(db, secrets="gAAAA-sealed-with-another-key")
    assert post(client, name, delivery(NOON)).status_code == 401
    assert "cannot be opened" in stored(name).hook_verdict


def test_where_there_is_no_source_there_is_no_hook(db, client):
    make.source(db, "zendesk", name="gone~7")
    db.rollback()
    for name in ("nowhere", "gone~7", "x" * 61, "%2e%2e"):
        answer = post(client, name, delivery(NOON))
        assert answer.status_code in {404, 422}, name
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("demo", [False, True])
def test_zendesks_public_test_secret_is_good_in_the_demo_alone(db, client, demo):
    name = source(db, secret=PUBLISHED)
    answer = post(client, name, delivery(NOON, secret=PUBLISHED))
    assert answer.status_code == (202 if demo else 401)


@pytest.mark.parametrize("raw", [b"null", b"{", b"\xff\xfe\x00", b"[" * 50_000, b'{"id":"x"}'])
def test_what_is_signed_and_unreadable_is_taken_and_becomes_one_dead_letter(
    db, client, look, stored, counts, raw
):
    name = source(db)
    for number in (1, 2):
        answer = post(client, name, delivery(NOON, raw, number=number))
        assert (answer.status_code, answer.json()) == (202, {"state": "unreadable"})
    assert counts() == [2, 0, 1, 0]
    (letter,) = look(select(DeadLetter))
    assert (letter.stream, letter.external_id) == ("webhook", None)
    assert "\0" not in letter.payload
    assert stored(name).hook_verdict.startswith("verified, but not understood: It")


def test_a_source_that_keeps_no_text_keeps_none_of_a_delivery(db, client, look):
    name = source(db, options={"subdomain": "acme", "client_id": "c", "keep_text": False})
    post(client, name, delivery(NOON, b'{"comment": "my secret words"}'))
    assert look(select(DeadLetter.payload)) == [""]


def test_a_body_is_read_up_to_256_kib_and_no_further(db, client, counts):
    name = source(db)
    limit = 256 * 1024
    just = body() + b" " * (limit - len(body()))
    assert post(client, name, delivery(NOON, just)).status_code == 202
    over = delivery(NOON, just + b" ", number=2)
    assert post(client, name, over).status_code == 413
    parts = (b" " * 65_536 for _ in range(6))
    answer = client.post(f"/hooks/{name}", content=parts, headers=dict(over.headers))
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert counts() == [1, 1, 0, 0]


def test_reading_a_body_without_end_ends_as_soon_as_it_is_too_long():
    pulled = []

    async def receive():
        pulled.append(len(pulled))
        return {"type": "http.request", "body": b" " * 65_536, "more_body": True}

    async def scene():
        return await raw_body(Request({"type": "http", "headers": []}, receive))

    with pytest.raises(HTTPException, match="413"):
        apart(scene)
    assert len(pulled) == 5


def test_both_secrets_are_good_while_one_replaces_the_other(db, client, sign_in, stored):
    name = source(db, former=OLD)
    assert post(client, name, delivery(NOON, number=1, secret=OLD)).status_code == 202
    assert stored(name).hook_verdict == "verified with the former secret"
    assert post(client, name, delivery(NOON, number=2)).status_code == 202
    assert stored(name).hook_verdict == "verified"
    admin = sign_in(Role.admin)
    assert admin.post(f"/sources/{name}/webhook-secret/finish").status_code == 303
    assert post(client, name, delivery(NOON, number=3, secret=OLD)).status_code == 401
    assert post(client, name, delivery(NOON, number=4)).status_code == 202


def test_a_secret_is_set_and_replaced_on_the_page_and_never_shown(db, client, sign_in, stored):
    name = source(db, secret=None)
    admin = sign_in(Role.admin)
    for number, secret in enumerate(("first secret words", "second secret words")):
        answer = admin.post(f"/sources/{name}/webhook-secret", data={"secret": f" {secret} "})
        assert answer.status_code == 303
        assert post(client, name, delivery(NOON, number=number, secret=secret)).status_code == 202
    assert post(client, name, delivery(NOON, secret="first secret words", number=9)).is_success
    refused = admin.post(f"/sources/{name}/webhook-secret", data={"secret": "third secret words"})
    assert refused.status_code == 409
    assert stored(name).hook_secrets == 2
    shown = admin.get("/sources").text + admin.get("/api/v1/sources").text + refused.text
    assert "secret words" not in shown
    assert "secret words" not in stored(name).secrets
    assert "Let the former secret go" in shown


def test_a_paused_source_verifies_and_asks_for_nothing(db, client, counts):
    name = source(db, paused=True)
    assert post(client, name, delivery(NOON)).status_code == 202
    assert counts() == [1, 0, 0, 0]


def test_a_flood_of_forgeries_is_written_down_once_in_ten_seconds(db, client, clock, stored):
    name = source(db)
    for _ in range(5):
        assert post(client, name, delivery(NOON, secret="wrong")).status_code == 401
        clock.now += timedelta(seconds=1)
    assert stored(name).hook_at == NOON
    clock.now += timedelta(seconds=6)
    assert post(client, name, delivery(NOON, secret="wrong")).status_code == 401
    assert stored(name).hook_at == clock.now


def test_github_is_verified_by_its_own_scheme(db, client, look):
    name = source(db, "github")
    sent = signing.github(b'{"action":"edited","issue":{"id":77,"number":3}}', SECRET)
    assert post(client, name, sent).status_code == 202
    assert look(select(Reread.external_id)) == ["77"]
    forged = signing.github(sent.body, "wrong", x_github_delivery="another-delivery")
    assert post(client, name, forged).status_code == 401


def test_the_page_and_the_api_say_what_became_of_the_last_delivery(db, client, clock, sign_in):
    name = source(db, changed_at=NOON)
    admin = sign_in(Role.admin)
    post(client, name, delivery(NOON))
    clock.now += timedelta(minutes=3)
    assert "verified 3 minutes ago" in admin.get("/sources").text
    (hook,) = (s["hook"] for s in admin.get("/api/v1/sources").json()["items"])
    assert hook["path"] == f"/hooks/{name}"
    assert (hook["secrets"], hook["verdict"], hook["alarm"]) == (1, "verified 3 minutes ago", "")


def test_an_answer_comes_well_within_a_second(db, client):
    name = source(db)
    took = []
    for number in range(30):
        started = time.monotonic()
        assert post(client, name, delivery(NOON, body(str(number)), number=number)).is_success
        took.append(time.monotonic() - started)
    assert statistics.median(took) < 1


def test_while_the_database_is_busy_a_genuine_delivery_is_to_be_sent_again(
    db, client, counts, database_url
):
    name = source(db)
    if database_url.startswith("sqlite"):
        held, take = sqlite3.connect(database_url.removeprefix("sqlite:///")), "BEGIN IMMEDIATE"
        held.isolation_level = None
        held.execute(take)
        forged = post(client, name, delivery(NOON, secret="wrong"))
        answer = post(client, name, delivery(NOON))
        held.rollback()
        held.close()
        assert forged.status_code == 401
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.headers["content-type"] == "application/problem+json"
        assert counts() == [0, 0, 0, 0]
    assert post(client, name, delivery(NOON)).json() == {"state": "accepted"}
