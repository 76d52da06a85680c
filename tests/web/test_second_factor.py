"""A second factor beside the password, and first passwords that do not last."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app.actions import people, second_factor, staff
from app.actions.second_factor import Asking
from app.actions.vault import Vault
from app.core import onetime
from app.core.errors import AppError
from app.core.vocabulary import Role
from app.db.models import Activity, RecoveryCode, SecondFactor, SignIn, User
from tests.web.direct import browser

GOOD, NEW = "correct horse battery", "quite another staple"
FACTOR = "/me/second-factor"
KEY = "a key for tests only, 32 letters"


@pytest.fixture(autouse=True)
def ana(db, app, clock, quick_passwords):
    """The first person, who chose the password herself; here secrets can be sealed."""
    app.state.connect = replace(app.state.connect, vault=Vault(KEY))
    about = {"role": Role.admin, "password": GOOD, "team": None}
    found = people.add_user(db, "ana@example.com", at=clock(), **about)
    db.rollback()
    return found


@pytest.fixture
def enter(app):
    """Give the password; returns the browser and where it is sent."""

    def entered(password=GOOD, email="ana@example.com", into=None):
        made = into or browser(app)
        answer = made.post("/sign-in", data={"email": email, "password": password, "next": "/keys"})
        return made, answer

    return entered


@pytest.fixture
def code(look, app, clock):
    """Read an authenticator: the code of now, or of some steps from now."""

    def read(later=0):
        (found,) = look(select(SecondFactor))
        secret = app.state.connect.vault.open(found.secret)["authenticator"]
        return onetime.code(onetime.read(secret), onetime.step_at(clock()) + later)

    return read


@pytest.fixture
def equipped(enter, code, clock):
    """Ana with a second factor: her browser, and her recovery codes."""
    here, _ = enter()
    assert here.post(f"{FACTOR}/begin", data={"password": GOOD}).status_code == 303
    codes = recovery(here.post(f"{FACTOR}/confirm", data={"code": code()}))
    clock.now += timedelta(minutes=1)
    return here, codes


def recovery(answer):
    assert answer.status_code == 200, answer.text
    return re.findall(r"^(?:.*>)?((?:[a-z2-7]{4}-){5}[a-z2-7]{4})$", answer.text, re.MULTILINE)


def verbs(look):
    return [note.verb for note in look(select(Activity).order_by(Activity.id))]


def test_a_secret_counts_once_its_first_code_was_given(enter, code, look, clock):
    here, _ = enter()
    assert here.post(f"{FACTOR}/begin", data={"password": "wrong"}).status_code == 422
    assert here.post(f"{FACTOR}/confirm", data={"code": "123456"}).status_code == 409
    assert here.post(f"{FACTOR}/begin", data={"password": GOOD}).status_code == 303
    page = here.get(FACTOR).text
    (kept,) = look(select(SecondFactor))
    shown = re.search(r'id="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert shown not in kept.secret and "<svg" in page and f"secret={shown}" in page
    assert enter()[1].headers["location"] == "/keys", "Until then the password alone will do."
    assert here.post(f"{FACTOR}/confirm", data={"code": "12345"}).status_code == 422
    made = here.post(f"{FACTOR}/confirm", data={"code": f" {code()} "})
    assert len(set(recovery(made))) == 8
    assert shown not in here.get(FACTOR).text, "It is shown while it is set up, and never again."
    assert here.post(f"{FACTOR}/begin", data={"password": GOOD}).status_code == 409
    assert verbs(look)[-1] == "second_factor_on"


def test_the_password_alone_opens_nothing(equipped, enter, look, code, app, client):
    before = len(look(select(SignIn)))
    other, answer = enter()
    assert answer.headers["location"] == "/sign-in/code?next=%2Fkeys"
    assert "bugsprint-code=" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "bugsprint" not in other.cookies and len(look(select(SignIn))) == before
    assert other.get("/me").status_code == 303 and other.get("/api/v1/views").status_code == 401
    stolen = browser(app)
    stolen.cookies.set("bugsprint", other.cookies["bugsprint-code"])
    assert stolen.get("/api/v1/views").status_code == 401
    refused = client.post("/sign-in/code", data={"code": code()})
    assert refused.status_code == 422 and "begin again" in refused.text, "Not without the password."
    entered = other.post("/sign-in/code", data={"code": code(), "next": "/keys"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/keys")
    assert other.get("/api/v1/views").status_code == 200


def test_no_code_counts_twice_nor_one_before_it(equipped, enter, code, clock):
    first = code()
    assert enter()[0].post("/sign-in/code", data={"code": first}).status_code == 303
    again, _ = enter()
    for used in (first, code(-1)):
        assert again.post("/sign-in/code", data={"code": used}).status_code == 422
    assert again.post("/sign-in/code", data={"code": code(1)}).status_code == 303
    clock.now += timedelta(seconds=30)
    assert enter()[0].post("/sign-in/code", data={"code": code()}).status_code == 422


def test_the_code_has_to_come_soon_and_from_the_browser_that_gave_the_password(
    equipped, enter, code, clock
):
    slow, _ = enter()
    clock.now += timedelta(minutes=6)
    assert slow.post("/sign-in/code", data={"code": code()}).status_code == 422
    former, _ = enter()
    newer, _ = enter()
    assert former.post("/sign-in/code", data={"code": code()}).status_code == 422
    assert newer.post("/sign-in/code", data={"code": code()}).status_code == 303
    assert newer.post("/sign-in/code", data={"code": code(1)}).status_code == 422, "Once only."


def test_of_those_who_give_one_code_at_once_one_is_believed(equipped, engine, code, clock):
    here, _ = equipped
    asking, given = Asking(here.cookies["bugsprint"], "127.0.0.1", clock()), code()

    def renewed(db):
        return second_factor.renew_codes(db, asking, GOOD, given, vault=Vault(KEY))

    assert sorted(at_once(engine, [renewed] * 4)) == [False, False, False, True]


def test_a_question_is_answered_once_however_many_answers_are_right(
    equipped, enter, engine, look, clock
):
    _, codes = equipped
    other, _ = enter()
    asking = Asking(other.cookies["bugsprint-code"], "127.0.0.1", clock())
    before = len(look(select(SignIn)))
    ways = [
        partial(second_factor.come_in, asking=asking, code=each, vault=Vault(KEY))
        for each in codes[:4]
    ]
    assert sorted(at_once(engine, ways)) == [False, False, False, True]
    assert len(look(select(SignIn))) == before + 1
    assert len(look(select(RecoveryCode))) == 7, "What did not let in was not used up."


def at_once(engine, ways):
    """Go these ways at the same moment; returns which of them led in."""
    together, said = Barrier(len(ways)), []

    def go(way):
        with Session(engine) as db:
            together.wait(60)
            try:
                said.append(bool(way(db)))
            except (AppError, OperationalError):
                said.append(False)

    threads = [Thread(target=go, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def test_guessing_codes_is_limited_as_guessing_passwords_is(equipped, enter, code, clock):
    other, _ = enter()
    said = [other.post("/sign-in/code", data={"code": "000000"}).status_code for _ in range(7)]
    assert said == [422] * 5 + [429] * 2
    late = other.post("/sign-in/code", data={"code": code()})
    assert (late.status_code, late.headers["retry-after"]) == (429, "60")
    clock.now += timedelta(seconds=61)
    assert other.post("/sign-in/code", data={"code": code()}).status_code == 303


def test_a_recovery_code_lets_in_once_and_only_its_hash_is_kept(equipped, enter, look):
    _, codes = equipped
    kept = [row.code_hash for row in look(select(RecoveryCode))]
    assert len(kept) == 8 and not any(each in hash_ for each in codes for hash_ in kept)
    loud = codes[0].upper().replace("-", " ")
    assert enter()[0].post("/sign-in/code", data={"code": loud}).status_code == 303
    assert enter()[0].post("/sign-in/code", data={"code": codes[0]}).status_code == 422
    note = look(select(Activity).where(Activity.verb == "signed_in_by_recovery"))[0]
    assert note.detail == "7 codes left"


def test_new_recovery_codes_and_turning_it_off_need_both_factors(equipped, enter, code, look):
    here, codes = equipped
    both = {"password": GOOD, "code": code()}
    for wrong in ({"password": "wrong"}, {"code": "000000"}, {"code": ""}):
        assert here.post(f"{FACTOR}/end", data=both | wrong).status_code == 422
    fresh = recovery(here.post(f"{FACTOR}/codes", data=both))
    assert len(fresh) == 8 and not set(fresh) & set(codes)
    assert here.post(f"{FACTOR}/end", data=both | {"code": codes[0]}).status_code == 422
    assert here.post(f"{FACTOR}/end", data=both | {"code": fresh[0]}).status_code == 303
    assert look(select(SecondFactor)) == [] == look(select(RecoveryCode))
    assert enter()[1].headers["location"] == "/keys"
    assert verbs(look)[-3:-1] == ["recovery_codes_made", "second_factor_off"]


def test_an_administrator_takes_a_lost_one_off_and_it_is_noted(equipped, enter, sign_in, look, ana):
    here, _ = equipped
    pending, _ = enter()
    boss = sign_in(Role.admin)
    assert boss.get("/people").text.count("second-factor/end") == 1
    assert boss.post(f"/people/{ana}/second-factor/end").status_code == 303
    assert boss.post(f"/people/{ana}/second-factor/end").status_code == 409
    assert here.get("/me").status_code == 303, "Who is signed in is signed out."
    assert pending.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert enter()[1].headers["location"] == "/keys"
    note = look(select(Activity).where(Activity.verb == "second_factor_reset"))[0]
    assert note.detail == "ana@example.com"


def test_where_it_is_demanded_nothing_else_is_to_be_had_without(app, enter, code, look):
    app.state.second_factor = True
    here, _ = enter()
    for path in ("/", "/me", "/people", "/tickets"):
        answer = here.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, FACTOR), path
    refused = here.get("/api/v1/views")
    assert refused.status_code == 403 and "Set up a second factor first" in refused.text
    assert here.post("/views", data={"name": "x", "q": ""}).status_code == 403
    assert here.get("/live").status_code in {303, 403}
    here.post(f"{FACTOR}/begin", data={"password": GOOD})
    here.post(f"{FACTOR}/confirm", data={"code": code()})
    assert here.get("/people").status_code == 200


def test_a_password_that_somebody_else_knows_is_changed_before_anything_else(
    app, db, enter, sign_in, look, clock
):
    boss = sign_in(Role.admin)
    form = {"email": "new@example.com", "role": "viewer", "password": GOOD}
    assert boss.post("/people", data=form).status_code == 303
    here, answer = enter(email="new@example.com")
    assert answer.status_code == 303
    assert here.get("/me").headers["location"] == "/me/first-password"
    assert here.get("/api/v1/views").status_code == 403
    change = {"old": GOOD, "new": GOOD, "again": GOOD}
    kept = here.post("/me/password", data=change)
    assert kept.status_code == 422 and "choose another one" in kept.text
    assert here.post("/me/password", data=change | {"new": NEW, "again": NEW}).status_code == 303
    assert here.get("/me").status_code == 200
    assert here.get("/me/first-password").headers["location"] == "/me"


def test_a_first_password_ends_after_a_week(enter, sign_in, clock, ana, look):
    boss = sign_in(Role.admin)
    page = boss.post(f"/people/{ana}/password").text
    first = re.search(r'id="first-password">([\w-]{16})<', page)[1]
    assert enter()[1].status_code == 422, "The one before it is gone."
    assert enter(first)[1].status_code == 303
    assert first not in boss.get("/people").text
    clock.now += timedelta(days=7, minutes=1)
    late = enter(first)[1]
    assert late.status_code == 422 and "ended after 7 days" in late.text
    assert verbs(look).count("password_given") == 1


def test_a_forgotten_password_is_replaced_and_the_second_factor_stays(
    equipped, enter, code, ana, db, clock
):
    pending, _ = enter()
    with Session(db.get_bind()) as own:
        said, first = staff.give_password(own, ana, actor="Boss", at=clock())
        own.rollback()
        assert own.get(User, ana).password_hash != first
    assert said == "ana@example.com"
    assert pending.post("/sign-in/code", data={"code": code()}).status_code == 422
    assert enter(first)[1].headers["location"].startswith("/sign-in/code")
