"""Signing in: tokens asked for, renewed and never told."""

import json
from datetime import timedelta

import httpx
import pytest

from integrations.errors import Misconfigured
from tests.integrations.zendesk.desk import CURSOR, SECRET, TOKEN, Desk, exported, ticket

SIGN_IN = "/oauth/tokens"


def token(name, life=1800):
    return {"access_token": name, "expires_in": life}


@pytest.mark.parametrize("status", [200, 201])
def test_a_token_is_asked_for_once_with_the_scope_as_one_text(status):
    desk = Desk({CURSOR: [exported(ticket(1), end=False, cursor="c1"), exported(cursor="c2")]})
    desk.script[SIGN_IN] = [httpx.Response(status, json=token(TOKEN))]
    desk.pages("tickets")
    (asked,) = desk.requests(SIGN_IN)
    body = json.loads(asked.content)
    assert (body["grant_type"], body["scope"]) == ("client_credentials", "read")
    assert "authorization" not in asked.headers
    assert {r.headers["authorization"] for r in desk.requests(CURSOR)} == {f"Bearer {TOKEN}"}


def test_a_token_is_renewed_before_it_ends():
    desk = Desk({CURSOR: [exported(end=False, cursor="c1"), exported(cursor="c2")]})
    desk.script[SIGN_IN] = [token("first-token-1"), token("second-token")]
    walk = desk.zendesk.pages("tickets", "")
    next(walk)
    desk.given.time += timedelta(seconds=1690)
    list(walk)
    sent = [r.headers["authorization"] for r in desk.requests(CURSOR)]
    assert sent == ["Bearer first-token-1", "Bearer second-token"]


def test_a_refused_token_is_renewed_once_and_the_request_repeated():
    refused = httpx.Response(401, json={"error": "invalid_token"})
    desk = Desk({CURSOR: [refused, exported(ticket(1))]})
    desk.script[SIGN_IN] = [token("first-token-1"), token("second-token")]
    assert len(desk.records("tickets")) == 1
    assert len(desk.requests(SIGN_IN)) == 2


def test_a_token_that_is_refused_again_is_the_operators_to_mend():
    desk = Desk({CURSOR: [httpx.Response(401, json={"error": "Couldn't authenticate you"})]})
    with pytest.raises(Misconfigured, match="refused our credentials"):
        desk.pages("tickets")
    assert len(desk.requests(CURSOR)) == 2


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_client_is_named_without_its_secret(status):
    said = {"error": "invalid_client", "error_description": f"no {SECRET}"}
    desk = Desk({SIGN_IN: [httpx.Response(status, json=said)]})
    with pytest.raises(Misconfigured, match="client_id and client_secret") as caught:
        desk.pages("tickets")
    assert SECRET not in str(caught.value)


def test_the_legacy_token_signs_in_by_name_and_token():
    legacy = {"email": "ana@acme.example", "api_token": "legacy-token-123"}
    desk = Desk({CURSOR: [exported()]}, client_id=None, client_secret=None, **legacy)
    desk.pages("tickets")
    sent = desk.requests(CURSOR)[0].headers["authorization"]
    assert sent == "Basic YW5hQGFjbWUuZXhhbXBsZS90b2tlbjpsZWdhY3ktdG9rZW4tMTIz"
    assert desk.requests(SIGN_IN) == []


def test_every_incremental_request_takes_a_slot_of_one_bucket_also_when_repeated():
    desk = Desk({CURSOR: [httpx.Response(429), exported(ticket(1))]}, requests_per_minute=30)
    desk.script["/api/v2/incremental/organizations"] = [{"organizations": []}]
    desk.script["/api/v2/jira/links"] = [{"links": []}]
    for stream in ("tickets", "organizations", "links"):
        desk.pages(stream)
    assert desk.given.slots.taken == [("zendesk:acme.zendesk.com:incremental", 30)] * 3
