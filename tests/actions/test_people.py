"""Accounts, sign-ins and programs' tokens."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions import people
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.vocabulary import Role
from app.db.models import ApiToken, SignIn, SignInFailure, User
from app.db.queries import people as rows
from app.db.queries.standing import standing
from tests import make
from tests.make import DAWN

pytestmark = pytest.mark.usefixtures("quick_passwords")
GOOD = "correct horse battery"
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(db):
    return people.add_user(
        db, " Ana.Lopez@Example.com", role=Role.engineer, password=GOOD, team=None, at=DAWN
    )


def enter(db, email="ana.lopez@example.com", password=GOOD, *, address="10.0.0.1", at=DAWN):
    return people.sign_in(db, email, password, address=address, at=at)


def holder(db, token, at):
    since = {"idle_since": at - people.IDLE, "fresh_since": at}
    found = standing(db, people.hashed(token), now=at, **since)
    db.rollback()
    return found.name if found else None


def test_a_person_is_known_by_address_whatever_its_case(db, ana):
    user = db.get(User, ana)
    assert (user.email, user.name) == ("ana.lopez@example.com", "Ana Lopez")
    token = enter(db, "ANA.LOPEZ@example.COM ")
    assert holder(db, token, DAWN) == "Ana Lopez"


def test_a_password_is_stored_as_argon2id_and_a_token_as_a_hash(db, ana):
    assert db.get(User, ana).password_hash.startswith("$argon2id$")
    token = enter(db)
    stored = db.exec(select(SignIn.token_hash)).one()
    assert stored == people.hashed(token) != token
    assert len(token) >= 43


def test_unknown_account_wrong_password_and_closed_account_get_one_answer(db, ana):
    make.user(
        db, email="gone@example.com", active=False, password_hash=db.get(User, ana).password_hash
    )
    make.user(db, email="nopass@example.com")
    said = set()
    for email, password in [
        ("nobody@example.com", GOOD),
        ("ana.lopez@example.com", "wrong"),
        ("gone@example.com", GOOD),
        ("nopass@example.com", GOOD),
        ("nopass@example.com", ""),
    ]:
        with pytest.raises(Invalid) as refused:
            enter(db, email, password)
        said.add(str(refused.value))
    assert said == {"This e-mail address and password do not belong together."}
    assert db.exec(select(SignIn)).all() == []


def test_the_sixth_attempt_on_an_account_in_a_minute_is_refused_even_if_right(db, ana):
    for number in range(5):
        with pytest.raises(Invalid):
            enter(db, password="wrong", address=f"10.0.0.{number}", at=DAWN + number * SECOND)
    with pytest.raises(Forbidden, match="wait a minute"):
        enter(db, address="10.9.9.9", at=DAWN + 30 * SECOND)
    db.rollback()
    assert enter(db, at=DAWN + 70 * SECOND)


def test_an_address_that_tries_many_accounts_is_refused(db, ana):
    for number in range(20):
        with pytest.raises(Invalid):
            enter(db, f"user{number}@example.com", "wrong", at=DAWN)
    with pytest.raises(Forbidden):
        enter(db, at=DAWN + SECOND)
    db.rollback()
    assert enter(db, address="10.0.0.2", at=DAWN + SECOND)


def test_old_failures_are_forgotten(db, ana):
    for minutes in range(0, 6, 2):
        with pytest.raises(Invalid):
            enter(db, password="wrong", at=DAWN + timedelta(minutes=minutes))
    assert len(db.exec(select(SignInFailure)).all()) == 2


def test_a_sign_in_ends_when_idle_and_after_a_week_at_the_latest(db, ana):
    token = enter(db)
    assert holder(db, token, DAWN + timedelta(hours=11, minutes=55))
    assert holder(db, token, DAWN + timedelta(hours=12, minutes=5)) is None
    sign_in = db.exec(select(SignIn.id)).one()
    now = DAWN
    while now < DAWN + timedelta(days=7) - timedelta(hours=6):
        assert holder(db, token, now), now
        now += timedelta(hours=6)
        people.keep_alive(db, sign_in, at=now)
    assert holder(db, token, DAWN + timedelta(days=7, minutes=5)) is None


def test_signing_out_ends_one_sign_in_and_a_closed_account_all(db, ana):
    one, other = enter(db), enter(db)
    people.sign_out(db, one, actor="Ana", at=DAWN)
    assert (holder(db, one, DAWN), holder(db, other, DAWN)) == (None, "Ana Lopez")
    db.get(User, ana).active = False
    db.commit()
    assert holder(db, other, DAWN) is None


def test_a_token_has_scopes_an_end_and_is_stored_as_a_hash(db):
    token = people.create_token(db, "ci", scopes=["bug.claim", "board.read"], at=DAWN)
    assert token.startswith("bsp_")
    stored = db.exec(select(ApiToken)).one()
    assert token not in str(stored.model_dump())
    assert stored.token_hash == people.hashed(token)
    assert stored.scopes == ["board.read", "bug.claim"]
    a_year = DAWN + timedelta(days=365)
    assert rows.token(db, people.hashed(token), a_year - SECOND)
    assert rows.token(db, people.hashed(token), a_year) is None
    assert rows.token(db, stored.token_hash + "x", DAWN) is None


@pytest.mark.parametrize(
    "scopes, said",
    [
        ([], "Name at least one"),
        (["pii.read"], "no scope “pii.read”"),
        (["user.write"], "known scopes"),
    ],
)
def test_a_token_gets_no_scope_that_only_people_have(db, scopes, said):
    with pytest.raises(Invalid, match=said):
        people.create_token(db, "ci", scopes=scopes, at=DAWN)


def test_accounts_and_tokens_that_make_no_sense_are_refused(db, ana):
    def add(email, password=None, team=None):
        people.add_user(db, email, role=Role.viewer, password=password, team=team, at=DAWN)

    with pytest.raises(Conflict):
        add("ana.lopez@EXAMPLE.com")
    with pytest.raises(Invalid, match="not an e-mail"):
        add("ana")
    with pytest.raises(Invalid, match="at least 8"):
        add("bob@example.com", "short")
    with pytest.raises(NotFound, match="no team “x”"):
        add("bob@example.com", None, "x")
    people.create_token(db, "ci", scopes=["board.read"], at=DAWN)
    with pytest.raises(Conflict, match="choose another name"):
        people.create_token(db, "ci", scopes=["board.read"], at=DAWN)
