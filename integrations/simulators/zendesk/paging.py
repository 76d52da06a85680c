"""The two pagings of ordinary lists; leaving out page[size] silently selects the offset one."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from integrations.simulators.answers import Refused
from integrations.simulators.zendesk.site import Ask, invalid

Row = TypeVar("Row")
MOST = 100
WALL = 10_000


def listing(
    ask: Ask,
    name: str,
    rows: Sequence[Row],
    render: Callable[[Row], dict[str, Any]],
    *,
    most: int = MOST,
) -> dict[str, Any]:
    """One page of rows that ascend by their `id`."""
    if "page[size]" in ask.query or "page[after]" in ask.query:
        return _by_cursor(ask, name, rows, render, most=most)
    return _by_offset(ask, name, rows, render)


def _id(row: object) -> int:
    return int(row["id"]) if isinstance(row, dict) else int(row.id)  # type: ignore[attr-defined]


def _by_cursor(
    ask: Ask,
    name: str,
    rows: Sequence[Row],
    render: Callable[[Row], dict[str, Any]],
    *,
    most: int,
) -> dict[str, Any]:
    size = _positive(ask, "page[size]", most)
    if size > most:
        raise invalid(f"page[size] must not exceed {most}")
    after = ask.query.get("page[after]")
    first = bisect_right(rows, _decoded(after), key=_id) if after else 0
    page = rows[first : first + size]
    more = first + len(page) < len(rows)
    cursor = b64encode(f"o{_id(page[-1])}".encode()).decode() if page else after
    query = {key: value for key, value in ask.query.items() if key != "page[after]"}
    following = f"{ask.address}?{urlencode({**query, 'page[after]': cursor})}"
    return {
        name: [render(row) for row in page],
        "meta": {"has_more": more, "after_cursor": cursor, "before_cursor": None},
        "links": {"prev": None, "next": following if more else None},
    }


def _decoded(cursor: str) -> int:
    try:
        return int(b64decode(cursor, validate=True).decode().removeprefix("o"))
    except (NotBase64, ValueError):
        raise invalid("page[after] is not valid") from None


def _by_offset(
    ask: Ask, name: str, rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]
) -> dict[str, Any]:
    size = min(MOST, _positive(ask, "per_page", MOST))
    page = _positive(ask, "page", 1)
    if page * size > WALL:
        text = "Pagination with page and per_page ends at 10000 records; use cursor pagination."
        raise Refused(400, {"error": {"title": "Invalid pagination", "message": text}})
    shown = rows[(page - 1) * size : page * size]
    return {
        name: [render(row) for row in shown],
        "count": len(rows),
        "next_page": _page_url(ask, page + 1) if page * size < len(rows) else None,
        "previous_page": _page_url(ask, page - 1) if page > 1 else None,
    }


def _page_url(ask: Ask, page: int) -> str:
    return f"{ask.address}?{urlencode({**dict(ask.query), 'page': page})}"


def _positive(ask: Ask, name: str, usual: int) -> int:
    text = ask.query.get(name, str(usual))
    if not text.isdigit() or int(text) < 1:
        raise invalid(f"{name} must be a positive number")
    return int(text)
