"""GitLab's webhooks: a signing token (Standard Webhooks), or the older secret sent in clear."""

from base64 import b64decode, b64encode
from binascii import Error
from datetime import UTC, datetime

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

SECRETS = ("signing_token", "webhook_secret")
LAG_SECONDS = 0
TOKEN = "x-gitlab-token"  # noqa: S105 - a header's name
SIGNATURE, STAMP, DELIVERY = "webhook-signature", "webhook-timestamp", "webhook-id"
OLDER_DELIVERY = "idempotency-key"
KEY_PREFIX, VERSION = "whsec_", "v1,"
ABOUT_ISSUES = {"issue", "work_item"}


def verify(incoming: Incoming, trust: Trust) -> Genuine:
    """Hold a signature against the signing tokens; without one, the token against the secrets.

    Who has a signing token and gets a signature never falls back to the secret in clear.
    """
    if incoming.header(SIGNATURE) and trust.live("signing_token"):
        return _by_signature(incoming, trust)
    place = signed_with(
        incoming.header(TOKEN), iter(need_secret(trust, "webhook_secret", "GitLab"))
    )
    if place is None:
        raise forged(TOKEN, "webhook_secret")
    return Genuine(name_of(incoming.header(OLDER_DELIVERY), incoming), former=place > 0)


def _by_signature(incoming: Incoming, trust: Trust) -> Genuine:
    name, stamp = incoming.header(DELIVERY), incoming.header(STAMP)
    message = f"{name}.{stamp}.".encode("utf-8", "replace") + incoming.body
    keys = [_key(token) for token in trust.live("signing_token")]
    made = [VERSION + b64encode(digest(key, message)).decode() for key in keys]
    # A sender that replaces its own key signs with both, one blank between the signatures.
    places = [signed_with(one, iter(made)) for one in incoming.header(SIGNATURE).split(" ")[:8]]
    found = [place for place in places if place is not None]
    if not found:
        raise forged(SIGNATURE, "signing_token")
    need_fresh(_moment(stamp), trust.now, who="GitLab")
    return Genuine(name_of(name, incoming), former=min(found) > 0)


def changed(incoming: Incoming) -> tuple[str, ...]:
    """The issue that was made, changed, closed or commented on, by its global id."""
    found = read_object(incoming.body)
    kind = found.get("object_kind")
    if not isinstance(kind, str):
        raise Unreadable("It names no object_kind.")
    if kind == "note":
        issue = part(found, "issue")
        return (record_id(issue.get("id"), "issue"),) if issue else ()
    if kind not in ABOUT_ISSUES:
        return ()
    return (record_id(part(found, "object_attributes").get("id"), "issue"),)


def _key(token: str) -> bytes:
    try:
        key = b64decode(token.removeprefix(KEY_PREFIX), validate=True)
    except (Error, ValueError):
        key = b""
    if not (token.startswith(KEY_PREFIX) and len(key) >= 16):
        raise Refused("signing_token is not whsec_ and base64, as GitLab shows it")
    return key


def _moment(stamp: str) -> datetime:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 11):
        raise Refused(f"its {STAMP} is no time")
    return datetime.fromtimestamp(int(stamp), UTC)
