"""How long things are kept, in days, and between which bounds an administrator may choose."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Retention:
    """Days: ticket text after its sprint's close, delivery ids, notes of the audit log."""

    text: int = 90
    deliveries: int = 7
    audit: int = 730


BOUNDS = {"text": (1, 3_650), "deliveries": (7, 365), "audit": (90, 7_300)}
WORDS = {
    "text": "ticket text after the sprint’s close",
    "deliveries": "webhook delivery numbers",
    "audit": "the audit log",
}


def retention(stored: Mapping[str, Any] | None) -> Retention:
    """Return what is stored, with the defaults where nothing is."""
    known = {field.name for field in fields(Retention)}
    return Retention(**{k: int(v) for k, v in (stored or {}).items() if k in known})


def outside(wanted: Retention) -> str | None:
    """Say which period is out of bounds; None: none."""
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(wanted, name) <= most:
            return f"{WORDS[name].capitalize()} can be kept for {least} to {most:,} days."
    return None
