"""Whom the provider's word lets in, and as whom."""

import pytest
from sqlmodel import Session, select

from app.actions import people
from app.core.vocabulary import Role
from app.db.models import Activity, SignIn, User
from tests import make
from tests.web.provider.given import back, come, leave

GOOD = "correct horse battery"


def somebody(look, email="ana@example.com"):
    return look(select(User).where(User.email == email))[0]


def test_a_person_comes_in_through_a_real_provider_with_the_role_of_their_groups(
    client, real, look
):
    real.knows("ana-1", email="ana1@example.com", name="Ana Lopez", groups=["x", "support"])
    answer = back(client, real.let_in(leave(client, "/teams?x=1"), "ana-1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/teams?x=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert client.get("/tickets").status_code == 200
    user = look(select(User))[0]
    assert (user.name, user.role, user.password_hash) == ("Ana Lopez", Role.support_lead, None)
    assert user.oidc_subject == f"{real.issuer} ana-1"
    assert [row.via for row in look(select(SignIn))] == ["oidc"]


def test_the_groups_are_read_anew_at_every_sign_in(client, real, look):
    for groups, role in ((["bug-admins"], Role.admin), (["bug-fixers"], Role.engineer)):
        real.knows("bo", email="bo@example.com", groups=groups)
        assert back(client, real.let_in(leave(client), "bo")).status_code == 303
        assert [user.role for user in look(select(User))] == [role]
    assert client.get("/people").status_code == 403
    real.knows("bo", email="bo@example.com", groups=["cooks"])
    answer = back(client, real.let_in(leave(client), "bo"))
    assert answer.status_code == 403
    assert "bo@example.com is in no group that may use Bugsprint" in answer.text
    assert look(select(SignIn)) == [], "Who was put out of the groups stays signed in nowhere."


def test_groups_and_address_may_come_from_userinfo_but_of_nobody_else(client, lying, look):
    lying.claims = {"groups": None, "email": None, "email_verified": None}
    lying.userinfo = {"email": "ana@example.com", "groups": ["support"], "sub": "bo"}
    assert come(client, lying).status_code == 422
    assert look(select(User)) == []
    lying.userinfo["sub"] = "ana"
    assert come(client, lying).status_code == 303
    assert [user.role for user in look(select(User))] == [Role.support_lead]


@pytest.mark.parametrize("groups", [None, [], ["cooks"], "cooks", {"bug-admins": 1}, [["support"]]])
def test_who_is_in_no_group_of_the_map_is_refused(client, lying, look, groups):
    lying.claims = {"groups": groups}
    answer = come(client, lying)
    assert answer.status_code == 403
    assert "in no group that may use Bugsprint" in answer.text
    assert look(select(User)) == look(select(SignIn)) == []


def test_the_first_group_of_the_map_decides(client, lying, look):
    lying.claims = {"groups": ["bug-fixers", "bug-admins"]}
    assert come(client, lying).status_code == 303
    assert [user.role for user in look(select(User))] == [Role.admin]


def test_an_account_with_a_password_is_never_taken_over(client, lying, db, look, clock):
    people.add_user(db, "ana@example.com", role=Role.admin, password=GOOD, team=None, at=clock())
    db.rollback()
    answer = come(client, lying)
    assert answer.status_code == 403
    assert "an account ana@example.com with a password" in answer.text
    user = somebody(look)
    assert (user.oidc_subject, user.role) == (None, Role.admin)


def test_an_account_that_waits_is_given_to_who_has_the_verified_address(client, lying, db, look):
    waiting = make.user(db, Role.viewer, email="ana@example.com").id
    db.rollback()
    lying.claims = {"email_verified": None}
    assert come(client, lying).status_code == 403
    lying.claims = {"email_verified": False}
    assert come(client, lying).status_code == 403
    assert somebody(look).oidc_subject is None
    lying.claims = {}
    assert come(client, lying).status_code == 303
    user = somebody(look)
    assert (user.id, user.role) == (waiting, Role.engineer)
    assert user.oidc_subject == f"{lying.issuer} ana"


def test_an_address_that_is_somebody_elses_by_now_opens_nothing(client, lying, db, look):
    make.user(db, email="ana@example.com", oidc_subject=f"{lying.issuer} first-ana")
    db.rollback()
    assert come(client, lying).status_code == 403
    assert somebody(look).oidc_subject == f"{lying.issuer} first-ana"


def test_a_new_address_needs_not_to_be_called_unverified(client, lying, look):
    lying.claims = {"email_verified": False}
    answer = come(client, lying)
    assert (answer.status_code, "not verified" in answer.text) == (403, True)
    lying.claims = {"email": "no address", "email_verified": None}
    assert come(client, lying).status_code == 403
    assert look(select(User)) == []
    lying.claims = {"email_verified": None}
    assert come(client, lying).status_code == 303


def test_who_is_kept_out_here_is_kept_out_by_the_provider_too(client, lying, db):
    assert come(client, lying).status_code == 303
    with Session(db.get_bind()) as own:
        own.exec(select(User)).one().active = False
        own.commit()
    answer = come(client, lying)
    assert (answer.status_code, "is kept out" in answer.text) == (403, True)


def test_the_browsers_sign_in_until_now_ends(client, lying, look):
    assert come(client, lying).status_code == 303
    first = client.cookies["bugsprint"]
    assert come(client, lying).status_code == 303
    assert client.cookies["bugsprint"] != first
    assert [row.token_hash for row in look(select(SignIn))] == [
        people.hashed(client.cookies["bugsprint"])
    ]


def test_a_sign_in_leaves_one_note_that_names_a_new_role(client, lying, look):
    assert come(client, lying).status_code == 303
    assert come(client, lying).status_code == 303
    notes = [(note.verb, note.detail) for note in look(select(Activity).order_by(Activity.id))]
    assert notes == [("came_in", "as engineer"), ("signed_in", "")]
