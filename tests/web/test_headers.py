"""Every answer is dressed, and no unforeseen error shows its inside."""

import pytest
from sqlalchemy import text

from app.core.vocabulary import Role
from tests.web.roads import address, roads

DRESSED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


def dressed(answer) -> bool:
    csp = answer.headers.get("content-security-policy", "")
    rules = dict(rule.strip().split(" ", 1) for rule in csp.split(";") if rule)
    assert rules.get("default-src") == "'none'", answer.url
    assert rules["script-src"] == "'self'"
    assert rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in csp
    assert len(answer.headers["x-request-id"]) == 16
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"]
    return all(answer.headers.get(name) == value for name, value in DRESSED.items())


def test_every_page_and_every_refusal_is_dressed(app, client, sign_in, sample):
    visitor = sign_in(Role.admin)
    for method, path, _ in roads(app):
        if not path.startswith("/live"):
            assert dressed(visitor.request(method, address(path, sample)))
            assert dressed(client.request(method, address(path, sample)))
    for path in (
        "/nowhere",
        "/api/v1/nowhere",
        "/static/css/board.css",
        "/static/none",
        "/s/x/board",
    ):
        assert dressed(visitor.get(path))
    assert dressed(visitor.post("/board"))
    assert dressed(visitor.post("/sign-out", headers={"sec-fetch-site": "cross-site"}))


def test_only_boards_may_stay_in_a_browser_and_nothing_personal_or_confidential_is_on_them(
    app, sign_in, sample
):
    visitor, may_stay = sign_in(Role.admin), {}
    for method, path, _ in roads(app):
        if method == "GET" and not path.startswith("/live"):
            answer = visitor.get(address(path, sample))
            if answer.headers["cache-control"] != "no-store":
                may_stay[path] = answer
    assert may_stay.keys() == {"/s/{slug}/board"}
    kept = may_stay["/s/{slug}/board"]
    assert kept.headers["cache-control"] == "private, no-cache"
    assert kept.status_code == 200 and "Export hangs" in kept.text
    for word in ("my secret words", "Nobody knows why", "Acme", "1234567", "1,234,567"):
        assert word not in kept.text, word


def test_no_other_site_may_read_an_answer_or_ask_beforehand(app, sign_in, sample):
    visitor, elsewhere = sign_in(Role.admin), {"origin": "https://evil.example"}
    for method, path, _ in roads(app):
        if not path.startswith("/live"):
            place = address(path, sample)
            before = {**elsewhere, "access-control-request-method": method}
            for answer in (
                visitor.request(method, place, headers=elsewhere),
                visitor.options(place, headers=before),
            ):
                told = [name for name in answer.headers if name.startswith("access-control-")]
                assert told == [], (method, path)
                assert answer.request.method != "OPTIONS" or answer.status_code == 405, path


def test_an_unforeseen_error_is_told_whole_in_the_log_under_its_number(app, sign_in, caplog):
    visitor = sign_in(Role.admin)
    with app.state.engine.begin() as connection:
        connection.execute(text("ALTER TABLE wallboard RENAME TO hidden"))
    try:
        answer = visitor.get("/wallboards")
    finally:
        with app.state.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO wallboard"))
    [told] = [each for each in caplog.records if each.name == "bugsprint" and each.exc_info]
    assert answer.headers["x-request-id"] in told.getMessage()
    assert "of person " in told.getMessage()
    assert "wallboard" in str(told.exc_info[1]), "What went wrong is in the log only."


@pytest.mark.parametrize("path", ["/teams", "/api/v1/teams"])
def test_an_unforeseen_error_is_dressed_and_says_nothing_of_its_inside(app, sign_in, sample, path):
    visitor = sign_in(Role.admin)
    with app.state.engine.begin() as connection:
        connection.execute(text("ALTER TABLE member RENAME TO hidden"))
    try:
        answer = visitor.get(path)
    finally:
        with app.state.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO member"))
    assert answer.status_code == 500
    assert dressed(answer)
    assert answer.headers["x-request-id"] in answer.text
    for word in ("Traceback", "member", "SELECT", "sqlalchemy", ".py"):
        assert word not in answer.text
    kind = "application/problem+json" if path.startswith("/api") else "text/html; charset=utf-8"
    assert answer.headers["content-type"] == kind
