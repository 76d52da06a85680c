"""The same headers on every kind of answer, cookies that only TLS carries, no way off the site."""

import logging

import pytest
from sqlalchemy import text

from app.actions import people
from app.config import Settings
from app.core.vocabulary import Role
from app.main import Running, create_app
from tests.web.direct import browser
from tests.web.roads import address, filled, roads
from tests.web.test_headers import dressed

SECURE = "https://bugs.example.com"
GOOD = "correct horse battery"
AWAY = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "http:evil.example", "https:/evil.example", "javascript:alert(1)", "JaVaScript:alert(1)",
    "data:text/html,x", "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example", "/%0d%0aSet-Cookie:x=1", "/x\r\nSet-Cookie: x=1", "/\x00/evil.example",
    "evil.example", "@evil.example", "/\u2028/evil.example", "/@evil.example", "/.evil.example",
    "/\\/evil.example", "/\t\\evil.example", "//user@evil.example", "/;@evil.example",
    "?next=//evil.example",
]  # fmt: skip


@pytest.fixture
def secure(database_url, clock):
    """The application as a company has it: at an https address."""
    made = create_app(
        Settings(database_url=database_url, base_url=SECURE), Running(jobs=False, clock=clock)
    )
    yield made
    made.state.engine.dispose()


def at_home(app):
    return browser(app, at=SECURE)


def home(location: str) -> bool:
    """Whether a browser that is sent there stays: it drops tabs and breaks, and turns \\ round."""
    seen = "".join(letter for letter in location if letter not in "\t\r\n").replace("\\", "/")
    return seen.startswith("/") and not seen.startswith("//")


def test_every_kind_of_answer_is_dressed(app, sign_in, sample):
    visitor, seen = sign_in(Role.admin), set()
    tag = visitor.get(f"/s/{sample.slug}/board").headers["etag"]
    answers = [
        visitor.get(f"/s/{sample.slug}/board", headers={"if-none-match": tag}),
        visitor.post("/teams/import", content=b"", headers={"content-length": "9000000"}),
        visitor.post("/teams/import", data={"yaml": "["}),
        visitor.post(
            "/api/v1/links", content=b"\xff{", headers={"content-type": "application/json"}
        ),
        visitor.request("TRACE", "/board"),
        visitor.get("/static/css/parts.css"),
        visitor.head("/static/css/parts.css"),
        visitor.get("/static/../../etc/passwd"),
        visitor.get("/openapi.json"),
        visitor.get("/healthz"),
    ]
    for method, path, _ in roads(app):
        if not path.startswith("/live"):
            answers += [
                visitor.request(method, way) for way in (address(path, sample), filled(path, "0"))
            ]
    for answer in answers:
        assert dressed(answer), (answer.request.method, answer.url, answer.status_code)
        seen.add(answer.status_code)
    assert {200, 303, 304, 404, 405, 413, 422} <= seen


def test_over_tls_the_cookie_is_bound_to_the_host_and_every_answer_asks_for_tls(
    secure, db, clock, quick_passwords
):
    people.add_user(db, "a@b.c", role=Role.viewer, password=GOOD, team=None, at=clock())
    db.rollback()
    visitor = at_home(secure)
    entered = visitor.post("/sign-in", data={"email": "a@b.c", "password": GOOD})
    cookie = entered.headers["set-cookie"]
    name, _, flags = cookie.partition("=")
    assert name == "__Host-bugsprint"
    for flag in ("; HttpOnly", "; Secure", "; Path=/", "; SameSite=lax"):
        assert flag in flags
    assert "Domain" not in flags
    for answer in (
        entered,
        visitor.get("/me"),
        visitor.get("/nowhere"),
        visitor.get("/static/none"),
    ):
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert visitor.get("/me").status_code == 200
    ended = visitor.post("/sign-out").headers["set-cookie"]
    assert "Max-Age=0" in ended and "Secure" in ended


@pytest.mark.parametrize("place", AWAY)
def test_no_next_back_or_referer_leads_off_the_site(
    db, client, sign_in, sample, clock, place, quick_passwords
):
    people.add_user(db, "a@b.c", role=Role.viewer, password=GOOD, team=None, at=clock())
    db.rollback()
    entered = client.post("/sign-in", data={"email": "a@b.c", "password": GOOD, "next": place})
    visitor = sign_in(Role.support_lead)
    form = {"ticket_ids": sample.loose, "do": "tag", "tag": "x", "back": place}
    tagged = visitor.post("/tickets/actions", data=form)
    referer = place.encode("ascii", "ignore").translate(None, b"\r\n\0")
    for came in (referer, b"https://evil.example/" + referer):
        headers = {b"referer": came}
        back = visitor.post("/tickets/actions", data={**form, "back": ""}, headers=headers)
        assert home(back.headers["location"]), came
    for answer in (entered, tagged):
        assert answer.status_code == 303
        assert home(answer.headers["location"]), place
        assert not set(answer.headers["location"]) & set("\r\n\0")
        assert answer.headers.get("set-cookie", "bugsprint=").startswith("bugsprint=")


def test_a_flood_of_sign_ins_is_turned_away(client, db, quick_passwords):
    said = [
        client.post(
            "/sign-in", data={"email": f"x{n % 9}@y.z", "password": "wrong words"}
        ).status_code
        for n in range(100)
    ]
    assert set(said) == {422, 429}
    assert said.count(429) >= 80 and set(said[-70:]) == {429}


def test_no_header_and_no_line_of_the_log_is_made_of_what_is_asked(app, sign_in, sample, caplog):
    visitor = sign_in(Role.admin)
    forged = "x%0d%0aSet-Cookie:%20stolen=1%0d%0aERROR%20forged"
    with caplog.at_level(logging.DEBUG):
        for path in (f"/s/{forged}/board", f"/s/{forged}/impact.csv", f"/api/v1/bugs?q={forged}",
                     f"/s/{sample.slug}/board?q={forged}", f"/sources/{forged}/test"):  # fmt: skip
            answer = visitor.get(path)
            for name, value in answer.headers.items():
                assert "stolen" not in value or name == "location", path
                assert not set(value) & set("\r\n"), path
        with app.state.engine.begin() as connection:
            connection.execute(text("ALTER TABLE member RENAME TO hidden"))
        try:
            failed = visitor.get(f"/teams?q={forged}", headers={"user-agent": "a ERROR forged"})
        finally:
            with app.state.engine.begin() as connection:
                connection.execute(text("ALTER TABLE hidden RENAME TO member"))
    assert failed.status_code == 500
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bugsprint")]
    assert ours and not [line for line in ours if "forged" in line or "\n" in line or "\r" in line]
