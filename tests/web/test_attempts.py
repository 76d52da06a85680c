"""How often one may try to sign in, by account and by address."""

import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app import lines
from app.actions import people
from app.core.errors import Invalid, TooMany
from app.core.vocabulary import Role
from app.db.engine import is_busy
from app.db.models import SignInFailure, User
from tests.make import DAWN
from tests.web.direct import browser

GOOD = "correct horse battery"
ANA = {"email": "ana@example.com", "password": GOOD}


@pytest.fixture(autouse=True)
def ana(db, quick_passwords):
    people.add_user(db, ANA["email"], role=Role.viewer, password=GOOD, team=None, at=DAWN)
    db.rollback()


def test_a_hundred_attempts_in_a_minute_are_five_tries_and_then_429(client, clock):
    answers = []
    for _ in range(100):
        answers.append(client.post("/sign-in", data={**ANA, "password": "wrong"}))
        clock.now += timedelta(seconds=0.5)
    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 95
    assert {answer.headers["retry-after"] for answer in answers[5:]} == {"60"}
    assert "wait a minute" in answers[-1].text
    assert client.post("/sign-in", data=ANA).status_code == 429, "Even the right one has to wait."
    clock.now += timedelta(seconds=61)
    assert client.post("/sign-in", data=ANA).status_code == 303


def test_a_hundred_accounts_from_one_address_are_twenty_tries(client, app, clock):
    said = []
    for number in range(100):
        form = {"email": f"user{number}@example.com", "password": "wrong"}
        said.append(client.post("/sign-in", data=form).status_code)
    assert said == [422] * 20 + [429] * 80
    assert client.post("/sign-in", data=ANA).status_code == 429


def test_success_takes_its_own_count_back_and_no_other(client, look):
    for _ in range(4):
        assert client.post("/sign-in", data={**ANA, "password": "wrong"}).status_code == 422
    for _ in range(3):
        assert client.post("/sign-in", data=ANA).status_code == 303
    assert len(look(select(SignInFailure))) == 2 * 4


def test_attempts_at_once_do_not_pass_the_limit(engine):
    together, said = Barrier(12), []

    def attempt():
        with Session(engine) as db:
            together.wait(60)
            said.append(refusal(db))

    threads = [Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert (said.count(Invalid), said.count(TooMany)) == (5, 7)


def refusal(db):
    while True:
        try:
            people.sign_in(db, ANA["email"], "wrong", address="10.0.0.1", at=DAWN)
        except OperationalError as error:
            if not is_busy(error):
                raise
            db.rollback()
        except (Invalid, TooMany) as error:
            return type(error)


def test_no_writer_waits_while_a_password_is_checked(engine, monkeypatch):
    seen = []

    def slow(password, stored):
        with Session(engine) as other:
            people.count_attempt(other, "somebody else", address="10.0.0.9", at=DAWN)
            seen.append("written meanwhile")
        return False

    monkeypatch.setattr(people, "fits", slow)
    with Session(engine) as db, pytest.raises(Invalid):
        people.sign_in(db, ANA["email"], "wrong", address="10.0.0.1", at=DAWN)
    assert seen == ["written meanwhile"]


def test_every_sign_in_has_a_new_cookie_and_ends_the_browsers_old_one(app, client):
    assert client.post("/sign-in", data=ANA).status_code == 303
    first = client.cookies["bugsprint"]
    assert client.post("/sign-in", data=ANA).status_code == 303
    assert client.cookies["bugsprint"] != first
    old = browser(app)
    old.cookies.set("bugsprint", first)
    assert old.get("/me").headers["location"].startswith("/sign-in")
    assert client.get("/me").status_code == 200


def test_a_refused_sign_in_leaves_a_line_that_names_no_person(client, caplog):
    for _ in range(6):
        client.post("/sign-in", data={**ANA, "password": "canary words"})
    lines = [r.getMessage() for r in caplog.records if r.name == "bugsprint.sign_in"]
    assert [line.rpartition(" ")[2] for line in lines] == ["invalid"] * 5 + ["too-many"]
    assert all("from testclient was refused" in line for line in lines)
    assert not [line for line in lines if "canary" in line or ANA["email"] in line]


def test_whoever_tries_to_get_round_a_check_leaves_a_line_that_names_nothing_sent(client, caplog):
    visitor = client
    assert visitor.post("/sign-in", data=ANA).status_code == 303
    tries = {
        "GET /api/v1/bugs made no sense": visitor.get("/api/v1/bugs?limit=canary"),
        "GET /bugs/{bug_id} made no sense": visitor.get("/bugs/canary"),
        "POST /sign-in made no sense": visitor.post(
            "/sign-in", data={"email": "canary" * 100, "password": "canary"}
        ),
        "This request did not come from a page of this site.": visitor.post(
            "/sign-out?canary", headers={"sec-fetch-site": "cross-site"}
        ),
        "The request is larger than 256 KiB": visitor.post(
            "/api/v1/links", content=b"canary", headers={"content-length": "9000000"}
        ),
    }
    for _ in range(6):
        tries["POST /me/password was asked too often"] = visitor.post(
            "/me/password", data={"old": "canary", "new": "a new canary", "again": "a new canary"}
        )
    written = [r.getMessage() for r in caplog.records if r.name == "bugsprint"]
    for words, answer in tries.items():
        told = [line for line in written if answer.headers["x-request-id"] in line]
        assert answer.status_code >= 400, words
        assert [words in line for line in told] == [True], (words, told)
    assert "canary" not in "".join(written)


def test_every_line_of_the_log_begins_with_its_instant_in_utc(capsys, monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    lines.begin("warning")
    before = datetime.now(UTC)
    logging.getLogger("bugsprint").warning("of two words")
    try:
        raise ValueError("\r\n2026-01-01T00:00:00.000Z ERROR forged\u20282026-01-01T00:00:00.000Z")
    except ValueError as error:
        logging.getLogger("bugsprint").error("failed", exc_info=error)
    monkeypatch.undo()
    time.tzset()
    first, *others = capsys.readouterr().err.split("\n")
    stamp, _, said = first.partition(" ")
    assert said == "WARNING bugsprint of two words"
    assert others[0].endswith(" ERROR bugsprint failed") and others[-1] == ""
    assert all(line.startswith("\t") for line in others[1:-1]), "A line was forged."
    assert len(others) > 5
    assert stamp.endswith("Z")
    assert abs(datetime.fromisoformat(stamp) - before) < timedelta(minutes=5)


def test_what_somebody_may_not_do_leaves_a_line_under_the_requests_number(sign_in, look, caplog):
    answer = sign_in(Role.viewer, name="Eve").get("/audit?who=canary")
    [line] = [r.getMessage() for r in caplog.records if "forbidden" in r.getMessage()]
    assert answer.status_code == 403
    number, [person] = (
        answer.headers["x-request-id"],
        look(select(User.id).where(User.name == "Eve")),
    )
    assert line == f"request {number} of person {person}: GET /audit was forbidden"
