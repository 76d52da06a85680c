"""Numbers, lengths of time and days, as a filter writes them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from app.core.filter_fields import AMOUNTS, FIELDS, Kind
from app.core.filter_terms import Amount, Between

_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,3})?", re.ASCII)
_LENGTH = re.compile(r"(\d{1,5})([dw]?)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST = 36_500
YEARS = range(1970, 2200)


class Unreadable(Exception):
    """A value that is no amount of its field."""

    def __init__(self, said: str, word: str, instead: str = "") -> None:
        super().__init__(said)
        self.word, self.instead = word, instead


def parts_of(field: str, op: str, values: Sequence[tuple[str, bool]]) -> tuple[Between, ...]:
    """Read the values of a field: one amount beyond which to look, or amounts and ranges."""
    parts = tuple(dict.fromkeys(_part(field, text, quoted=quoted) for text, quoted in values))
    alone = len(parts) == 1 and parts[0].low == parts[0].high and parts[0].low is not None
    if op != ":" and not alone:
        whole = ",".join(text for text, _ in values)
        raise Unreadable(f"After {field}{op} comes one amount.", whole)
    return parts


def amount_text(amount: Amount) -> str:
    """Return the one way to write an amount."""
    if amount is None:
        return "none"
    if isinstance(amount, timedelta):
        return f"{amount.days}d"
    if isinstance(amount, date):
        return amount.isoformat()
    return f"{amount:.3f}".rstrip("0").rstrip(".")


def _part(field: str, text: str, *, quoted: bool) -> Between:
    low, dots, high = text.partition("..")
    if quoted or not dots:
        return Between(*[_amount(field, text)] * 2)
    ends = _amount(field, low), _amount(field, high)
    if None in ends or type(ends[0]) is not type(ends[1]):
        raise Unreadable(f"The range “{text}” goes from one kind of value to another.", text)
    if ends[0] > ends[1]:  # type: ignore[operator]
        turned = f"{amount_text(ends[1])}..{amount_text(ends[0])}"
        raise Unreadable(f"The range “{text}” runs backwards.", text, turned)
    return Between(*ends)


def _amount(field: str, text: str) -> Amount:
    spoken = text.strip().lower()
    if spoken == "none" and FIELDS[field].none:
        return None
    if spoken in FIELDS[field].words:
        return AMOUNTS[spoken]
    found = _number(spoken) if FIELDS[field].kind is Kind.number else _age(spoken)
    if found is None:
        words = "".join(f", {word}" for word in FIELDS[field].words)
        kind = FIELDS[field].kind.value + words
        raise Unreadable(f"“{text}” is not what “{field}” takes: {kind}.", text)
    return found


def _number(text: str) -> float | None:
    return float(text) + 0.0 if _NUMBER.fullmatch(text) else None


def _age(text: str) -> timedelta | date | None:
    length = _LENGTH.fullmatch(text)
    if length:
        days = int(length[1]) * (7 if length[2] == "w" else 1)
        return timedelta(days=days) if days <= LONGEST else None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None
