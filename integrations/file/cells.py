"""What one cell means: text, money, moments, days, words.  Pure; a bad cell is a ValueError."""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CURRENCY = re.compile(r"^[A-Za-z]{3}\s|\s[A-Za-z]{3}$|[\s\u00a0\u202f'’$€£¥]")
POINT = re.compile(r"[+-]?\d{1,3}(,\d{3})*(\.\d+)?|[+-]?\d+(\.\d+)?")
COMMA = re.compile(r"[+-]?\d{1,3}(\.\d{3})*,\d{1,2}|[+-]?\d+,\d{1,2}")
TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
MOST_CENTS = 10**17
EARLIEST = 1971
"""Dates before this year are the zeros of some clock, and mean none."""


def text(value: Any) -> str:
    """Any cell as trimmed text; what no database stores is left out."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise ValueError("is not text")
    return str(value).replace("\0", "").strip()


def words(value: Any) -> tuple[str, ...]:
    """A list, or text cut at commas, semicolons and line ends; each word once."""
    parts = value if isinstance(value, list) else re.split(r"[,;|\n]", text(value))
    return tuple(dict.fromkeys(word for part in parts if (word := text(part))))


def cents(value: Any) -> int | None:
    """Money as whole cents: 12000, 12,000.50 and 12.000,50 are read, 12.000 is asked about."""
    shown = text(value)
    if not shown:
        return None
    figure = CURRENCY.sub("", shown)
    if isinstance(value, str) and TWO_WAYS.fullmatch(figure):
        whole, _, rest = figure.partition(".")
        raise ValueError(f"“{shown[:40]}” may be {whole}{rest} or {whole}.{rest[:2]}; write one")
    if COMMA.fullmatch(figure):
        figure = figure.replace(".", "").replace(",", ".")
    elif not POINT.fullmatch(figure):
        raise ValueError(f"“{shown[:40]}” is not a number")
    amount = Decimal(figure.replace(",", "")) * 100
    if abs(amount) > MOST_CENTS:
        raise ValueError(f"“{shown[:40]}” is too large")
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def moment(value: Any) -> datetime | None:
    """An ISO time in UTC; one without a zone is taken as UTC, a zero date as none."""
    shown = text(value)
    if not shown:
        return None
    try:
        read = datetime.fromisoformat(shown.removesuffix(" UTC"))
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"“{shown[:40]}” is not a date like 2026-11-30") from None
    return aware if aware.year >= EARLIEST else None


def day(value: Any) -> date | None:
    """The day of a moment."""
    read = moment(value)
    return read.date() if read else None
