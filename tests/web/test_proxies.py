"""A proxy's word counts only when the proxy is on the list, and only for what it was asked."""

from ipaddress import ip_network

import pytest

from app.config import Settings
from app.core.vocabulary import Role
from app.main import Running, create_app
from app.web.proxies import VOUCHED, Proxies
from tests import make
from tests.web.direct import BASE, browser

PROXY, STRANGER = "10.0.0.7", "203.0.113.9"
ANA = {"X-Forwarded-Email": "Ana@Example.com"}


@pytest.fixture
def header():
    """Whether the proxy says who is signed in; a test may say otherwise."""
    return "X-Forwarded-Email"


@pytest.fixture
def app(database_url, clock, header):
    settings = Settings(
        database_url=database_url,
        base_url=BASE,
        trusted_proxies=["10.0.0.0/24", "2001:db8::1"],
        identity_header=header,
    )
    made = create_app(settings, Running(jobs=False, clock=clock))
    yield made
    made.state.engine.dispose()


@pytest.fixture
def by(app):
    """Ask from an address."""

    def asking(address):
        return browser(app, address=address)

    return asking


@pytest.fixture
def ana(db):
    make.user(db, Role.admin, name="Ana", email="ana@example.com")
    db.rollback()


def test_a_listed_proxy_says_who_asks_and_each_request_says_it_anew(by, ana):
    browser = by(PROXY)
    assert browser.get("/people", headers=ANA).status_code == 200
    assert browser.cookies == {}
    assert browser.get("/people").headers["location"].startswith("/sign-in")


def test_nobody_else_is_believed(by, ana):
    answer = by(STRANGER).get("/people", headers=ANA)
    assert answer.headers["location"].startswith("/sign-in")
    assert "ana" not in by(STRANGER).get("/sign-in", headers=ANA).text.lower()


def test_the_proxys_word_counts_more_than_a_cookie(by, ana, sign_in, sample, app):
    browser = by(PROXY)
    browser.cookies.set("bugsprint", sign_in(Role.viewer).cookies["bugsprint"])
    path = f"/s/{sample.slug}/board"
    for _ in range(3):  # the third time it would come from the kept pages
        assert 'data-role="viewer"' in browser.get(path).text
    assert 'data-role="admin"' in browser.get(path, headers=ANA).text
    unknown = {"X-Forwarded-Email": "eve@example.com"}
    assert browser.get(path, headers=unknown).headers["location"].startswith("/sign-in")
    assert 'data-role="viewer"' in browser.get(path).text


def test_whom_nobody_here_knows_is_told_so(by, ana):
    answer = by(PROXY).get("/sign-in", headers={"X-Forwarded-Email": "<b>eve@example.com"})
    assert "says that you are &lt;b&gt;eve@example.com" in answer.text


def test_two_names_are_no_name(by, ana):
    twice = [("x-forwarded-email", "ana@example.com"), ("x-forwarded-email", "ana@example.com")]
    assert by(PROXY).get("/people", headers=twice).headers["location"].startswith("/sign-in")


def test_a_person_who_is_kept_out_does_not_come_in_by_a_proxy(by, db):
    make.user(db, Role.admin, email="ana@example.com", active=False)
    db.rollback()
    assert by(PROXY).get("/people", headers=ANA).status_code == 303


def test_a_forged_form_is_refused_by_a_proxys_name_as_by_a_cookie(by, ana):
    headers = {**ANA, "sec-fetch-site": "cross-site"}
    assert by(PROXY).post("/sprints", headers=headers).status_code == 403


def test_a_token_counts_more_than_the_proxys_word(by, ana, token):
    headers = {**ANA, "authorization": f"Bearer {token('board.read')}"}
    assert by(PROXY).get("/people", headers=headers).status_code == 403


def test_ones_own_page_names_the_proxy(by, ana):
    page = by(PROXY).get("/me", headers=ANA).text
    assert "A proxy before this site says who you are" in page


class TestWithoutTheSetting:
    @pytest.fixture
    def header(self):
        return None

    def test_a_listed_proxy_is_asked_for_addresses_only(self, by, ana):
        assert by(PROXY).get("/people", headers=ANA).headers["location"].startswith("/sign-in")


def test_wrong_passwords_count_for_the_address_that_a_listed_proxy_names(by, quick_passwords):
    def tries(browser, name, count):
        headers = {"x-forwarded-for": name}
        return [
            browser.post(
                "/sign-in", data={"email": f"{name}{n}@b.c", "password": "wrong"}, headers=headers
            ).status_code
            for n in range(count)
        ]

    assert tries(by(PROXY), "198.51.100.1", 21) == [422] * 20 + [429]
    assert tries(by(PROXY), "198.51.100.2", 1) == [422], "Another visitor of the same proxy."
    stranger = by(STRANGER)
    assert [tries(stranger, f"198.51.100.{n}", 1) for n in range(10, 31)] == [[422]] * 20 + [[429]]


TRUSTED = Proxies([ip_network("10.0.0.0/24"), ip_network("2001:db8::1")], "X-User")


def client_of(peer, *forwarded):
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return TRUSTED.told({"client": (peer, 1), "headers": headers})["client"][0]


@pytest.mark.parametrize(
    "peer, forwarded, client",
    [
        (PROXY, ["198.51.100.1"], "198.51.100.1"),
        (PROXY, ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        (PROXY, ["6.6.6.6", "198.51.100.1, 10.0.0.9"], "198.51.100.1"),
        (PROXY, ["10.0.0.8, 10.0.0.9"], "10.0.0.8"),
        (PROXY, ["198.51.100.1:4711"], "198.51.100.1"),
        (PROXY, ["[2001:db8::5]:4711"], "2001:db8::5"),
        (PROXY, ["::ffff:198.51.100.1"], "198.51.100.1"),
        (PROXY, ["198.51.100.1, unknown"], PROXY),
        (PROXY, [""], PROXY),
        (PROXY, [], PROXY),
        ("::ffff:10.0.0.7", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8::1", ["198.51.100.1"], "198.51.100.1"),
        (STRANGER, ["198.51.100.1"], STRANGER),
        ("testclient", ["198.51.100.1"], "testclient"),
    ],
)
def test_the_client_is_the_nearest_hop_that_nobody_trusted_vouches_for(peer, forwarded, client):
    assert client_of(peer, *forwarded) == client


def test_the_identity_header_never_goes_further():
    for peer in (PROXY, STRANGER):
        scope = {"client": (peer, 1), "headers": [(b"x-user", b"ana"), (b"x-other", b"1")]}
        told = TRUSTED.told(scope)
        assert told["headers"] == [(b"x-other", b"1")]
        assert (VOUCHED in told["state"]) is (peer == PROXY)


def test_without_a_client_address_nobody_is_believed():
    told = TRUSTED.told({"client": None, "headers": [(b"x-user", b"ana")]})
    assert VOUCHED not in told["state"]
