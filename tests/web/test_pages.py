"""Pages as a whole: kept bytes, the way in and out, and what the API documents."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from app.actions import people, sources
from app.core.vocabulary import Role
from integrations.errors import Unavailable
from tests import make
from tests.actions.sources import Given, page_of, run
from tests.sizes import size
from tests.web.direct import browser
from tests.web.roads import address, roads

GOOD = "correct horse battery"


def test_every_page_and_list_is_drawn_for_every_role_that_may_see_it(app, sign_in, sample):
    for role in Role:
        visitor, seen = sign_in(role), 0
        for method, path, _ in roads(app):
            if method == "GET" and path not in ELSEWHERE:
                answer = visitor.get(address(path, sample))
                assert answer.status_code in {200, 303, 403}, (path, answer.text)
                seen += answer.status_code == 200
        assert seen >= 18


def test_an_unchanged_board_is_not_sent_twice_and_a_claim_makes_a_fresh_one(sign_in, sample):
    visitor = sign_in(Role.engineer, team_id=sample.team, name="Ana")
    board = f"/s/{sample.slug}/board"
    first = visitor.get(board)
    again = visitor.get(board, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert visitor.post(f"/bugs/{sample.bug}/claim").status_code == 303
    fresh = visitor.get(board, headers={"if-none-match": first.headers["etag"]})
    assert fresh.status_code == 200
    claimed = f'id="bug-{sample.bug}" hx-swap-oob="true" data-state="claimed"'
    assert (claimed in fresh.text, claimed in first.text) == (True, False)


def test_nobody_gets_a_board_that_was_kept_for_somebody_else(sign_in, sample):
    ana = sign_in(Role.engineer, team_id=sample.team, name="Ana")
    board = f"/s/{sample.slug}/board"
    tag = ana.get(board).headers["etag"]
    eve = sign_in(Role.viewer, name="Eve").get(board, headers={"if-none-match": tag})
    assert eve.status_code == 200
    assert ("Eve" in eve.text, "Ana" in eve.text) == (True, False)


def test_the_board_says_at_once_that_a_source_fails(db, sign_in, sample, clock):
    visitor, board = sign_in(Role.viewer), f"/s/{sample.slug}/board"
    desk = make.source(db, name="zd").id
    run(db, desk, Given({"t": [page_of()]}), at=clock())

    class Looks(Given):
        def pages(self, stream, position):
            visitor.get(board)
            raise Unavailable("Zendesk is away.")

    run(db, desk, Looks({"t": []}), at=clock())
    assert "Zendesk is away." in visitor.get(board).text


def test_a_paused_source_shows_on_a_kept_page(db, sign_in, sample, clock):
    visitor = sign_in(Role.admin)
    make.source(db, name="zd")
    before = visitor.get(f"/s/{sample.slug}/board").headers["etag"]
    sources.pause(db, "zd", paused=True, actor="Sam", at=clock())
    assert visitor.get(f"/s/{sample.slug}/board").headers["etag"] != before


ELSEWHERE = {
    "/live",
    "/live/poll",
    "/live/tv",
    "/tv/{token}",
    "/tv/{token}/live",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
}
"""Streams, ways that are there only with an identity provider, and what only a good link shows."""
ASKED = {
    "/s/spring/board?q=x": "/s/spring/board?q=x",
    "//evil.example": "/",
    "/\\evil.example": "/",
    "https://evil.example": "/",
    "javascript:alert(1)": "/",
    "\\\\evil.example": "/",
    " //evil.example": "/",
    "/\n/evil.example": "/",
    "": "/",
}


@pytest.fixture
def account(db, clock, quick_passwords):
    """A person with a password."""
    people.add_user(db, "a@b.c", role=Role.viewer, password=GOOD, team=None, at=clock())
    db.rollback()
    return {"email": "a@b.c", "password": GOOD}


def test_signing_in_never_leads_away_from_the_site(client, account):
    for asked, given in ASKED.items():
        answer = client.post("/sign-in", data={**account, "next": asked})
        assert (answer.status_code, answer.headers["location"]) == (303, given), asked


def test_no_character_that_browsers_drop_leads_away_either(client, account):
    for asked in ("/\t/evil.example", "/\r/evil.example", "/\x00/evil.example"):
        location = client.post("/sign-in", data={**account, "next": asked}).headers["location"]
        assert location.startswith("/")
        assert not location.startswith("//")
        assert not set(location) & set("\t\r\n\x00\\")


def test_a_form_never_leads_away_from_the_site(sign_in, sample):
    visitor = sign_in(Role.support_lead, team_id=sample.team)
    for back in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        headers = {"referer": f"https://evil.example/{back}"}
        form = {"ticket_ids": sample.loose, "do": "tag", "tag": "x", "back": back}
        answer = visitor.post("/tickets/actions", data=form, headers=headers)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith(("//", "/\\"))


def test_signing_in_sets_a_cookie_that_scripts_cannot_read_and_signing_out_ends_it(
    client, app, account, sample
):
    to_door = client.get("/bugs/1?x=1")
    assert to_door.headers["location"] == "/sign-in?next=/bugs/1%3Fx%3D1"
    answer = client.post("/sign-in", data={"email": "A@b.c", "password": GOOD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    token = client.cookies["bugsprint"]
    assert client.get(f"/bugs/{sample.bug}").status_code == 200
    client.post("/sign-out")
    thief = browser(app)
    thief.cookies.set("bugsprint", token)
    assert thief.get(f"/bugs/{sample.bug}").status_code == 303


def test_wrong_passwords_are_refused_alike_and_then_for_a_while(client, account):
    said = [client.post("/sign-in", data={"email": email, "password": "wrong words"})
            for email in ("a@b.c", "x@y.z", *["a@b.c"] * 5)]  # fmt: skip
    assert [answer.status_code for answer in said] == [422, 422, 422, 422, 422, 422, 429]
    assert said[0].text.replace("a@b.c", "") == said[1].text.replace("x@y.z", "")


def test_a_change_of_role_counts_at_the_next_request(app, db, sign_in, sample):
    visitor = sign_in(Role.admin)
    assert visitor.get("/audit").status_code == 200
    with app.state.engine.begin() as connection:
        connection.execute(text("UPDATE \"user\" SET role = 'viewer'"))
    assert visitor.get("/audit").status_code == 403


def test_an_idle_sign_in_is_sent_to_the_door(sign_in, sample, clock):
    visitor = sign_in(Role.viewer)
    clock.now += timedelta(hours=12, minutes=1)
    assert visitor.get(f"/bugs/{sample.bug}").headers["location"].startswith("/sign-in")


def test_one_click_sign_in_is_not_there_outside_the_demo(client, db):
    make.user(db, Role.admin, demo=True)
    db.rollback()
    assert client.post("/sign-in/demo", data={"role": "admin"}).status_code == 404


def test_every_address_of_the_api_is_documented_with_its_answer(app, client):
    documented = client.get("/openapi.json").json()["paths"]
    ours = {(m.lower(), path) for m, path, _ in roads(app) if path.startswith("/api/v1")}
    assert {(m, path) for path, ways in documented.items() for m in ways} == ours
    for ways in documented.values():
        for way in ways.values():
            assert way.get("summary")
            good = way["responses"].get("200") or way["responses"].get("201") or {}
            kinds = good.get("content", {})
            assert all(kind["schema"] for kind in kinds.values()), way["summary"]
            assert kinds or not good, way["summary"]


def test_the_short_address_of_the_board_keeps_what_was_asked(sign_in, sample):
    answer = sign_in(Role.viewer).get("/board?q=hangs&team=none", follow_redirects=False)
    assert answer.headers["location"] == f"/s/{sample.slug}/board?q=hangs&team=none"


@pytest.fixture
def hurried():
    """Threads that give way to one another at every turn."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_first_requests_that_come_at_once_get_the_same_description(app, hurried):
    together = Barrier(6)

    def ask(_):
        together.wait(timeout=60)
        return app.openapi()

    for _ in range(size(1, 4)):
        app.openapi_schema = None
        with ThreadPoolExecutor(6) as threads:
            said = list(threads.map(ask, range(6)))
        assert all(each is said[0] for each in said)
