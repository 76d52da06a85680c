"""No unsafe request passes that a browser does not vouch for."""

import pytest
from sqlmodel import func, select

from app.core.vocabulary import Role
from app.db.models import Activity
from tests.contents import hashes
from tests.web.direct import BASE
from tests.web.roads import address, roads

HOSTILE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": BASE},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": f"{BASE}.evil.example"},
    {"referer": f"{BASE}/board"},
    {"sec-fetch-site": "", "origin": BASE},
    {"sec-fetch-site": "Same-Origin"},
    {"sec-fetch-site": "same-origin, cross-site"},
    {"origin": f"{BASE}:8080"},
    {"origin": BASE.replace("http:", "https:")},
    {"origin": f"{BASE}@evil.example"},
    {"origin": ""},
    {"authorization": "Basic YTpi", "origin": "https://evil.example"},
    {"authorization": "Bearer"},
    {},
]


def unsafe(app):
    return [(method, path) for method, path, _ in roads(app) if method not in {"GET", "HEAD"}]


def test_every_unsafe_road_refuses_requests_from_elsewhere(app, sign_in, sample):
    visitor = sign_in(Role.admin)
    del visitor.headers["sec-fetch-site"]
    tried = 0
    for method, path in unsafe(app):
        if path.startswith("/hooks/"):  # signed, and no cookie counts there
            continue
        for headers in HOSTILE:
            answer = visitor.request(method, address(path, sample), headers=headers)
            assert answer.status_code == 403, (method, path, headers)
            assert answer.json()["title"] == "This request did not come from a page of this site."
            tried += 1
    assert tried >= 32 * len(HOSTILE)


def test_asking_changes_nothing(app, sign_in, sample):
    visitor, asked = sign_in(Role.admin), 0
    before = hashes(app.state.engine)
    for method, path, _ in roads(app):
        if method == "GET" and not path.startswith("/live"):
            asked += visitor.get(address(path, sample)).status_code == 200
    assert asked >= 30
    assert hashes(app.state.engine) == before


def test_a_forged_claim_changes_nothing(sign_in, sample, look):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    forged = {"sec-fetch-site": "cross-site"}
    before = notes(look)
    assert visitor.post(f"/bugs/{sample.bug}/claim", headers=forged).status_code == 403
    assert notes(look) == before


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": BASE}])
def test_no_road_takes_our_own_page_for_a_stranger(app, sign_in, sample, headers):
    visitor = sign_in(Role.admin)
    del visitor.headers["sec-fetch-site"]
    for method, path in unsafe(app):
        answer = visitor.request(method, address(path, sample), headers=headers)
        assert "did not come from a page of this site" not in answer.text, (method, path)


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": BASE}],
)
def test_our_own_pages_may_write(sign_in, sample, headers):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    del visitor.headers["sec-fetch-site"]
    assert visitor.post(f"/bugs/{sample.bug}/claim", headers=headers).status_code == 303


def test_a_program_needs_no_browser_to_vouch_for_it(client, sample, token):
    del client.headers["sec-fetch-site"]
    headers = {"authorization": f"Bearer {token('bug.claim')}"}
    answer = client.post(
        f"/api/v1/bugs/{sample.bug}/claim", json={"team_id": sample.team}, headers=headers
    )
    assert answer.status_code == 200


def test_a_cookie_does_not_count_beside_a_bearer_token(sign_in, sample, look):
    visitor = sign_in(Role.admin)
    del visitor.headers["sec-fetch-site"]
    headers = {"authorization": "Bearer bsp_nonsense", "sec-fetch-site": "cross-site"}
    before = notes(look)
    answer = visitor.post(f"/bugs/{sample.bug}/claim", headers=headers)
    assert answer.status_code == 401
    assert notes(look) == before


def notes(look):
    return look(select(func.count(Activity.id)))
