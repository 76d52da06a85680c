"""Jira's administrator webhooks, signed with a secret.

The header has the older name of SHA-1 signatures, but carries SHA-256.  Webhooks of an app, which
bear a token instead of a signature and end after 30 days, are refused.
"""

from integrations.deliveries import (
    Genuine,
    Incoming,
    Trust,
    digest,
    forged,
    name_of,
    need_secret,
    part,
    read_object,
    record_id,
    signed_with,
)
from integrations.errors import Unreadable

SECRETS = ("webhook_secret",)
LAG_SECONDS = 0
SIGNATURE = "x-hub-signature"
PREFIX = "sha256="
DELIVERY = "x-atlassian-webhook-identifier"


def verify(incoming: Incoming, trust: Trust) -> Genuine:
    """Hold the signature of the raw body against every live secret."""
    secrets = need_secret(trust, "webhook_secret", "Jira")
    made = (PREFIX + digest(secret, incoming.body).hex() for secret in secrets)
    place = signed_with(incoming.header(SIGNATURE), made)
    if place is None:
        raise forged(SIGNATURE, "webhook_secret")
    return Genuine(name_of(incoming.header(DELIVERY), incoming), former=place > 0)


def changed(incoming: Incoming) -> tuple[str, ...]:
    """The issue that was made, changed, moved, deleted or commented on."""
    found = read_object(incoming.body)
    event = found.get("webhookEvent")
    if not isinstance(event, str):
        raise Unreadable("It names no webhookEvent.")
    if not event.startswith(("jira:issue_", "comment_")):
        return ()
    return (record_id(part(found, "issue").get("id"), "issue"),)
