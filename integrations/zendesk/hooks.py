"""Zendesk's webhooks: of triggers, with the administrator's own body, and of event subscriptions.

The signature is base64 over the stamp and the raw body, nothing in between.  Zendesk's older page
signs them the other way round; that order is refused.
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from integrations.deliveries import (
    ANYTHING,
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
LAG_SECONDS = 65
"""The exports leave out the newest minute."""

PUBLISHED = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
"""What “Test webhook” signs with before a webhook exists; everybody knows it."""

SIGNATURE = "x-zendesk-webhook-signature"
STAMP = "x-zendesk-webhook-signature-timestamp"
DELIVERY = "x-zendesk-webhook-invocation-id"
NAMELESS = (
    "It names no ticket: give the webhook's JSON body a ticket_id, "
    'as {"ticket_id": "{{ticket.id}}"}.'
)


def verify(incoming: Incoming, trust: Trust) -> Genuine:
    """Hold the signature against every live secret, then the signed stamp against our clock."""
    secrets = need_secret(trust, "webhook_secret", "Zendesk")
    place = _signed(incoming, secrets)
    if not trust.rehearsal and _signed(incoming, (PUBLISHED,)) is not None:
        raise Refused(
            "it is signed with Zendesk’s public test secret, which everybody knows; "
            "set the webhook’s own as webhook_secret"
        )
    if place is None:
        raise forged(SIGNATURE, "webhook_secret")
    need_fresh(_moment(incoming.header(STAMP)), trust.now, who="Zendesk")
    return Genuine(name_of(incoming.header(DELIVERY), incoming), former=place > 0)


def _signed(incoming: Incoming, secrets: tuple[str, ...]) -> int | None:
    message = incoming.header(STAMP).encode("utf-8", "replace") + incoming.body
    made = (b64encode(digest(secret, message)).decode() for secret in secrets)
    return signed_with(incoming.header(SIGNATURE), made)


def changed(incoming: Incoming) -> tuple[str, ...]:
    """The ticket of a trigger or a ticket event; a body may be empty, then anything."""
    if not incoming.body:
        return (ANYTHING,)
    found = read_object(incoming.body, ": " + NAMELESS[0].lower() + NAMELESS[1:-1])
    kind = found.get("type")
    if isinstance(kind, str) and kind.startswith("zen:event-type:"):
        return _of_event(kind.removeprefix("zen:event-type:"), found)
    return (_ticket(found.get("ticket_id", found.get("id"))),)


def _of_event(kind: str, found: dict[str, Any]) -> tuple[str, ...]:
    if kind.startswith(("ticket.", "messaging_ticket.")):
        subject = str(found.get("subject", "")).removeprefix("zen:ticket:")
        return (_ticket(part(found, "detail").get("id") or subject),)
    return (ANYTHING,) if kind.startswith("organization.") else ()


def _ticket(given: Any) -> str:
    found = record_id(given, "ticket") if given is not None else ""
    if not found.isdecimal():
        raise Unreadable(NAMELESS)
    return found


def _moment(stamp: str) -> datetime:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        raise Refused(f"its {STAMP} is no time") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
