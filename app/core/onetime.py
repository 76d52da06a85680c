"""One-time codes of an authenticator: HMAC of the time, as RFC 6238 and RFC 4226 have it."""

import hmac
from base64 import b32decode, b32encode
from datetime import datetime
from urllib.parse import quote

SECONDS, DIGITS = 30, 6
AROUND = 1
"""A code of the step before or after counts too: clocks differ, and typing takes a while."""


def code(secret: bytes, step: int) -> str:
    """Return the code of a step of time."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_at(at: datetime) -> int:
    """Return the number of the step that an instant is in."""
    return int(at.timestamp()) // SECONDS


def matching(secret: bytes, given: str, at: datetime, *, after: int) -> int | None:
    """Return the step whose code was given; None for a wrong one, and for one up to `after`."""
    now = step_at(at)
    found = None
    for step in range(max(now - AROUND, after + 1), now + AROUND + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode()):
            found = step
    return found


def written(secret: bytes) -> str:
    """Write a secret as authenticators take it."""
    return b32encode(secret).decode().rstrip("=")


def read(text: str) -> bytes:
    """Read a secret that was written so."""
    return b32decode(text + "=" * (-len(text) % 8))


def address(secret: str, account: str, issuer: str) -> str:
    """Return the address that an authenticator reads from a picture."""
    label = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer)}"
