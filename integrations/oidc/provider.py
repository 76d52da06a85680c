"""The identity provider: where to send people, and what their coming back means."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oidc.discovery import get_well_known_url
from joserfc.jwk import KeySet

from integrations.answers import masked
from integrations.contract import Surroundings
from integrations.errors import Misconfigured, SourceError, Unavailable, Unreadable
from integrations.http import Http
from integrations.oidc.attempt import Attempt
from integrations.oidc.client import Client
from integrations.oidc.tokens import Expected, Refused, UnknownKey, keys_of, verified

NAME = "The identity provider"
SECONDS = 5.0
AT_ONCE = 2
"""How many exchanges may wait for the provider; more would keep the product's threads from work."""
KEEP = timedelta(hours=1)
RENEW = timedelta(minutes=1)
PAUSE = timedelta(seconds=10)
"""How long a provider that failed is left alone, so that who waits for it does not queue."""
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Person:
    """Who came back.  `subject` is unique over all issuers; `email_verified` None: not said."""

    subject: str
    email: str
    email_verified: bool | None
    name: str
    groups: frozenset[str]


class Metadata(msgspec.Struct, frozen=True):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    scopes_supported: tuple[str, ...] = ()
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """What a code was worth."""

    access_token: str
    id_token: str


@dataclass(frozen=True, slots=True)
class _Known:
    metadata: Metadata
    keys: KeySet
    read_at: datetime


class Provider:
    """Signs people in; may be used by several threads."""

    def __init__(self, client: Client, around: Surroundings) -> None:
        self._client = client
        self._around = around
        self._known: _Known | None = None
        self._failed: tuple[datetime, SourceError] | None = None
        self._lock = Lock()
        self._busy = BoundedSemaphore(AT_ONCE)

    def begin(self, attempt: Attempt) -> str:
        """Return the address at which a person signs in."""
        with self._turn():
            metadata = self._about().metadata
        self._check_door(metadata.authorization_endpoint)
        more = ["groups"] if "groups" in metadata.scopes_supported else []
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": " ".join(["openid", "email", "profile", *more]),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        address: str = add_params_to_uri(metadata.authorization_endpoint, asked.items())
        return address

    def check(self) -> None:
        """Read what the provider says of itself; SourceError: nobody signs in with that."""
        self._check_door(self._about().metadata.authorization_endpoint)

    def finish(self, attempt: Attempt, answer: Mapping[str, str]) -> Person:
        """Return who came back with this answer; Refused unless everything about it is right."""
        if not attempt.is_of(answer.get("state", "")):
            raise Refused("This answer belongs to another sign-in; begin anew.")
        if "error" in answer:
            raise Refused(f"{NAME} let nobody in ({answer['error'][:60]}); begin anew.")
        with self._turn():
            metadata = self._about().metadata
            said = answer.get("iss")
            must = metadata.authorization_response_iss_parameter_supported
            if (said or must) and said != self._client.issuer:
                raise Refused("This answer came from another identity provider; begin anew.")
            if not answer.get("code"):
                raise Refused(f"{NAME} sent no code; begin anew.")
            return self._exchange(metadata, attempt, answer["code"])

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._busy.acquire(blocking=False):
            raise Unavailable("Many people sign in just now; try again in a moment.")
        try:
            yield
        finally:
            self._busy.release()

    def _check_door(self, address: str) -> None:
        parts = urlsplit(address)
        known = parts.scheme == "http" and parts.netloc in self._around.private_hosts
        if not (parts.scheme == "https" or known):
            raise Misconfigured(f"{NAME} wants people to sign in at {address}, which is not https.")

    def _exchange(self, metadata: Metadata, attempt: Attempt, code: str) -> Person:
        tokens = self._redeem(metadata, attempt, code)
        expected = Expected(
            issuer=self._client.issuer,
            client_id=self._client.client_id,
            nonce=attempt.nonce,
            access_token=tokens.access_token,
            now=self._around.now(),
        )
        try:
            claims = verified(tokens.id_token, self._about().keys, expected)
        except UnknownKey:
            claims = verified(tokens.id_token, self._about(older=RENEW).keys, expected)
        return self._person(metadata, claims, tokens.access_token)

    def _redeem(self, metadata: Metadata, attempt: Attempt, code: str) -> Tokens:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        named, headers = self._credentials(metadata.token_endpoint_auth_methods_supported)
        with self._asking(metadata.token_endpoint) as http:
            found = http.post_form(
                metadata.token_endpoint, fields | named, headers=headers, expect=(200, 400)
            )
            if found.status == 400:
                said = masked(found.complaint, (self._client.client_secret or "",))
                raise Refused(f"{NAME} did not take the code ({said}); begin anew.")
            tokens: Tokens = found.json(Tokens)
            return tokens

    def _credentials(self, ways: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        who, secret = self._client.client_id, self._client.client_secret
        if secret is None:
            return {"client_id": who}, {}
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            return {"client_id": who, "client_secret": secret}, {}
        both = f"{quote(who, safe='')}:{quote(secret, safe='')}".encode()
        return {}, {"Authorization": f"Basic {base64.b64encode(both).decode()}"}

    def _person(self, metadata: Metadata, claims: Mapping[str, Any], access: str) -> Person:
        """Put a person together; what the token leaves out the provider is asked for."""
        if metadata.userinfo_endpoint and not ("email" in claims and _groups(claims)):
            with self._asking(metadata.userinfo_endpoint) as http:
                bearer = {"Authorization": f"Bearer {access}"}
                more = http.get(metadata.userinfo_endpoint, headers=bearer).json(dict[str, Any])
            if more.get("sub") != claims["sub"]:
                raise Refused(f"{NAME} told us about somebody else; begin anew.")
            claims = {**more, **claims}
        return Person(
            subject=f"{self._client.issuer} {claims['sub']}",
            email=_text(claims, "email"),
            email_verified=_verdict(claims.get("email_verified")),
            name=_text(claims, "name"),
            groups=_groups(claims),
        )

    def _about(self, older: timedelta = KEEP) -> _Known:
        """Return what is known of the provider, read anew when it is older than that."""
        now = self._around.now()
        with self._lock:
            known = self._known
            if known is not None and timedelta() <= now - known.read_at < older:
                return known
            if self._failed and timedelta() <= now - self._failed[0] < PAUSE:
                raise self._failed[1]
            try:
                known = self._known = self._read(now)
            except SourceError as error:
                self._failed = (now, error)
                raise
            return known

    def _read(self, now: datetime) -> _Known:
        issuer = self._client.issuer
        with self._asking(issuer) as http:
            address = get_well_known_url(issuer, external=True)
            metadata: Metadata = http.get(address).json(Metadata)
        if metadata.issuer != issuer:
            raise Unreadable(
                f"{NAME} calls itself {metadata.issuer}, but BUGSPRINT_OIDC_ISSUER is {issuer}; "
                "they have to be the same to the letter."
            )
        with self._asking(metadata.jwks_uri) as http:
            return _Known(metadata, keys_of(http.get(metadata.jwks_uri).json(dict[str, Any])), now)

    def _asking(self, address: str) -> "closing[Http]":
        parts = urlsplit(address)
        http = Http(
            f"{parts.scheme}://{parts.netloc}",
            around=self._around,
            name=NAME,
            secrets=(self._client.client_secret or "",),
            total_seconds=SECONDS,
            max_bytes=MOST_BYTES,
            tries=1,
        )
        return closing(http)


def _text(claims: Mapping[str, Any], name: str) -> str:
    found = claims.get(name)
    return found if isinstance(found, str) else ""


def _verdict(said: object) -> bool | None:
    return None if said is None else said is True or said == "true"


def _groups(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the names in `groups` and `roles`, whichever the provider uses."""
    found: set[str] = set()
    for name in ("groups", "roles"):
        said = claims.get(name)
        names = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        found |= {each for each in names if isinstance(each, str)}
    return frozenset(found)
