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
