"""Who asks: OAuth tokens by three grants, and the legacy API token that ends in 2027."""

from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from integrations.simulators.answers import Refused, iso
from integrations.simulators.model import Person
from integrations.simulators.zendesk.site import Settings, Site

UNKNOWN = {"error": "Couldn't authenticate you"}


@dataclass(slots=True)
class Grant:
    """One token pair; `refresh` is None for client_credentials."""

    access: str
    refresh: str | None
    scopes: frozenset[str]
    ends_at: datetime
    refresh_ends_at: datetime


class Tokens:
    """All living token pairs of the account."""

    def __init__(self) -> None:
        self._living: list[Grant] = []

    def issue(self, settings: Settings, body: Any, now: datetime) -> dict[str, Any]:
        """Answer a token request; refreshing kills the old pair."""
        if not isinstance(body, dict):
            raise _oauth_error("invalid_request", "The request body must be a JSON object.", 400)
        self._check_client(settings, body)
        kind = body.get("grant_type")
        scopes = _scopes(body.get("scope"), settings)
        if kind == "refresh_token":
            scopes = self._spend(str(body.get("refresh_token")), now)
        elif kind == "authorization_code":
            if body.get("code") not in settings.codes:
                raise _oauth_error("invalid_grant", "The code is not valid.", 400)
            settings.codes.discard(body["code"])
        elif kind != "client_credentials":
            raise _oauth_error("unsupported_grant_type", "The grant type is not supported.", 400)
        grant = self._pair(settings, body, scopes, now)
        return _token_answer(grant, now, refreshable=kind != "client_credentials")

    def _pair(
        self, settings: Settings, body: dict[str, Any], scopes: frozenset[str], now: datetime
    ) -> Grant:
        seconds = _seconds(body.get("expires_in"), settings.access_seconds)
        refreshable = body["grant_type"] != "client_credentials"
        grant = Grant(
            access=token_hex(32),
            refresh=token_hex(32) if refreshable else None,
            scopes=scopes,
            ends_at=now + timedelta(seconds=seconds),
            refresh_ends_at=now + timedelta(seconds=settings.refresh_seconds),
        )
        self._living.append(grant)
        return grant

    def _check_client(self, settings: Settings, body: dict[str, Any]) -> None:
        given = (body.get("client_id"), body.get("client_secret"))
        if given != (settings.client_id, settings.client_secret):
            text = "Client authentication failed due to unknown client or wrong credentials."
            raise _oauth_error("invalid_client", text, 401)

    def _spend(self, refresh: str, now: datetime) -> frozenset[str]:
        for grant in self._living:
            if grant.refresh == refresh and grant.refresh_ends_at > now:
                self._living.remove(grant)
                return grant.scopes
        raise _oauth_error("invalid_grant", "The refresh token is not valid.", 400)

    def find(self, access: str, now: datetime) -> Grant | None:
        """The living grant of an access token."""
        for grant in self._living:
            if grant.access == access and grant.ends_at > now:
                return grant
        return None

    def revoke_all(self) -> None:
        """Kill every token, as an administrator might."""
        self._living.clear()


def _token_answer(grant: Grant, now: datetime, *, refreshable: bool) -> dict[str, Any]:
    given: dict[str, Any] = {
        "access_token": grant.access,
        "token_type": "bearer",
        "scope": " ".join(sorted(grant.scopes)),
        "expires_in": int((grant.ends_at - now).total_seconds()),
    }
    if refreshable:
        seconds = int((grant.refresh_ends_at - now).total_seconds())
        given |= {"refresh_token": grant.refresh, "refresh_token_expires_in": seconds}
    return given


def _scopes(asked: object, settings: Settings) -> frozenset[str]:
    """A list instead of a string is accepted but gives a token that may do nothing."""
    if isinstance(asked, list):
        return frozenset()
    return frozenset(str(asked or "read").split()) & frozenset(settings.allowed_scopes.split())


def _seconds(asked: object, usual: int) -> int:
    if asked is None:
        return usual
    if isinstance(asked, str) and asked.isdigit():  # a form holds only texts
        asked = int(asked)
    if not isinstance(asked, int) or not 300 <= asked <= 172_800:
        text = "expires_in must lie between 300 and 172800 seconds."
        raise _oauth_error("invalid_request", text, 400)
    return asked


def _oauth_error(name: str, text: str, status: int) -> Refused:
    return Refused(status, {"error": name, "error_description": text})


def who(site: Site, tokens: Tokens, header: str, method: str, path: str) -> Person:
    """The user of a request; refuses unknown credentials and missing scopes."""
    kind, _, value = header.partition(" ")
    if kind.lower() == "bearer":
        grant = tokens.find(value.strip(), site.now())
        if grant is None:
            text = "The access token provided is expired, revoked, malformed or invalid."
            raise _oauth_error("invalid_token", text, 401)
        _need_scope(grant, method, path)
        return site.store.agents[0]
    if kind.lower() == "basic" and _is_legacy(site.settings, value):
        return site.store.agents[0]
    raise Refused(401, UNKNOWN)


def _is_legacy(settings: Settings, value: str) -> bool:
    try:
        given = b64decode(value, validate=True).decode()
    except (NotBase64, UnicodeDecodeError):
        return False
    return given == f"{settings.email}/token:{settings.api_token}"


def _need_scope(grant: Grant, method: str, path: str) -> None:
    need = "read" if method in ("GET", "HEAD") else "write"
    noun = path.removeprefix("/api/v2/").removeprefix("incremental/").split("/")[0]
    if not grant.scopes & {need, f"{noun}:{need}"}:
        text = f"Missing the following required scopes: {noun}:{need}"
        raise Refused(403, {"error": "Forbidden", "description": text})


def current(tokens: Tokens, header: str, now: datetime) -> dict[str, Any]:
    """What is known about the token in use."""
    grant = tokens.find(header.partition(" ")[2].strip(), now)
    if grant is None:
        raise Refused(404, {"error": "RecordNotFound", "description": "Not found"})
    return {"token": {"id": 1, "scopes": sorted(grant.scopes), "expires_at": iso(grant.ends_at)}}
