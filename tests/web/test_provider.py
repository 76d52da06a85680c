"""Signing in through an identity provider: what is let in, and every way of lying that is not."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import Session, select

from app.actions import people
from app.config import Settings
from app.core.vocabulary import Role
from app.db.models import Activity, SignIn, User
from app.main import Running, create_app
from tests import make
from tests.web import providers
from tests.web.conftest import BASE, Clock, browser
from tests.web.providers import CLIENT, SECRET, lying_provider, real_provider

MAP = {"bug-admins": Role.admin, "support": Role.support_lead, "bug-fixers": Role.engineer}
GOOD = "correct horse battery"


class Today:
    """The clock on the wall, for tokens of a provider that keeps its own time."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def clock(request):
    return Today() if "real" in request.fixturenames else Clock()


@pytest.fixture(scope="session")
def real():
    with real_provider() as provider:
        yield provider


@pytest.fixture
def lying(clock):
    with lying_provider(clock) as provider:
        yield provider


@pytest.fixture
def issuer(request, lying):
    """Whose people come in; a test that asks for the real provider gets that."""
    if "real" in request.fixturenames:
        return request.getfixturevalue("real").issuer
    return lying.issuer


@pytest.fixture
def app(database_url, clock, issuer):
    settings = Settings(
        database_url=database_url,
        base_url=BASE,
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_role_map=MAP,
        allowed_private_hosts=frozenset({urlsplit(issuer).netloc}),
    )
    made = create_app(settings, Running(jobs=False, clock=clock))
    yield made
    made.state.engine.dispose()


def leave(client, place="/teams"):
    answer = client.get("/sign-in/oidc", params={"next": place})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(client, address):
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == BASE
    return client.get(f"{parts.path}?{parts.query}")


def come(client, lying, **more):
    return back(client, lying.let_in(leave(client), **more))


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


def test_a_code_counts_once_at_a_real_provider_too(client, app, real, look):
    real.knows("cy", email="cy@example.com", groups=["support"])
    address = real.let_in(leave(client), "cy")
    kept = dict(client.cookies)
    assert back(client, address).status_code == 303
    thief = browser(app)
    thief.cookies.update(kept)
    answer = back(thief, address)
    assert answer.status_code == 422
    assert "did not take the code" in answer.text
    assert len(look(select(SignIn))) == 1


def test_what_is_asked_for_has_state_nonce_and_a_challenge_and_no_secret(client, lying):
    asked = {n: v[0] for n, v in parse_qs(urlsplit(leave(client)).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{BASE}/sign-in/oidc/back"
    assert asked["scope"] == "openid email profile groups"
    three = {asked["state"], asked["nonce"], asked["code_challenge"]}
    assert len(three) == 3 and min(map(len, three)) >= 43
    assert SECRET not in str(asked)
    again = parse_qs(urlsplit(leave(client)).query)
    assert three.isdisjoint({again["state"][0], again["nonce"][0], again["code_challenge"][0]})


def test_the_honest_provider_lets_somebody_in_and_asks_for_our_secret_and_verifier(
    client, lying, look
):
    assert come(client, lying).status_code == 303
    assert lying.refused == []
    assert [(u.email, u.role) for u in look(select(User))] == [("ana@example.com", Role.engineer)]
    assert "/userinfo" not in lying.asked


LIES = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another-client"},
    "several audiences and no authorised party": {"aud": [CLIENT, "another-client"]},
    "another authorised party": {"azp": "another-client"},
    "no audience": {"aud": None},
    "an expired token": {"exp": -600},
    "a token without an end": {"exp": None},
    "a token of the future": {"iat": 3600, "nbf": 3600},
    "nobody": {"sub": None},
    "an empty name": {"sub": ""},
    "a number for a name": {"sub": 7},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says(client, lying, look, lie):
    lying.claims = LIES[lie]
    answer = come(client, lying)
    assert answer.status_code == 422, answer.text
    assert "/token" in lying.asked, "The lie was never told."
    assert look(select(User)) == look(select(SignIn)) == []


FORGERIES = {
    "nobody": providers.unsigned,
    "another key": providers.signed_by_another_key,
    "the public key as a secret": providers.signed_with_the_public_key,
    "the right key, but before it was changed": providers.changed_after_signing,
    "nothing at all": lambda *_: "nonsense",
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("by", FORGERIES)
def test_a_token_signed_by(client, lying, look, by):
    lying.sign = FORGERIES[by]
    answer = come(client, lying)
    assert answer.status_code == 422, answer.text
    assert "/token" in lying.asked, "The forgery was never shown."
    assert look(select(User)) == look(select(SignIn)) == []


def test_an_answer_with_another_state_never_reaches_the_provider(client, lying, look):
    address = lying.let_in(leave(client), state="another")
    assert back(client, address).status_code == 422
    assert "/token" not in lying.asked
    assert look(select(SignIn)) == []


def test_an_answer_to_a_sign_in_that_another_browser_began_is_refused(client, app, lying, look):
    address = lying.let_in(leave(browser(app)))
    assert back(client, address).status_code == 422, "This browser began none."
    leave(client)
    assert back(client, address).status_code == 422, "This browser began another one."
    assert look(select(SignIn)) == []


def test_a_code_is_worth_nothing_without_the_verifier_of_who_asked_for_it(client, app, lying):
    stolen = parse_qs(urlsplit(lying.let_in(leave(client))).query)["code"][0]
    thief = browser(app)
    mine = lying.let_in(leave(thief), code=stolen)
    assert back(thief, mine).status_code == 422
    assert lying.refused == ["verifier"]


def test_an_attempt_is_over_when_it_was_answered_and_after_ten_minutes(client, lying, clock):
    address = lying.let_in(leave(client))
    assert back(client, address).status_code == 303
    assert back(client, address).status_code == 422, "Its cookie is gone."
    late = lying.let_in(leave(client))
    clock.now += timedelta(seconds=601)
    answer = back(client, late)
    assert answer.status_code == 422
    assert "took too long" in answer.text


def test_another_providers_answer_is_refused(client, lying):
    assert come(client, lying, iss="https://evil.example").status_code == 422
    assert "/token" not in lying.asked
    lying.metadata = {"authorization_response_iss_parameter_supported": True}
    assert come(client, lying, iss=lying.issuer).status_code == 303


def test_who_gives_up_over_there_is_told_so(client, lying):
    answer = come(client, lying, error="access_denied")
    assert answer.status_code == 422
    assert "let nobody in (access_denied)" in answer.text


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"jwks_uri": "http://10.0.0.1/keys"},
        {"token_endpoint": None},
        {"authorization_endpoint": "http://evil.example/authorize"},
    ],
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(client, lying, metadata):
    lying.metadata = metadata
    answer = client.get("/sign-in/oidc")
    assert answer.status_code == 503
    assert "cannot be asked just now" in answer.text
    assert "evil.example" not in answer.text


def test_a_provider_that_is_down_is_left_alone_for_a_moment(client, lying, clock):
    lying.down = True
    for _ in range(5):
        assert client.get("/sign-in/oidc").status_code == 503
    assert len(lying.asked) == 1, "Five people waited for it, one after another."
    lying.down = False
    clock.now += timedelta(seconds=11)
    assert come(client, lying).status_code == 303


def test_a_new_key_of_the_provider_is_found(client, lying, clock):
    assert come(client, lying).status_code == 303
    lying.key = providers.RSAKey.generate_key(2048, {"kid": "second"})
    clock.now += timedelta(seconds=61)
    assert come(client, lying).status_code == 303


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


def test_coming_back_is_tried_twenty_times_a_minute_at_most(client, lying):
    said = []
    for _ in range(25):
        address = lying.let_in(leave(client), code="guessed")
        answer = back(client, address)
        said.append(answer.status_code)
    assert said == [422] * 20 + [429] * 5
    assert answer.headers["retry-after"] == "60"
    assert lying.asked.count("/token") == 20


def test_a_sign_in_leaves_one_note_that_names_a_new_role(client, lying, look):
    assert come(client, lying).status_code == 303
    assert come(client, lying).status_code == 303
    notes = [(note.verb, note.detail) for note in look(select(Activity).order_by(Activity.id))]
    assert notes == [("came_in", "as engineer"), ("signed_in", "")]


def test_the_door_shows_the_way_to_the_provider(client):
    assert 'href="/sign-in/oidc?next=/teams"' in client.get("/sign-in?next=/teams").text


def test_where_one_wanted_to_go_never_leads_away(client, lying):
    address = lying.let_in(leave(client, "//evil.example/x"))
    assert back(client, address).headers["location"] == "/"
