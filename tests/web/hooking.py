"""Sources that take webhooks, and signed deliveries for them."""

import json

from app.actions.connect import FORMER
from app.actions.rotating import live_secrets
from app.actions.vault import Vault
from tests import make
from tests.integrations.hooks import signing

KEY = "a key for tests only, 32 letters"
VAULT = Vault(KEY)
SECRET = "the secret of this webhook"
OLD = "the secret it had before"
ZENDESK = {"subdomain": "acme", "client_id": "c"}
GITHUB = {"owner": "acme", "repo": "app"}


def source(db, kind="zendesk", *, secret=SECRET, former=None, **more):
    """A source whose webhook signs with a secret, and with a former one if there is one."""
    secrets = {"client_secret": "s"} if kind == "zendesk" else {"token": "t"}
    secrets |= {"webhook_secret": secret} if secret else {}
    secrets |= {"webhook_secret" + FORMER: former} if former else {}
    facts = {
        "options": ZENDESK if kind == "zendesk" else GITHUB,
        "secrets": VAULT.seal(secrets),
        "hook_secrets": live_secrets(kind, secrets),
        "hook_secret_at": make.DAWN,
    }
    made = make.source(db, kind, **(facts | more))
    name = made.name
    db.rollback()
    return name


def body(ticket="4711"):
    """What a trigger sends: pretty-printed, with a newline at its end."""
    return json.dumps({"ticket_id": ticket}, indent=2).encode() + b"\n"


def delivery(at, raw=None, *, number=1, secret=SECRET, **more):
    """A delivery of Zendesk under an id of its own."""
    name = f"01HINVOCATION{number:013}"
    more = {"x_zendesk_webhook_invocation_id": name} | more
    return signing.zendesk(body() if raw is None else raw, secret, at, **more)


def post(client, name, sent):
    """Hand a delivery over as its sender would: without cookies, from another site."""
    headers = {**sent.headers, "sec-fetch-site": "cross-site", "content-type": "application/json"}
    return client.post(f"/hooks/{name}", content=sent.body, headers=headers)
