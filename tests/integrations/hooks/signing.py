"""How each vendor signs, written down once more and independently of the product."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from integrations.deliveries import Incoming, Trust

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SECRET = "a secret of this test"
WHSEC = "whsec_" + base64.b64encode(b"k" * 32).decode()


def sha(secret, message):
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.new(key, message, hashlib.sha256)


def zendesk(body, secret=SECRET, at=NOW, **more):
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    made = base64.b64encode(sha(secret, stamp.encode() + body).digest()).decode()
    return incoming(
        body,
        {
            "x-zendesk-webhook-signature": made,
            "x-zendesk-webhook-signature-timestamp": stamp,
            "x-zendesk-webhook-invocation-id": "01HZENDESKINVOCATION000001",
        },
        more,
    )


def github(body, secret=SECRET, at=NOW, **more):
    names = {
        "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "x-github-event": "issues",
    }
    made = "sha256=" + sha(secret, body).hexdigest()
    return incoming(body, {"x-hub-signature-256": made, **names}, more)


def jira(body, secret=SECRET, at=NOW, **more):
    made = "sha256=" + sha(secret, body).hexdigest()
    name = "x-atlassian-webhook-identifier"
    return incoming(body, {"x-hub-signature": made, name: "jira-delivery-1"}, more)


def gitlab_token(body, secret=SECRET, at=NOW, **more):
    return incoming(body, {"x-gitlab-token": secret, "idempotency-key": "gitlab-old-1"}, more)


def gitlab_signature(body, secret=WHSEC, at=NOW, **more):
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = base64.b64encode(sha(key, f"delivery-1.{stamp}.".encode() + body).digest()).decode()
    names = {"webhook-id": "delivery-1", "webhook-timestamp": stamp}
    return incoming(body, {"webhook-signature": f"v1,{made}", **names}, more)


def linear(body, secret=SECRET, at=NOW, **more):
    stamp = f'"webhookTimestamp":{int(at.timestamp() * 1000)}'.encode()
    body = body.replace(b"{", b"{" + stamp + b",", 1) if body.startswith(b"{") else body
    made = sha(secret, body).hexdigest()
    return incoming(body, {"linear-signature": made, "linear-delivery": "linear-delivery-1"}, more)


def incoming(body, headers, more):
    """Headers may be spoiled one by one; None takes one away."""
    changed = {name.replace("_", "-"): value for name, value in more.items()}
    whole = headers | changed
    return Incoming({k: v for k, v in whole.items() if v is not None}, body)


def trust(*secrets, option="webhook_secret", now=NOW, **more):
    return Trust(secrets={option: secrets or (SECRET,)}, now=now, **more)
