"""Rate limits as sliding windows of the account's clock, and the three bodies of a refusal."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

from integrations.simulators.answers import JSON, Refused
from integrations.simulators.zendesk.site import Site

BODIES = ("json", "text", "edge")


@dataclass(slots=True)
class Limits:
    """Remembers when each bucket was last used."""

    site: Site
    _taken: dict[str, deque[datetime]] = field(default_factory=dict)
    _cycle: "cycle[str]" = field(default_factory=lambda: cycle(BODIES))

    def pass_through(self, path: str) -> dict[str, str]:
        """Count one request; gives the headers that tell what is left, or refuses it."""
        settings = self.site.settings
        left = self.take("account", settings.account_per_minute, 60)
        headers = {
            "x-rate-limit": str(settings.account_per_minute),
            "x-rate-limit-remaining": str(left),
            "ratelimit-limit": str(settings.account_per_minute),
            "ratelimit-remaining": str(left),
            "ratelimit-reset": "60",
        }
        if path.startswith("/api/v2/incremental/"):
            self.take("incremental", settings.incremental_per_minute, 60)
        return headers

    def update(self, ticket: int) -> dict[str, str]:
        """Count one update of one ticket."""
        settings = self.site.settings
        self.take("updates", settings.updates_per_minute, 60)
        left = self.take(f"ticket {ticket}", settings.updates_per_ticket, 600)
        told = f"total={settings.updates_per_ticket}; remaining={left}; resets=600"
        return {"zendesk-ratelimit-tickets-update": told}

    def take(self, bucket: str, most: int, seconds: int) -> int:
        """Take one slot of a window; gives the slots left or raises the 429."""
        now = self.site.settings.now()
        taken = self._taken.setdefault(bucket, deque())
        while taken and taken[0] <= now - timedelta(seconds=seconds):
            taken.popleft()
        if len(taken) >= most:
            self.site.counters.limited[bucket.split()[0]] += 1
            wait = (taken[0] + timedelta(seconds=seconds) - now).total_seconds() if taken else 60
            raise self._refusal(bucket, int(wait) + 1)
        taken.append(now)
        return most - len(taken)

    def _refusal(self, bucket: str, wait: int) -> Refused:
        style = self.site.settings.retry_after
        headers = (
            {} if style == "absent" else {"retry-after": str(wait if style == "seconds" else 0)}
        )
        kind = self.site.settings.limit_body
        kind_now = next(self._cycle) if kind == "cycle" else kind
        what = "incremental export API" if bucket == "incremental" else "API"
        text = f"Number of allowed {what} requests per minute exceeded"
        if kind_now == "text":
            return Refused(429, text, headers, "text/plain; charset=utf-8")
        if kind_now == "edge":
            body = {"detail": "Rate limited by Zendesk edge protection", "status": "429"}
            return Refused(429, body | {"title": "Too Many Requests"}, headers, JSON)
        return Refused(429, {"error": "APIRateLimitExceeded", "description": text}, headers)
