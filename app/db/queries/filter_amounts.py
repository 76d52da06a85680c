"""Fields that are measured: how far a line is, in SQL, beside an amount of a filter."""

import struct
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, Float, and_, func, literal, or_, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from app.core.bands import coarse as two_digits
from app.core.filter_terms import Amount
from app.db.models import Bug, BugScore, Link, SprintItem
from app.db.queries.filter_roots import any_ticket, highest_importance
from app.db.queries.sprints import place

DAY = timedelta(days=1)
DAY_MICROS = 86_400_000_000
Beyond = Callable[[Amount, int], Any]
"""Whether a line has at least an amount or, with 1, more than that."""


class Micros(FunctionElement[int]):
    """An instant as whole microseconds since 1970."""

    type = BigInteger()
    name = "micros"
    inherit_cache = True


@compiles(Micros, "sqlite")
def _micros_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    at = compiler.process(element.clauses, **how)
    seconds = f"CAST(strftime('%s', substr({at}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({at}, 21, 6) AS INTEGER))"


@compiles(Micros, "postgresql")
def _micros_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return (
        f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **how)}) * 1000000 AS BIGINT)"
    )


def beyond(field: str, today: datetime, *, coarse: bool) -> tuple[Any, Beyond]:
    """Return when a field has a value at all, and how it is held against an amount."""
    if field in ("waiting", "age", "updated"):
        start = _start(field)
        return start.is_not(None), _since(start, _end(field), today)
    value, known = _value(field)
    if field == "importance":
        return known, _important
    return known, _number(value, coarse=coarse and field == "score")


def sort_key(field: str, today: datetime) -> Any:
    """Return what a list is ordered by; what has no value goes where the least or last is."""
    if field in ("waiting", "age", "updated"):
        end = _end(field)
        now = literal(today, type_=_start(field).type)
        until = now if end is None else func.coalesce(end, now)
        return func.coalesce(Micros(until) - Micros(_start(field)), -1)
    return place() if field == "rank" else func.coalesce(_value(field)[0], 0)


def _start(field: str) -> Any:
    starts = {
        "waiting": col(BugScore.first_report),
        "age": col(Bug.created_at),
        "updated": col(Bug.updated_at),
    }
    return starts[field]


def _end(field: str) -> Any:
    return col(SprintItem.resolved_at) if field == "waiting" else None


def _value(field: str) -> tuple[Any, Any]:
    if field == "importance":
        return highest_importance(), any_ticket()
    if field == "rank":
        return col(SprintItem.frozen_rank), col(SprintItem.frozen_rank).is_not(None)
    columns = {
        "score": col(BugScore.score),
        "tickets": col(BugScore.tickets),
        "customers": col(BugScore.customers),
    }
    return func.coalesce(columns[field], 0), true()


def _number(value: Any, *, coarse: bool) -> Beyond:
    def at_least(amount: Amount, more: int) -> Any:
        assert isinstance(amount, float)
        if coarse:
            return value >= literal(_least(amount, more=more), Float())
        wanted = literal(amount, Float())
        return value > wanted if more else value >= wanted

    return at_least


def _important(amount: Amount, more: int) -> Any:
    assert isinstance(amount, float)
    level = col(Link.importance)
    return any_ticket(level > amount if more else level >= amount)


def _since(start: Any, end: Any, today: datetime) -> Beyond:
    """Hold an instant against a day, or the whole days gone since then against a length."""

    def at_least(amount: Amount, more: int) -> Any:
        if isinstance(amount, date):
            first = datetime.combine(amount, time(), UTC)
            return start >= first + DAY * more
        assert isinstance(amount, timedelta)
        days = amount.days + more
        if days == 0:
            return start.is_not(None)
        still = start <= today - DAY * days
        if end is None:
            return still
        gone = Micros(end) - Micros(start) >= literal(days * DAY_MICROS, BigInteger())
        return or_(and_(end.is_(None), still), and_(end.is_not(None), gone))

    return at_least


def _least(amount: float, *, more: int) -> float:
    """Return the smallest score that is shown as at least (or as more than) an amount.

    Found among all numbers there are, by halving: in their order they count up like integers.
    """

    def enough(bits: int) -> bool:
        shown = two_digits(_float(bits))
        return shown > amount if more else shown >= amount

    low, high = 0, _bits(1e300)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return _float(low)


def _bits(number: float) -> int:
    return int(struct.unpack("<q", struct.pack("<d", number))[0])


def _float(bits: int) -> float:
    return float(struct.unpack("<d", struct.pack("<q", bits))[0])
