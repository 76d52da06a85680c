"""Deliveries are signed as the vendors sign them, over the bytes that are sent."""

import hmac
import json
from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha256

from integrations.simulators.github import hooks as github_hooks
from integrations.simulators.github.repo import Repository
from integrations.simulators.github.repo import Settings as GitHubSettings
from integrations.simulators.zendesk.hooks import TEST_SECRET, WebhookSender, signature
from tests.integrations.simulators.callers import START, Clock, small_world


@dataclass
class Received:
    status_code: int = 202


@dataclass
class Receiver:
    seen: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    def post(self, url: str, *, content: bytes, headers: dict[str, str]) -> Received:
        self.seen.append((content, headers))
        return Received()


def test_signatures_equal_the_computed_examples():
    body = b'{\n  "ticket_id": "4711"\n}\n'
    at = "2026-11-02T09:00:00Z"
    assert signature(TEST_SECRET, at, body) == "oWveESH82MT+rMhQqG9eDRZlo0JKdeNq5pe/YkjW/pg="
    assert signature(TEST_SECRET, at, b"") == "SHbWHEeft42lX7kOTjsxFX+vDwpJRcB3oxaizR+eOiY="
    secret, hello = "It's a Secret to Everybody", b"Hello, World!"
    wanted = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert github_hooks.signature(secret, hello) == wanted


def test_zendesks_deliveries_verify_over_timestamp_and_raw_body():
    ticket = small_world().store.tickets[1]
    sender = WebhookSender("secret", Clock(START))
    for made in (sender.trigger(ticket), sender.event(ticket, "ticket.created"), sender.empty()):
        stamp = made.headers["X-Zendesk-Webhook-Signature-Timestamp"]
        digest = hmac.new(b"secret", stamp.encode() + made.body, sha256).digest()
        assert b64decode(made.headers["X-Zendesk-Webhook-Signature"]) == digest


def test_event_envelopes_carry_ids_as_texts_and_end_with_a_newline():
    ticket = small_world().store.tickets[1]
    made = WebhookSender("secret", Clock(START)).event(ticket, "ticket.status_changed", "OPEN")
    told = json.loads(made.body)
    assert made.body.endswith(b"}\n")
    assert told["detail"]["id"] == "1"
    assert told["subject"] == "zen:ticket:1"
    assert isinstance(told["account_id"], int)


def test_a_duplicate_keeps_its_invocation_and_a_new_delivery_has_its_own():
    ticket, receiver = small_world().store.tickets[1], Receiver()
    sender = WebhookSender("secret", Clock(START))
    first = sender.trigger(ticket)
    for made in (first, first, sender.trigger(ticket)):
        assert made.send(receiver, "http://here.test/hooks/zendesk") == 202
    ids = [headers["X-Zendesk-Webhook-Invocation-Id"] for _, headers in receiver.seen]
    assert ids[0] == ids[1] != ids[2]
    assert all(len(one) == 26 for one in ids)


def test_forged_and_rehearsed_deliveries_do_not_verify_with_the_secret():
    ticket = small_world().store.tickets[1]
    sender = WebhookSender("secret", Clock(START))
    for made in (sender.forged(ticket), sender.rehearsed(ticket)):
        stamp = made.headers["X-Zendesk-Webhook-Signature-Timestamp"]
        found = made.headers["X-Zendesk-Webhook-Signature"]
        assert found != signature("secret", stamp, made.body)


def test_githubs_deliveries_carry_the_issue_and_verify():
    world = small_world()
    repo = Repository(world, GitHubSettings(Clock(START)))
    sender = github_hooks.WebhookSender("secret", repo, "http://host.test")
    bug = world.store.bugs[1606681]
    made = sender.issue(bug, "labeled", label="S1")
    told = json.loads(made.body)
    assert (told["action"], told["issue"]["number"]) == ("labeled", 1606681)
    assert told["label"]["name"] == "S1"
    assert made.headers["X-GitHub-Event"] == "issues"
    wanted = hmac.new(b"secret", made.body, sha256).hexdigest()
    assert made.headers["X-Hub-Signature-256"] == f"sha256={wanted}"
    assert sender.forged(bug).headers["X-Hub-Signature-256"] != f"sha256={wanted}"


def test_headers_can_be_spoiled_one_by_one():
    made = WebhookSender("secret", Clock(START)).empty()
    changed = made.changed(x_zendesk_webhook_signature="wrong")
    assert changed.headers["x-zendesk-webhook-signature"] == "wrong"
    assert "X-Zendesk-Webhook-Signature" not in changed.headers
