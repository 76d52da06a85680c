"""Rate limits count by the account's clock and refuse in the three ways seen in the field."""

import pytest

from tests.integrations.simulators.callers import zendesk

EXPORTS = ("tickets/cursor", "users/cursor", "organizations", "ticket_events")


def test_all_incremental_exports_share_ten_requests_a_minute():
    with zendesk(incremental_per_minute=10) as site:
        codes = [
            site.client.get(f"/api/v2/incremental/{EXPORTS[n % 4]}?start_time=0").status_code
            for n in range(12)
        ]
        assert codes == [200] * 10 + [429] * 2
        assert site.client.get("/api/v2/users/me").status_code == 200
        site.clock.move(seconds=61)
        answer = site.client.get("/api/v2/incremental/tickets/cursor?start_time=0")
        assert answer.status_code == 200
        stats = site.client.get("/__stats").json()
        assert stats["too_many"] == {"incremental": 2}
        assert stats["requests"]["GET /api/v2/incremental/tickets/cursor"] == 4


@pytest.mark.parametrize(
    "body, kind, marker",
    [
        ("json", "application/json", "APIRateLimitExceeded"),
        ("text", "text/plain", "Number of allowed"),
        ("edge", "application/json", "edge protection"),
    ],
)
@pytest.mark.parametrize("style", ["seconds", "zero", "absent"])
def test_a_refusal_has_the_chosen_body_and_wait(body, kind, marker, style):
    with zendesk(incremental_per_minute=1, limit_body=body, retry_after=style) as site:
        address = "/api/v2/incremental/tickets/cursor?start_time=0"
        site.client.get(address)
        site.clock.move(seconds=20)
        answer = site.client.get(address)
        assert answer.status_code == 429
        assert marker in answer.text
        assert answer.headers["content-type"].startswith(kind)
        wanted = {"seconds": "41", "zero": "0", "absent": None}[style]
        assert answer.headers.get("retry-after") == wanted


def test_the_account_limit_holds_for_all_requests_and_is_told_in_headers():
    with zendesk(account_per_minute=5) as site:
        answers = [site.client.get("/api/v2/groups") for _ in range(6)]
        assert [one.status_code for one in answers] == [200] * 5 + [429]
        assert answers[0].headers["x-rate-limit"] == "5"
        assert [one.headers["x-rate-limit-remaining"] for one in answers[:5]] == list("43210")


def test_one_ticket_takes_thirty_updates_in_ten_minutes():
    with zendesk(updates_per_ticket=30) as site:
        number = site.open_ticket()
        codes = [
            site.client.put(f"/api/v2/tickets/{number}/tags", json={"tags": [f"n{n}"]}).status_code
            for n in range(31)
        ]
        assert codes == [200] * 30 + [429]
        other = next(
            one.id
            for one in site.account.site.store.tickets.values()
            if one.status == "open" and one.id != number
        )
        answer = site.client.put(f"/api/v2/tickets/{other}/tags", json={"tags": ["free"]})
        assert answer.status_code == 200
