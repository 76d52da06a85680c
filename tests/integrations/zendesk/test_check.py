"""The connection test shows who we are, what we may do, and what to worry about."""

import httpx
import pytest

from integrations.errors import Misconfigured
from tests.integrations.zendesk.desk import Desk

ME = "/api/v2/users/me"
CURRENT = "/api/v2/oauth/tokens/current"
TICKETS = "/api/v2/tickets"
FIELDS = ("/api/v2/ticket_fields", "/api/v2/organization_fields")


def me(role="admin", date="Mon, 02 Nov 2026 12:00:00 GMT", **headers):
    user = {"user": {"id": 9, "name": "Ana", "role": role, "email": "ana@acme.example"}}
    return httpx.Response(200, json=user, headers={"Date": date, **headers})


def test_the_check_tells_identity_scopes_quota_clock_and_samples():
    quota = {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"}
    samples = {"tickets": [{"subject": f"Ticket {n}"} for n in range(5)]}
    scopes = {"token": {"scopes": ["read"], "expires_at": None}}
    desk = Desk({ME: [me(**quota)], CURRENT: [scopes], TICKETS: [samples]})
    found = desk.zendesk.check()
    assert found.who == "Ana (admin, 9)"
    assert (found.scopes, found.clock_skew_seconds, found.warnings) == (("read",), 0.0, ())
    assert found.quota == "699 of 700 requests a minute left"
    assert found.samples == ("Ticket 0", "Ticket 1", "Ticket 2")


def test_the_check_goes_on_where_scopes_and_tickets_are_closed():
    closed = httpx.Response(403)
    found = Desk({ME: [me()], CURRENT: [closed], TICKETS: [closed]}).zendesk.check()
    assert (found.scopes, found.quota, found.samples) == ((), None, ())


def test_a_legacy_token_an_agent_and_a_wrong_clock_are_warned_of():
    legacy = {"client_id": None, "client_secret": None, "email": "a@b.example"}
    answer = me(role="agent", date="Mon, 02 Nov 2026 11:50:00 GMT")
    desk = Desk({ME: [answer], TICKETS: [{}]}, api_token="legacy-token", **legacy)
    found = desk.zendesk.check()
    token, admin, clock = found.warnings
    assert "2027-04-30" in token and "admin" in admin and "600 s ahead" in clock


def test_an_anonymous_answer_is_the_operators_to_mend():
    desk = Desk({ME: [{"user": {"id": None, "name": "Anonymous user"}}]})
    with pytest.raises(Misconfigured, match="anonymous"):
        desk.zendesk.check()


def test_a_strange_date_gives_no_clock_difference():
    found = Desk({ME: [me(date="today")], TICKETS: [{}]}).zendesk.check()
    assert found.clock_skew_seconds is None


def test_fields_that_the_account_does_not_have_are_warned_of_by_name():
    tickets = {"ticket_fields": [{"id": 71, "title": "Bug"}, {"id": 72, "title": "Area"}]}
    organizations = {"organization_fields": [{"key": "arr_usd"}, {"key": "plan"}]}
    script = {
        ME: [me()],
        TICKETS: [{}],
        "/api/v2/ticket_fields": [tickets],
        "/api/v2/organization_fields": [organizations],
    }
    given = {"bug_field": 71, "area_field": 99, "arr_field": "arr", "plan_field": "plan"}
    assert Desk(script, **given).zendesk.check().warnings == (
        "There is no ticket field “99”, but area_field names it; there are: 71 (Bug), 72 (Area).",
        "There is no organisation field “arr”, but arr_field names it; there are: arr_usd, plan.",
    )


def test_fields_that_are_closed_to_us_are_told_and_those_not_named_are_not_asked_for():
    closed = {path: [httpx.Response(403)] for path in FIELDS}
    desk = Desk({ME: [me()], TICKETS: [{}], **closed}, bug_field=71)
    (told,) = desk.zendesk.check().warnings
    assert told == "Zendesk does not show us its ticket fields, so bug_field could not be checked."
    assert [len(desk.requests(path)) for path in FIELDS] == [1, 0]
