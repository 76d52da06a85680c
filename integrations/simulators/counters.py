"""What a simulator saw and did to its callers, readable at /__stats."""

from collections import Counter
from typing import Any


class Counters:
    """Requests by path, refusals for too many of them, and injected faults."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.limited: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.writes: list[dict[str, Any]] = []

    def report(self) -> dict[str, Any]:
        """Plain figures for JSON."""
        return {
            "requests": dict(sorted(self.requests.items())),
            "requests_total": sum(self.requests.values()),
            "too_many": dict(sorted(self.limited.items())),
            "too_many_total": sum(self.limited.values()),
            "faults": dict(sorted(self.faults.items())),
            "faults_total": sum(self.faults.values()),
            "writes": self.writes,
        }
