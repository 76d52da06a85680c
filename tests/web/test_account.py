"""One's own page: where one is signed in, and the password."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions import people
from app.core.vocabulary import Role
from app.db.models import Activity, SignIn, User
from tests import make
from tests.web.direct import browser

GOOD, NEW = "correct horse battery", "quite another staple"
CHANGE = {"old": GOOD, "new": NEW, "again": NEW}


@pytest.fixture(autouse=True)
def ana(db, clock, quick_passwords):
    """A person with a password."""
    found = people.add_user(
        db, "ana@example.com", role=Role.viewer, password=GOOD, team=None, at=clock()
    )
    db.rollback()
    return found


@pytest.fixture
def enter(app):
    def entered(password=GOOD):
        made = browser(app)
        form = {"email": "ana@example.com", "password": password}
        assert made.post("/sign-in", data=form).status_code == 303
        return made

    return entered


def test_the_page_lists_ones_sign_ins_and_nobody_elses(enter, sign_in, clock):
    enter()
    clock.now += timedelta(hours=1)
    here = enter()
    sign_in(Role.admin)
    page = here.get("/me").text
    assert page.count('<th scope="row">') == 2
    assert page.count("this browser") == 1
    assert "password" in page
    clock.now += timedelta(hours=11, minutes=30)
    here.get("/me")
    clock.now += timedelta(minutes=5)
    assert here.get("/me").text.count('<th scope="row">') == 1, "The idle one has ended by itself."


def test_one_sign_in_is_ended_and_the_others_go_on(enter, look):
    one, other = enter(), enter()
    ids = {row.token_hash: row.id for row in look(select(SignIn))}
    ended = ids[people.hashed(one.cookies["bugsprint"])]
    answer = other.post(f"/me/sign-ins/{ended}/end")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert one.get("/me").status_code == 303
    assert other.get("/me").status_code == 200
    assert other.post(f"/me/sign-ins/{ended}/end").status_code == 404


def test_who_signed_in_a_while_ago_signs_in_once_more_before_ending_sign_ins(enter, look, clock):
    here = enter()
    clock.now += timedelta(minutes=11)
    other = enter()
    ended = {row.token_hash: row.id for row in look(select(SignIn))}
    ended = ended[people.hashed(other.cookies["bugsprint"])]
    page = here.get("/me").text
    assert "/end" not in page and "My password, to end sign-ins" in page
    for way in (f"/me/sign-ins/{ended}/end", "/me/sign-out-everywhere"):
        assert here.post(way).status_code == 409
    assert other.get("/me").status_code == 200, "Nothing has ended."
    assert here.post("/me/again", data={"password": "wrong"}).status_code == 422
    assert here.post("/me/again", data={"password": GOOD}).status_code == 303
    assert len(look(select(SignIn))) == 2, "It is a new one in place of the old one."
    assert here.post(f"/me/sign-ins/{ended}/end").status_code == 303
    assert other.get("/me").status_code == 303


def test_who_signs_out_leaves_nothing_in_the_browser(enter):
    for way in ("/sign-out", "/me/sign-out-everywhere"):
        answer = enter().post(way)
        assert answer.headers["clear-site-data"] == '"cache", "storage"', way
        assert "max-age=0" in answer.headers["set-cookie"].lower(), way


def test_nobody_ends_somebody_elses_sign_in(enter, sign_in, look):
    mine = enter()
    (row,) = look(select(SignIn))
    assert sign_in(Role.admin).post(f"/me/sign-ins/{row.id}/end").status_code == 404
    assert mine.get("/me").status_code == 200


def test_signing_out_everywhere_ends_all_of_ones_own(enter, sign_in, look):
    one, other, boss = enter(), enter(), sign_in(Role.admin)
    assert one.post("/me/sign-out-everywhere").headers["location"] == "/sign-in"
    assert [each.get("/me").status_code for each in (one, other, boss)] == [303, 303, 200]
    assert look(select(Activity).order_by(Activity.id))[-1].verb == "signed_out_everywhere"


def test_a_new_password_ends_every_other_sign_in_and_the_old_password(enter, app, look):
    here, other = enter(), enter()
    before = here.cookies["bugsprint"]
    answer = here.post("/me/password", data=CHANGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert here.cookies["bugsprint"] != before
    assert [each.get("/me").status_code for each in (here, other)] == [200, 303]
    form = {"email": "ana@example.com", "password": GOOD}
    assert browser(app).post("/sign-in", data=form).status_code == 422
    enter(NEW)
    assert "password_changed" in [note.verb for note in look(select(Activity))]


@pytest.mark.parametrize(
    "form, said",
    [
        ({"old": "wrong"}, "not your password until now"),
        ({"again": "something else"}, "written in two ways"),
        ({"new": "short", "again": "short"}, "at least 8 characters"),
        ({"new": "iloveyou", "again": "iloveyou"}, "guessed first"),
    ],
)
def test_a_password_is_not_changed_by(enter, look, form, said):
    before = look(select(User.password_hash))
    here, other = enter(), enter()
    answer = here.post("/me/password", data=CHANGE | form)
    assert answer.status_code == 422
    assert said in answer.text
    assert look(select(User.password_hash)) == before
    assert other.get("/me").status_code == 200


def test_the_old_password_cannot_be_guessed_here_either(enter):
    here = enter()
    said = [
        here.post("/me/password", data=CHANGE | {"old": f"guess {n}"}).status_code for n in range(7)
    ]
    assert said == [422] * 5 + [429] * 2
    answer = here.post("/me/password", data=CHANGE)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def test_who_has_no_password_here_is_offered_none(app, db, clock):
    user = make.user(db, oidc_subject="https://sso.example ana")
    token = people.open_sign_in(db, user, at=clock(), via="oidc")
    db.rollback()
    here = browser(app)
    here.cookies.set("bugsprint", token)
    page = here.get("/me").text
    assert "identity provider" in page
    assert "/me/password" not in page
    assert here.post("/me/password", data=CHANGE).status_code == 409


def test_a_program_has_no_account(client, token):
    client.headers["authorization"] = f"Bearer {token('board.read')}"
    page = client.get("/me")
    assert page.status_code == 200
    assert "Where I am signed in" not in page.text
    assert client.post("/me/password", data=CHANGE).status_code == 403
