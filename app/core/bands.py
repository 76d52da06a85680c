"""Revenue in words, for those who may not know the figure; what a tracker's labels say."""

import re
from collections.abc import Sequence

from app.core.vocabulary import Discipline, Effort

BANDS = (
    (0, "none known"),
    (10_000, "under 10 k"),
    (100_000, "10–100 k"),
    (1_000_000, "100 k – 1 M"),
    (10_000_000, "1–10 M"),
)


def arr_band(cents: int | None) -> str:
    """Return the band of a yearly revenue given in cents."""
    whole = (cents or 0) / 100
    if whole <= 0:
        return BANDS[0][1]
    return next((word for top, word in BANDS[1:] if whole < top), "over 10 M")


def coarse(score: float) -> float:
    """Return a score in two digits: an exact one would tell the revenue it was made from."""
    return float(f"{score:.2g}")


def known_weight(weight: float) -> float:
    """Return a customer's weight in halves, for those who may not know the revenue behind it."""
    return max(1.0, round(weight * 2) / 2)


def effort_of(labels: Sequence[str]) -> Effort | None:
    """Return the size that a label like `size:M` or `effort/L` names."""
    for label in labels:
        kind, _, size = label.replace("/", ":").rpartition(":")
        if (
            kind.strip().lower() in {"size", "effort"}
            and size.strip().upper() in Effort.__members__
        ):
            return Effort[size.strip().upper()]
    return None


LACKING = {
    "info": "an answer to what was asked",
    "information": "an answer to what was asked",
    "repro": "steps to reproduce it",
    "reproduction": "steps to reproduce it",
    "steps": "steps to reproduce it",
    "triage": "triage",
}
"""What labels like `needs-repro` say that a bug lacks before anybody can take it."""


def needs_of(labels: Sequence[str]) -> tuple[Discipline, ...]:
    """Return the disciplines that labels like `needs-design` or `needs:qa` name."""
    words = _needed(labels)
    return tuple(craft for craft in Discipline if craft in words)


def missing_of(labels: Sequence[str]) -> tuple[str, ...]:
    """Return what labels like `needs-repro`, `needs info` or `needinfo` say is still missing."""
    return tuple(dict.fromkeys(LACKING[word] for word in _needed(labels) if word in LACKING))


def _needed(labels: Sequence[str]) -> list[str]:
    found = [re.fullmatch(r"needs?[\s:/_-]*([a-z]+)", label.strip().lower()) for label in labels]
    return [match[1] for match in found if match]
