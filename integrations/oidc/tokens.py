"""Is this ID token the provider's word, said to us, now, about this attempt?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from integrations.errors import SourceError, Unreadable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures of a key that only the provider has; never `none`, and never a shared secret."""
LEEWAY_SECONDS = 60


class Refused(SourceError):
    """This sign-in is not to be trusted, or was given up; the person may begin anew."""


class UnknownKey(Refused):
    """The token names a key that the provider did not show us; it may have a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What has to stand in a token; `access_token` is the one that came beside it."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    now: datetime


def verified(id_token: str, keys: KeySet, expected: Expected) -> Mapping[str, Any]:
    """Return the claims of a token that is sound in every respect; else Refused."""
    try:
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError:
        raise UnknownKey("The identity provider signed with a key that it does not show.") from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Refused(_sentence("its signature", error)) from None
    claims = CodeIDToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "nonce": expected.nonce,
            "client_id": expected.client_id,
            "access_token": expected.access_token,
        },
    )
    try:
        claims.validate(now=int(expected.now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise Refused(_sentence("what it says", error)) from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise Refused("The identity provider's token names nobody; sign in again.")
    return dict(claims)


def keys_of(found: Mapping[str, Any]) -> KeySet:
    """Read the provider's public keys; those of unknown kinds are left out."""
    keys = [key for key in found.get("keys") or [] if isinstance(key, dict)]
    try:
        return KeySet.import_key_set({"keys": [key for key in keys if _usable(key)]})
    except (JoseError, ValueError, TypeError, KeyError):
        raise Unreadable("The identity provider's keys cannot be read.") from None


def _usable(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in {"RSA", "EC"} and key.get("use", "sig") == "sig"


def _sentence(what: str, error: Exception) -> str:
    return (
        f"The identity provider's token does not hold: {what} ({type(error).__name__}: {error}). "
        "Begin the sign-in anew."
    )
