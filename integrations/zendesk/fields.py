"""Reads what people typed into custom fields: money, days, words."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

MOST_CENTS = 10**15
_MONEY = re.compile(r"[^\d-]{0,8}(-?\d[\d., '\u00a0]*?)\s*([kKmM](?![a-zA-Z]))?[^\d-]{0,8}")
_GROUPED = re.compile(r"-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNITS = {"k": 1_000, "m": 1_000_000}


def cents(value: Any) -> int | None:
    """Read an amount as whole cents: 12000, "12,000.50", "12.000,50 €", "$12k"."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    found = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    text, unit = (found[1], found[2]) if found else (str(value), None)
    try:
        amount = Decimal(_plain(text)) * _UNITS.get((unit or "").lower(), 1) * 100
        whole = int(amount.to_integral_value()) if amount.is_finite() else -1
    except InvalidOperation:
        return None
    return whole if 0 <= whole <= MOST_CENTS else None


def day(value: Any) -> date | None:
    """Read a day from a date or a moment in ISO form."""
    found = _DAY.match(value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def word(value: Any) -> str | None:
    """Read a text, or a number as text; None when there is none."""
    if value is None or isinstance(value, bool | list | dict):
        return None
    return str(value).strip()[:200] or None


def _plain(text: str) -> str:
    text = re.sub("[ '\u00a0]", "", text)
    if "," in text and "." in text:
        decimal = max(",.", key=text.rfind)
        other = "," if decimal == "." else "."
        return text.replace(other, "").replace(decimal, ".")
    grouped = _GROUPED.fullmatch(text)
    if grouped and (grouped[1] == "," or text.count(".") > 1):
        return text.replace(grouped[1], "")
    return text.replace(",", ".")
