"""The incremental exports: by opaque cursor, and by time with repeats at the same second."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from integrations.simulators.answers import Refused
from integrations.simulators.zendesk.parties import group_rows, organization_row, user_row
from integrations.simulators.zendesk.shapes import event_row, metric_set, ticket_row
from integrations.simulators.zendesk.site import Ask, invalid

Place = tuple[int, int]
MOST = 1000


def encode_cursor(place: Place) -> str:
    """The recorded form; callers must treat it as opaque."""
    return b64encode(f"{place[0]}.0||{place[1]}|".encode()).decode()


def decode_cursor(text: str) -> Place:
    """The place in a cursor, or a refusal."""
    try:
        stamp, number = b64decode(text, validate=True).decode().removesuffix("|").split("||")
        return int(float(stamp)), int(number)
    except (NotBase64, ValueError):
        raise invalid("Invalid cursor") from None


def start_time(ask: Ask) -> int:
    """The asked start as epoch seconds: an integer, a float or an ISO time; at least 60 s old."""
    text = ask.query.get("start_time", "")
    try:
        found = float(text) if text.replace(".", "", 1).isdigit() else _from_iso(text)
    except ValueError:
        raise invalid("start_time is not a valid time") from None
    lag = ask.site.settings.lag_seconds
    if found > ask.site.now().timestamp() - lag:
        text = f"Too recent start_time. Use a start_time older than {max(1, lag // 60)} minute"
        raise Refused(422, {"error": "InvalidValue", "description": text})
    return int(found)


def _from_iso(text: str) -> float:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.timestamp()


def per_page(ask: Ask) -> int:
    """The asked page size, at most a thousand."""
    text = ask.query.get("per_page", str(MOST))
    if not text.isdigit() or int(text) < 1:
        raise invalid("per_page must be a positive number")
    return min(MOST, int(text))


def _walk(ask: Ask, order: Sequence[Place], noun: str) -> tuple[list[Place], dict[str, Any]]:
    """One page of a cursor walk, and the part of the answer that tells where it ends."""
    given = ask.query.get("cursor")
    if given:
        after = bisect_right(order, decode_cursor(given))
    else:
        after = bisect_left(order, (start_time(ask), 0))
    horizon = int(ask.site.now().timestamp()) - ask.site.settings.lag_seconds
    until = bisect_right(order, (horizon, 1 << 62))
    page = list(order[after : min(after + per_page(ask), until)])
    cursor = encode_cursor(page[-1]) if page else given
    query = {key: value for key, value in ask.query.items() if key not in ("cursor", "start_time")}
    url = f"{ask.address}?{urlencode({'cursor': cursor, **query})}" if cursor else None
    return page, {
        f"{noun}s": [],
        "after_url": url,
        "after_cursor": cursor,
        "before_url": None,
        "before_cursor": None,
        "end_of_stream": after + len(page) >= until,
    }


def tickets_by_cursor(ask: Ask) -> dict[str, Any]:
    """Tickets in the order of their export stamp, deleted ones included."""
    ask.need_admin()
    page, told = _walk(ask, ask.site.export_order(), "ticket")
    store = ask.store
    if page:
        store.served = max(store.served, page[-1])
    rows = [store.tickets[number] for _, number in page]
    if ask.query.get("exclude_deleted") == "true":
        rows = [row for row in rows if row.status != "deleted"]
    told["tickets"] = [ticket_row(store, ask.base, row) for row in rows]
    return told | sideloads(ask, told["tickets"])


def sideloads(ask: Ask, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The asked companions of some ticket rows; metric sets go into the rows themselves."""
    asked, store = ask.includes(), ask.store
    found: dict[str, Any] = {}
    if "users" in asked:
        ids = {row[key] for row in rows for key in ("requester_id", "submitter_id", "assignee_id")}
        people = [store.people[one] for one in sorted(ids - {None}) if one in store.people]
        found["users"] = [user_row(ask.base, one) for one in people if one.listed]
    if "organizations" in asked:
        ids = {row["organization_id"] for row in rows} - {None}
        known = [store.organizations[one] for one in sorted(ids) if one in store.organizations]
        found["organizations"] = [organization_row(ask.base, one) for one in known]
    if "groups" in asked:
        found["groups"] = group_rows(ask.base)
    if "metric_sets" in asked:
        for row in rows:
            row["metric_set"] = metric_set(store.tickets[row["id"]], ask.base)
    return found


def users_by_cursor(ask: Ask) -> dict[str, Any]:
    """Users, soft-deleted ones included."""
    ask.need_admin()
    people = [one for one in ask.store.people.values() if one.listed]
    order = sorted((int(one.created_at.timestamp()), one.id) for one in people)
    page, told = _walk(ask, order, "user")
    told["users"] = [user_row(ask.base, ask.store.people[number]) for _, number in page]
    return told


def by_time(
    ask: Ask, noun: str, order: list[Place], render: Callable[[int], dict[str, Any]]
) -> dict[str, Any]:
    """A page that never splits a second, so it may exceed its size; the last second repeats."""
    ask.need_admin()
    start = start_time(ask)
    horizon = int(ask.site.now().timestamp()) - ask.site.settings.lag_seconds
    order = order[: bisect_right(order, (horizon, 1 << 62))]
    first = bisect_left(order, (start, 0))
    until = min(len(order), first + per_page(ask))
    until = bisect_right(order, (order[until - 1][0], 1 << 62)) if until > first else until
    if until > first and order[until - 1][0] == start and until < len(order):
        until = bisect_right(order, (order[until][0], 1 << 62))
    end = order[until - 1][0] if until > first else start
    query = {key: value for key, value in ask.query.items() if key != "start_time"}
    return {
        noun: [render(number) for _, number in order[first:until]],
        "count": until - first,
        "end_time": end,
        "next_page": f"{ask.address}?{urlencode({'start_time': end, **query})}",
        "end_of_stream": until >= len(order),
    }


def organizations(ask: Ask) -> dict[str, Any]:
    """Organisations: this export knows only times."""
    store = ask.store
    order = sorted(
        (int(one.updated_at.timestamp()), one.id) for one in store.organizations.values()
    )
    return by_time(
        ask,
        "organizations",
        order,
        lambda number: organization_row(ask.base, store.organizations[number]),
    )


def tickets_by_time(ask: Ask) -> dict[str, Any]:
    """Tickets, the old way."""
    store = ask.store
    told = by_time(
        ask,
        "tickets",
        ask.site.export_order(),
        lambda number: ticket_row(store, ask.base, store.tickets[number]),
    )
    return told | sideloads(ask, told["tickets"])


def ticket_events(ask: Ask) -> dict[str, Any]:
    """All changes of all tickets; with include=comment_events the texts too."""
    store, comments = ask.store, "comment_events" in ask.includes()
    told = by_time(
        ask,
        "ticket_events",
        ask.site.event_order(),
        lambda place: event_row(store, store.log[place], comments=comments),
    )
    if told["count"]:
        store.events_served = max(
            store.events_served, datetime.fromtimestamp(told["end_time"], UTC)
        )
    return told
