"""Sends issue webhooks as GitHub signs them."""

from hashlib import sha256
from hmac import new as hmac
from itertools import count
from typing import Any
from uuid import UUID

import msgspec

from integrations.simulators.deliveries import Delivery
from integrations.simulators.github.repo import Repository
from integrations.simulators.github.shapes import (
    OLD_VERSION,
    issue_row,
    label_row,
    repository_row,
    user_row,
)
from integrations.simulators.model import Bug


def signature(secret: str, body: bytes) -> str:
    """Lower-case hex of HMAC-SHA256 over the raw body, with its prefix."""
    return "sha256=" + hmac(secret.encode(), body, sha256).hexdigest()


class WebhookSender:
    """Makes deliveries; a redelivery keeps its id."""

    def __init__(self, secret: str, repo: Repository, base: str) -> None:
        self.secret, self._repo, self._base = secret, repo, base
        self._numbers = count(1)

    def issue(self, bug: Bug, action: str, *, label: str | None = None) -> Delivery:
        """An issues event: opened, edited, closed, reopened, labeled, transferred, deleted …"""
        settings = self._repo.settings
        body: dict[str, Any] = {
            "action": action,
            "issue": issue_row(self._repo, self._base, bug, OLD_VERSION),
            "repository": repository_row(self._repo, self._base),
            "sender": user_row(self._base, bug.reporter),
        }
        if label:
            home = f"{settings.owner}/{settings.repo}"
            body["label"] = label_row(self._base, home, label)
        return self.signed(msgspec.json.encode(body))

    def ping(self) -> Delivery:
        """What GitHub sends when a hook was made."""
        body = {"zen": "Keep it logically awesome.", "hook_id": 1}
        return self.signed(msgspec.json.encode(body), event="ping")

    def signed(self, body: bytes, *, secret: str | None = None, event: str = "issues") -> Delivery:
        """Sign raw bytes, if asked with another secret."""
        return Delivery(
            body,
            {
                "User-Agent": "GitHub-Hookshot/simulated",
                "Content-Type": "application/json",
                "X-GitHub-Event": event,
                "X-GitHub-Delivery": str(UUID(int=next(self._numbers))),
                "X-GitHub-Hook-ID": "1",
                "X-Hub-Signature-256": signature(secret or self.secret, body),
            },
        )

    def forged(self, bug: Bug) -> Delivery:
        """A delivery that somebody else signed."""
        return self.signed(self.issue(bug, "closed").body, secret="not the secret")  # noqa: S106
