"""Every way in which an answer can lie, and none of them opens the door."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from app.core.vocabulary import Role
from app.db.models import SignIn, User
from tests.web.direct import BASE, browser
from tests.web.provider import providers
from tests.web.provider.given import back, come, leave
from tests.web.provider.providers import CLIENT, SECRET


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


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_elsewhere_begins_no_sign_in_but_leads_to_the_door(client, lying, site):
    answer = client.get("/sign-in/oidc?next=/teams", headers={"sec-fetch-site": site})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fteams")
    assert "set-cookie" not in answer.headers
    assert lying.asked == []
    assert "/sign-in/oidc" in client.get(answer.headers["location"]).text


def test_nothing_that_the_provider_gave_us_reaches_the_browser(client, lying):
    seen = []
    for place in (leave(client), None):
        answer = back(client, lying.let_in(place)) if place else client.get("/me")
        seen += [answer.text, *(f"{n}: {v}" for n, v in answer.headers.items())]
    assert answer.status_code == 200
    seen += [f"{name}={value}" for name, value in client.cookies.items()]
    assert len(lying.given) == 1
    for secret in ("access-of-ana", SECRET, *lying.given, *lying.given[0].split(".")):
        assert not [each for each in seen if secret in each], secret


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
    "another audience in our name": {"aud": "another-client", "azp": CLIENT},
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
    assert lying.asked.count("/token") == 1
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
    lying.key = providers.key("second")
    clock.now += timedelta(seconds=61)
    assert come(client, lying).status_code == 303


def test_coming_back_is_tried_twenty_times_a_minute_at_most(client, lying):
    said = []
    for _ in range(25):
        address = lying.let_in(leave(client), code="guessed")
        answer = back(client, address)
        said.append(answer.status_code)
    assert said == [422] * 20 + [429] * 5
    assert answer.headers["retry-after"] == "60"
    assert lying.asked.count("/token") == 20


def test_the_door_shows_the_way_to_the_provider(client):
    assert 'href="/sign-in/oidc?next=/teams"' in client.get("/sign-in?next=/teams").text


def test_where_one_wanted_to_go_never_leads_away(client, lying):
    address = lying.let_in(leave(client, "//evil.example/x"))
    assert back(client, address).headers["location"] == "/"
