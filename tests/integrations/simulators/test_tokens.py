"""Signing in: three grants, expiry, rotation, scopes, and the legacy token."""

from tests.integrations.simulators.callers import Zendesk, sign_in, zendesk


def me(site: Zendesk, token: str) -> int:
    header = {"authorization": f"Bearer {token}"}
    return site.client.get("/api/v2/users/me.json", headers=header).status_code


def test_client_credentials_give_a_token_without_refresh_that_expires():
    with zendesk(access_seconds=1800) as site:
        told = sign_in(site.client, site.account.site.settings)
        assert told["status"] == 200
        assert told["token_type"] == "bearer"
        assert "refresh_token" not in told
        assert me(site, told["access_token"]) == 200
        site.clock.move(seconds=told["expires_in"] + 1)
        assert me(site, told["access_token"]) == 401


def test_refreshing_rotates_both_tokens_and_kills_the_old_pair():
    with zendesk(token_status=201) as site:
        settings = site.account.site.settings
        first = sign_in(
            site.client, settings, grant_type="authorization_code", code="one-time-code"
        )
        assert first["status"] == 201
        refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = sign_in(site.client, settings, **refresh)
        assert me(site, first["access_token"]) == 401
        assert me(site, second["access_token"]) == 200
        assert sign_in(site.client, settings, **refresh)["error"] == "invalid_grant"
        code = {"grant_type": "authorization_code", "code": "one-time-code"}
        assert sign_in(site.client, settings, **code)["error"] == "invalid_grant"


def test_a_wrong_secret_or_grant_or_life_is_refused_in_oauths_shape():
    with zendesk() as site:
        settings = site.account.site.settings
        for more, code, name in (
            ({"client_secret": "wrong"}, 401, "invalid_client"),
            ({"grant_type": "password"}, 400, "unsupported_grant_type"),
            ({"expires_in": 10}, 400, "invalid_request"),
        ):
            told = sign_in(site.client, settings, **more)
            assert (told["status"], told["error"]) == (code, name)
            assert told["error_description"]


def test_a_scope_given_as_a_list_yields_a_token_that_may_do_nothing():
    with zendesk() as site:
        told = sign_in(site.client, site.account.site.settings, scope=["read"])
        assert me(site, told["access_token"]) == 403


def test_reading_rights_do_not_write_and_the_refusal_names_the_scope():
    with zendesk() as site:
        told = sign_in(site.client, site.account.site.settings, scope="read")
        site.client.headers["authorization"] = f"Bearer {told['access_token']}"
        answer = site.client.put("/api/v2/tickets/1/tags", json={"tags": []})
        assert answer.status_code == 403
        wanted = "Missing the following required scopes: tickets:write"
        assert answer.json()["description"] == wanted


def test_the_legacy_token_works_and_nothing_else_does():
    with zendesk() as site:
        settings = site.account.site.settings
        del site.client.headers["authorization"]
        ways = {
            (f"{settings.email}/token", settings.api_token): 200,
            (settings.email, settings.api_token): 401,
            (f"{settings.email}/token", "wrong"): 401,
        }
        for pair, code in ways.items():
            assert site.client.get("/api/v2/users/me", auth=pair).status_code == code
        answer = site.client.get("/api/v2/users/me")
        assert answer.status_code == 401
        assert answer.json() == {"error": "Couldn't authenticate you"}


def test_the_current_token_tells_when_it_ends():
    with zendesk() as site:
        token = site.get("oauth/tokens/current")["token"]
        assert token["expires_at"].endswith("Z")
        assert token["scopes"] == ["read", "write"]


def test_a_form_as_oauth_libraries_send_it_is_understood():
    with zendesk() as site:
        settings = site.account.site.settings
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "scope": "read",
            "expires_in": "600",
        }
        told = site.client.post("/oauth/tokens", data=form).json()
        assert (told["token_type"], told["scope"], told["expires_in"]) == ("bearer", "read", 600)
