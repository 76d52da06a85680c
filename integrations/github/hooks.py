"""GitHub's webhooks.  They bear no signed time: one may be replayed, so it is a hint only."""

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

SECRETS = ("webhook_secret",)
LAG_SECONDS = 0
SIGNATURE = "x-hub-signature-256"
PREFIX = "sha256="
EVENT, DELIVERY = "x-github-event", "x-github-delivery"
ABOUT_ISSUES = {"", "issues", "issue_comment"}
AS_JSON = "; set the webhook's content type to application/json"


def verify(incoming: Incoming, trust: Trust) -> Genuine:
    """Hold the signature of the raw body against every live secret."""
    secrets = need_secret(trust, "webhook_secret", "GitHub")
    made = (PREFIX + digest(secret, incoming.body).hex() for secret in secrets)
    place = signed_with(incoming.header(SIGNATURE), made)
    if place is None:
        raise forged(SIGNATURE, "webhook_secret")
    return Genuine(name_of(incoming.header(DELIVERY), incoming), former=place > 0)


def changed(incoming: Incoming) -> tuple[str, ...]:
    """The issue that the delivery is about; other events, and pull requests, change nothing.

    When a delivery is read again later its event is not known any more: then the body tells.
    """
    found = read_object(incoming.body, AS_JSON)
    if incoming.header(EVENT) not in ABOUT_ISSUES:
        return ()
    issue = part(found, "issue")
    if issue.get("pull_request"):
        return ()
    return (record_id(issue.get("id"), "issue"),)
