"""Administrators keep people and programs' tokens; what they decide counts at once."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from app.actions import people, staff
from app.actions.staff import Place
from app.core.errors import Conflict
from app.core.vocabulary import Role
from app.db.engine import is_busy
from app.db.models import Activity, ApiToken, User
from tests import make
from tests.make import DAWN
from tests.web.direct import browser


@pytest.fixture
def boss(sign_in):
    return sign_in(Role.admin, name="Boss", email="boss@example.com")


def user_of(look, email):
    return look(select(User).where(User.email == email))[0]


def test_a_person_is_added_and_can_sign_in(boss, app, sample, look, quick_passwords):
    form = {
        "email": "New@Example.com",
        "role": "engineer",
        "name": "Nea W.",
        "team": "payments",
        "organiser": "true",
        "password": "correct horse battery",
    }
    answer = boss.post("/people", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    user = user_of(look, "new@example.com")
    assert (user.name, user.role, user.team_id, user.organiser) == (
        "Nea W.", Role.engineer, sample.team, True,
    )  # fmt: skip
    door = browser(app)
    given = {"email": "new@example.com", "password": "correct horse battery"}
    assert door.post("/sign-in", data=given).status_code == 303
    page = boss.get("/people").text
    assert "Nea W." in page and "signed in once" in page
    assert boss.post("/people", data=form).status_code == 409
    assert boss.post("/people", data={**form, "email": "x"}).status_code == 422
    common = {**form, "email": "y@example.com", "password": "password1"}
    assert boss.post("/people", data=common).status_code == 422


def test_a_demotion_counts_from_the_next_request_on(boss, sign_in, look):
    other = sign_in(Role.admin, email="bo@example.com")
    assert other.get("/people").status_code == 200
    user = user_of(look, "bo@example.com")
    form = {"name": "Bo K.", "role": "viewer"}
    assert boss.post(f"/people/{user.id}", data=form).status_code == 303
    assert other.get("/people").status_code == 403
    assert other.get("/me").status_code == 200
    note = look(select(Activity).order_by(Activity.id))[-1]
    assert (note.actor, note.verb, note.detail) == (
        "Boss",
        "user_changed",
        "bo@example.com is viewer",
    )


def test_who_is_kept_out_is_out_at_once_and_may_come_back_by_the_door(boss, sign_in, look):
    other = sign_in(Role.engineer, email="bo@example.com")
    user = user_of(look, "bo@example.com")
    assert boss.post(f"/people/{user.id}/deactivate").status_code == 303
    assert other.get("/me").headers["location"].startswith("/sign-in")
    assert boss.post(f"/people/{user.id}/deactivate").status_code == 409
    assert boss.post(f"/people/{user.id}/activate").status_code == 303
    assert boss.post(f"/people/{user.id}/activate").status_code == 409
    assert other.get("/me").status_code == 303, "The old sign-in does not come back to life."


def test_an_administrator_signs_a_person_out_everywhere(boss, sign_in, look):
    other = sign_in(Role.engineer, email="bo@example.com")
    user = user_of(look, "bo@example.com")
    assert boss.post(f"/people/{user.id}/sign-out").status_code == 303
    assert other.get("/me").status_code == 303
    assert boss.get("/me").status_code == 200


def test_a_password_is_taken_away_with_the_sign_ins_it_opened(boss, sign_in, look):
    other = sign_in(Role.engineer, email="bo@example.com", password_hash="$argon2id$x")
    user = user_of(look, "bo@example.com")
    assert boss.post(f"/people/{user.id}/hand-over").status_code == 303
    assert user_of(look, "bo@example.com").password_hash is None
    assert other.get("/me").status_code == 303
    assert boss.post(f"/people/{user.id}/hand-over").status_code == 409


def test_the_last_administrator_stays_one(boss, sign_in, look):
    user = user_of(look, "boss@example.com")
    make_viewer = {"name": "Boss", "role": "viewer"}
    for path, form in ((f"/people/{user.id}", make_viewer), (f"/people/{user.id}/deactivate", {})):
        answer = boss.post(path, data=form)
        assert answer.status_code == 409
        assert "boss@example.com is the last administrator" in answer.text
    sign_in(Role.admin, active=False)
    assert boss.post(f"/people/{user.id}", data=make_viewer).status_code == 409
    sign_in(Role.admin)
    assert boss.post(f"/people/{user.id}", data=make_viewer).status_code == 303
    assert boss.get("/people").status_code == 403


def test_two_administrators_who_demote_each_other_leave_one(engine):
    with Session(engine) as db:
        ids = [make.user(db, Role.admin, name=f"Admin {n}").id for n in range(2)]
    together, said = Barrier(2), []

    def demote(user_id):
        with Session(engine) as db:
            together.wait(60)
            said.append(demoted(db, user_id))

    threads = [Thread(target=demote, args=(user_id,)) for user_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with Session(engine) as db:
        left = [user for user in db.exec(select(User)).all() if user.role == Role.admin]
    assert (sorted(said), len(left)) == (["done", "refused"], 1)


def demoted(db, user_id):
    place = Place("Somebody", Role.viewer, None, organiser=False)
    while True:
        try:
            staff.change(db, user_id, place, actor="test", at=DAWN)
        except OperationalError as error:
            if not is_busy(error):
                raise
            db.rollback()
        except Conflict:
            return "refused"
        else:
            return "done"


def test_what_names_nobody_changes_nobody(boss):
    form = {"name": "X", "role": "viewer"}
    for path in ("", "/deactivate", "/activate", "/sign-out", "/hand-over"):
        assert boss.post(f"/people/999{path}", data=form).status_code == 404
    assert boss.post("/people/1", data={**form, "role": "boss"}).status_code == 422
    assert boss.post("/people/1", data={**form, "name": " "}).status_code == 422
    assert boss.post("/people/1", data={**form, "role": "admin", "team": "x"}).status_code == 404


def make_token(boss, **more):
    form = {"name": "ci", "days": "30", "scope": ["board.read", "bug.claim"]}
    return boss.post("/tokens", data=form | more)


def test_a_token_is_shown_once_and_known_again_by_its_last_letters(boss, client, sample, look):
    answer = make_token(boss)
    assert answer.status_code == 200
    (token,) = re.findall(r"bsp_[\w-]{43}", answer.text)
    page = boss.get("/people").text
    assert token not in page
    assert f"…{token[-4:]}" in page
    (stored,) = look(select(ApiToken))
    assert token not in str(stored.model_dump())
    assert (stored.made_by, stored.ending) == ("Boss", token[-4:])
    assert stored.expires_at - stored.created_at == timedelta(days=30)
    asked = client.get("/api/v1/board", headers={"authorization": f"Bearer {token}"})
    assert asked.status_code == 200
    assert look(select(ApiToken.last_used_at)) != [None]


def test_a_revoked_token_is_refused_from_the_next_request_on(boss, client, sample, look):
    (token,) = re.findall(r"bsp_[\w-]{43}", make_token(boss).text)
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/board", headers=headers).status_code == 200
    (stored,) = look(select(ApiToken))
    assert boss.post(f"/tokens/{stored.id}/revoke").status_code == 303
    assert client.get("/api/v1/board", headers=headers).status_code == 401
    claim = client.post(f"/api/v1/bugs/{sample.bug}/claim", json={}, headers=headers)
    assert claim.status_code == 401
    assert boss.post(f"/tokens/{stored.id}/revoke").status_code == 409
    assert boss.post("/tokens/999/revoke").status_code == 404
    assert "revoked" in boss.get("/people").text


def test_a_token_ends_by_itself(boss, client, sample, clock):
    (token,) = re.findall(r"bsp_[\w-]{43}", make_token(boss, days="1").text)
    headers = {"authorization": f"Bearer {token}"}
    clock.now += timedelta(hours=23)
    assert client.get("/api/v1/board", headers=headers).status_code == 200
    clock.now += timedelta(hours=1)
    assert client.get("/api/v1/board", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"days": "366"}, {"days": "0"}, {"scope": ["user.write"]}, {"scope": []}, {"name": " "}],
)
def test_a_token_is_not_made(boss, look, wrong):
    assert make_token(boss, **wrong).status_code == 422
    assert look(select(ApiToken)) == []


def test_a_program_manages_nobody(boss, client, token):
    client.headers["authorization"] = f"Bearer {token('board.read', 'bug.claim')}"
    assert client.get("/people").status_code == 403
    assert make_token(client).status_code == 403


def test_a_token_with_a_name_that_is_taken_is_refused(db, token):
    token("board.read")
    with pytest.raises(Conflict):
        people.create_token(db, "board.read", scopes=["board.read"], at=DAWN)
