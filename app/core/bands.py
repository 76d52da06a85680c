"""Revenue in words, for those who may not know the figure; effort from a label."""

from collections.abc import Sequence

from app.core.vocabulary import Effort

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
