"""What every kind of webhook must tell: whether a delivery is genuine, and what it says changed.

A delivery is a hint to read again, never data.  Pure: headers, raw bytes, secrets and the time
come in as arguments.  A signature is compared over the very bytes that came, in constant time.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from integrations.errors import Unreadable

ANYTHING = "*"
"""Stands for “something changed” where a delivery names no record."""

WINDOW_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9_:-]{1,64}")
_DELIVERY = re.compile(r"[A-Za-z0-9_.:-]{8,100}")


class Refused(Exception):
    """The delivery is not genuine, not fresh, or not asked for; one sentence for the operator."""


class Incoming(msgspec.Struct, frozen=True):
    """One request: its headers under names in small letters, and its body as it came."""

    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, without one the empty text."""
        return self.headers.get(name, "")


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature is held against.

    `secrets`: by the name of the option, the newest first; a former one stays while its sender
    still signs with it.  `rehearsal`: a published secret will do, as in the demo.
    """

    secrets: Mapping[str, tuple[str, ...]]
    now: datetime
    rehearsal: bool = False

    def live(self, option: str) -> tuple[str, ...]:
        """The secrets of an option that are good now; an empty one never is."""
        return tuple(secret for secret in self.secrets.get(option, ()) if secret)


class Genuine(msgspec.Struct, frozen=True):
    """A delivery that its sender signed; `former`: with the secret that is being replaced."""

    delivery_id: str
    former: bool = False


class Scheme(Protocol):
    """One kind's way to sign, and to say what changed.

    `SECRETS` are the options that hold a signing secret.  `LAG_SECONDS`: for how long after a
    change the source's own lists do not show it.
    """

    SECRETS: tuple[str, ...]
    LAG_SECONDS: int

    def verify(self, incoming: Incoming, trust: Trust) -> Genuine:
        """Raises Refused unless the delivery is genuine and fresh."""
        ...

    def changed(self, incoming: Incoming) -> tuple[str, ...]:
        """The external ids to read again, ANYTHING, or none; raises Unreadable."""
        ...


def signed_with(given: str, made: Iterator[str]) -> int | None:
    """Which of the expected signatures was given; all are compared, each in constant time."""
    shown = given.encode("utf-8", "replace")
    fits = [hmac.compare_digest(one.encode("utf-8", "replace"), shown) for one in made]
    return fits.index(True) if given and any(fits) else None


def digest(secret: str | bytes, message: bytes) -> bytes:
    """HMAC-SHA256."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, message, sha256).digest()


def need_secret(trust: Trust, option: str, who: str) -> tuple[str, ...]:
    """The secrets of an option; raises Refused when there is none, since nothing is then signed."""
    found = trust.live(option)
    if not found:
        raise Refused(f"no {option} is set, so nothing shows that it comes from {who}")
    return found


def need_fresh(
    at: datetime, now: datetime, *, who: str, allowed: int = WINDOW_SECONDS, signed: str = "stamp"
) -> None:
    """Raise Refused when a signed time is too far from ours, in either direction."""
    ahead = round((now - at).total_seconds())
    if ahead > allowed:
        raise Refused(
            f"your clock is {ahead} s ahead of {who}’s {signed}, or the delivery is that late; "
            f"{allowed} s are allowed"
        )
    if -ahead > allowed:
        raise Refused(f"your clock is {-ahead} s behind {who}’s {signed}; {allowed} s are allowed")


def forged(header: str, option: str) -> Refused:
    """What a signature that fits no live secret means."""
    return Refused(f"{header} fits no live {option}; compare it with the sender’s")


def name_of(given: str, incoming: Incoming) -> str:
    """The delivery's own id; one that is missing or odd gives way to the hash of what came."""
    if _DELIVERY.fullmatch(given):
        return given
    return "sha256:" + sha256(given.encode("utf-8", "replace") + b"\n" + incoming.body).hexdigest()


def record_id(given: Any, what: str) -> str:
    """A record's id as text; raises Unreadable for anything that cannot be one."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**63:
        return str(given)
    if isinstance(given, str) and _ID.fullmatch(given):
        return given
    raise Unreadable(f"It names no {what}.")


def read_object(body: bytes, hint: str = "") -> dict[str, Any]:
    """A JSON object; raises Unreadable for anything else, however deep or broken."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(f"Its body is not JSON{hint}.") from None
    if not isinstance(found, dict):
        raise Unreadable(f"Its body is JSON, but not an object{hint}.")
    return found


def part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object; empty when there is none."""
    inner = found.get(name)
    return inner if isinstance(inner, dict) else {}
