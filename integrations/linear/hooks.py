"""Linear's webhooks: bare hex over the raw body, and the time inside of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from integrations.deliveries import (
    Genuine,
    Incoming,
    Refused,
    Trust,
    digest,
    forged,
    name_of,
    need_fresh,
    need_secret,
    part,
    read_object,
    record_id,
    signed_with,
)
from integrations.errors import Unreadable

SECRETS = ("webhook_secret",)
LAG_SECONDS = 0
SIGNATURE, DELIVERY = "linear-signature", "linear-delivery"
WINDOW_SECONDS = 60
LATEST_MS = 253_402_300_799_000
ABOUT_ISSUES: Mapping[str, str] = {
    "Issue": "id",
    "Comment": "issueId",
    "Attachment": "issueId",
}


def verify(incoming: Incoming, trust: Trust) -> Genuine:
    """Hold the signature against every live secret, then the time in the body against our clock.

    The time in the header is not signed, so it is not looked at.
    """
    secrets = need_secret(trust, "webhook_secret", "Linear")
    made = (digest(secret, incoming.body).hex() for secret in secrets)
    place = signed_with(incoming.header(SIGNATURE), made)
    if place is None:
        raise forged(SIGNATURE, "webhook_secret")
    stamp = _stamp(incoming.body)
    if stamp is not None:
        at = datetime.fromtimestamp(stamp / 1000, UTC)
        need_fresh(at, trust.now, who="Linear", allowed=WINDOW_SECONDS, signed="time")
    return Genuine(name_of(incoming.header(DELIVERY), incoming), former=place > 0)


def changed(incoming: Incoming) -> tuple[str, ...]:
    """The issue that was made, changed, removed or commented on."""
    found = read_object(incoming.body)
    if _stamp(incoming.body) is None:
        raise Unreadable("It bears no webhookTimestamp.")
    kind = found.get("type")
    if not isinstance(kind, str):
        raise Unreadable("It names no type.")
    field = ABOUT_ISSUES.get(kind)
    if not field:
        return ()
    return (record_id(part(found, "data").get(field), "issue"),)


def _stamp(body: bytes) -> int | None:
    """The signed time in milliseconds; None where the body has none that can be read."""
    try:
        given: Any = read_object(body).get("webhookTimestamp")
    except Unreadable:
        return None
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    if not 0 <= given <= LATEST_MS:
        raise Refused("its webhookTimestamp is no time")
    return given
