"""Search, satisfaction, deleted tickets, and links to an issue tracker."""

import re
from collections.abc import Callable
from typing import Any

from integrations.simulators.answers import iso
from integrations.simulators.model import Rating, Ticket
from integrations.simulators.zendesk.paging import listing
from integrations.simulators.zendesk.reads import living
from integrations.simulators.zendesk.shapes import rating_row, ticket_row
from integrations.simulators.zendesk.site import Ask, invalid

TERM = re.compile(r'(\w+)(:|>=|<=|>|<)("[^"]*"|\S+)|("[^"]*"|\S+)')
ORDER = ("new", "open", "pending", "hold", "solved", "closed")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda left, right: bool(left == right),
    ">": lambda left, right: bool(left > right),
    "<": lambda left, right: bool(left < right),
    ">=": lambda left, right: bool(left >= right),
    "<=": lambda left, right: bool(left <= right),
}


def matches(ticket: Ticket, query: str) -> bool:
    """Whether a ticket fits a search text; keywords it does not know match nothing."""
    return all(_fits(ticket, *found) for found in TERM.findall(query))


def _fits(ticket: Ticket, key: str, sign: str, value: str, word: str) -> bool:
    if word:
        return word.strip('"').lower() in f"{ticket.subject} {ticket.body}".lower()
    value = value.strip('"')
    if key == "status":
        return value in ORDER and COMPARE[sign](ORDER.index(ticket.status), ORDER.index(value))
    if key in ("created", "updated", "solved"):
        moment = iso(getattr(ticket, f"{key}_at"))
        shown = moment[: len(value)] if moment and sign == ":" else moment
        return bool(shown) and COMPARE[sign](shown, value)
    known: dict[str, list[str | None]] = {
        "type": ["ticket", ticket.type],
        "ticket_type": [ticket.type],
        "tags": [*ticket.tags],
        "priority": [ticket.priority],
        "organization": [str(ticket.organization)],
        "requester": [str(ticket.requester)],
    }
    return value in known.get(key, [])


def _found(ask: Ask) -> list[Ticket]:
    query = ask.query.get("query", "")
    if not query.strip():
        raise invalid("The query must not be empty")
    return [one for one in living(ask) if matches(one, query)]


def _result(ask: Ask, one: Ticket) -> dict[str, Any]:
    return ticket_row(ask.store, ask.base, one) | {"result_type": "ticket"}


def search(ask: Ask) -> dict[str, Any]:
    """Tickets by a search text, at most a thousand."""
    rows = _found(ask)
    told = listing(ask, "results", rows[:1000], lambda one: _result(ask, one))
    return told | {"facets": None, "count": len(rows)}


def search_count(ask: Ask) -> dict[str, Any]:
    """How many tickets a search text finds."""
    return {"count": len(_found(ask))}


def search_export(ask: Ask) -> dict[str, Any]:
    """Tickets by a search text without an end, by cursor only."""
    if ask.query.get("filter[type]") != "ticket":
        raise invalid("filter[type] must be ticket")
    told = listing(ask, "results", _found(ask), lambda one: _result(ask, one), most=1000)
    return {**told, "facets": None}


def satisfaction_ratings(ask: Ask) -> dict[str, Any]:
    """Answers of the legacy question; empty where the account uses surveys."""
    ask.need_admin()
    rows = ask.store.ratings if ask.site.settings.csat == "legacy" else []
    rows = [one for one in rows if _asked_for(ask, one, 1)]
    return listing(
        ask, "satisfaction_ratings", rows, lambda one: rating_row(ask.store, ask.base, one)
    )


def _asked_for(ask: Ask, rating: Rating, unit: int) -> bool:
    """Score and time window, in seconds (unit 1) or milliseconds (unit 1000)."""
    stamp = int(rating.at.timestamp()) * unit
    names = ("start_time", "end_time") if unit == 1 else _WINDOW
    low, high = (int(float(ask.query.get(name, "0") or 0)) for name in names)
    score = ask.query.get("score", rating.score).removeprefix("received_").split("_")[0]
    return low <= stamp and (not high or stamp < high) and score in (rating.score, "received")


_WINDOW = ("filter[created_at_start]", "filter[created_at_end]")


def survey_responses(ask: Ask) -> dict[str, Any]:
    """Answers of the newer surveys; empty where the account uses the legacy question."""
    rows = ask.store.ratings if ask.site.settings.csat == "survey" else []
    wanted = {part for part in ask.query.get("filter[subject_zrns]", "").split(",") if part}
    rows = [
        one
        for one in rows
        if _asked_for(ask, one, 1000) and (not wanted or f"zen:ticket:{one.ticket}" in wanted)
    ]
    return listing(ask, "survey_responses", rows, lambda one: _response(ask, one))


def _response(ask: Ask, rating: Rating) -> dict[str, Any]:
    good = rating.score == "good"
    number = f"{rating.id:026d}"
    return {
        "id": number,
        "responder_id": ask.store.tickets[rating.ticket].requester,
        "subjects": [
            {"id": str(rating.ticket), "type": "ticket", "zrn": f"zen:ticket:{rating.ticket}"}
        ],
        "answers": [
            {
                "id": number,
                "type": "rating_scale",
                "rating": 5 if good else 1,
                "rating_category": rating.score,
                "created_at": iso(rating.at),
                "updated_at": iso(rating.at),
            }
        ],
        "survey": {"id": "01SIMULATEDSURVEY000000000", "version": 1, "state": "ENABLED"},
        "expires_at": None,
    }


def jira_links(ask: Ask) -> dict[str, Any]:
    """Links between tickets and Jira issues; ids are texts."""
    ask.need_admin()
    wanted = ask.query.get("filter[ticket_id]")
    rows = [one for one in ask.store.jira_links if wanted in (None, one["ticket_id"])]
    told = listing(ask, "rows", rows, dict, most=1000)
    meta = told.get("meta") or {"has_more": False, "after_cursor": None, "before_cursor": None}
    return {"links": told["rows"], "meta": meta}


def deleted_tickets(ask: Ask) -> dict[str, Any]:
    """Tickets deleted of late; scrubbed ones are gone from here."""
    gone = (one for one in ask.store.tickets.values() if one.status == "deleted")
    rows = sorted((one for one in gone if not one.scrubbed), key=lambda one: one.id)
    return listing(
        ask,
        "deleted_tickets",
        rows,
        lambda one: {
            "id": one.id,
            "subject": one.subject,
            "actor": {"id": one.assignee or -1, "name": "agent"},
            "deleted_at": iso(one.updated_at),
            "previous_state": "open",
        },
    )
