"""Sends webhooks as Zendesk signs them: of triggers and of event subscriptions."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from hmac import new as hmac
from itertools import count
from typing import Any

import msgspec

from integrations.simulators.answers import iso
from integrations.simulators.deliveries import Delivery
from integrations.simulators.model import Ticket
from integrations.simulators.zendesk.shapes import ACCOUNT

TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105 (published by the vendor)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Base64 of HMAC-SHA256 over the timestamp and the raw body, nothing in between."""
    return b64encode(hmac(secret.encode(), timestamp.encode() + body, sha256).digest()).decode()


def ulid(number: int) -> str:
    """An id of 26 characters that grows with its number."""
    digits = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return f"01{digits[2:]}"


class WebhookSender:
    """Makes deliveries; each has its own invocation id, which a duplicate keeps."""

    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        self.secret, self._now = secret, now
        self._numbers = count(1)

    def trigger(self, ticket: Ticket) -> Delivery:
        """The administrator's own template, pretty-printed as real ones are."""
        return self.signed(f'{{\n  "ticket_id": "{ticket.id}"\n}}\n'.encode())

    def event(
        self, ticket: Ticket, kind: str, current: Any = None, previous: Any = None
    ) -> Delivery:
        """An event subscription; `kind` such as ticket.status_changed."""
        at, number = iso(self._now()), next(self._numbers)
        envelope = {
            "type": f"zen:event-type:{kind}",
            "account_id": ACCOUNT,
            "id": ulid(number),
            "time": at,
            "zendesk_event_version": "2022-11-06",
            "subject": f"zen:ticket:{ticket.id}",
            "detail": _detail(ticket),
            "event": {
                "current": current,
                "previous": previous,
                "meta": {"sequence": {"id": ulid(number), "position": "1", "total": "1"}},
            },
        }
        return self.signed(msgspec.json.format(msgspec.json.encode(envelope), indent=2) + b"\n")

    def empty(self) -> Delivery:
        """A delivery without a body, which is signed all the same."""
        return self.signed(b"")

    def signed(
        self, body: bytes, *, secret: str | None = None, at: datetime | None = None
    ) -> Delivery:
        """Sign raw bytes, if asked with another secret or at another time."""
        timestamp = iso(at or self._now()) or ""
        return Delivery(
            body,
            {
                "User-Agent": "Zendesk Webhook",
                "Content-Type": "application/json; charset=utf-8",
                "X-Zendesk-Account-Id": str(ACCOUNT),
                "X-Zendesk-Webhook-Id": ulid(1),
                "X-Zendesk-Webhook-Invocation-Id": ulid(1_000_000 + next(self._numbers)),
                "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
                "X-Zendesk-Webhook-Signature": signature(secret or self.secret, timestamp, body),
            },
        )

    def forged(self, ticket: Ticket) -> Delivery:
        """A delivery that somebody else signed."""
        return self.signed(self.trigger(ticket).body, secret="not the secret")  # noqa: S106

    def rehearsed(self, ticket: Ticket) -> Delivery:
        """What “Test webhook” sends before a hook exists: signed with the public test secret."""
        return self.signed(self.trigger(ticket).body, secret=TEST_SECRET)


def _detail(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": str(ticket.id),
        "subject": ticket.subject,
        "status": ticket.status.upper(),
        "type": ticket.type and ticket.type.upper(),
        "priority": ticket.priority and ticket.priority.upper(),
        "organization_id": str(ticket.organization) if ticket.organization else None,
        "requester_id": str(ticket.requester),
        "tags": ticket.tags,
        "is_public": True,
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
    }
