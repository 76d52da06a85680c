"""Reads that the product has no need of, but other programs do: people, counts, figures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from integrations.simulators.answers import iso
from integrations.simulators.model import Person, Ticket
from integrations.simulators.zendesk.export import by_time
from integrations.simulators.zendesk.paging import listing
from integrations.simulators.zendesk.parties import organization_row, user_row
from integrations.simulators.zendesk.reads import living
from integrations.simulators.zendesk.shapes import metric_set, ticket_row
from integrations.simulators.zendesk.site import Ask, invalid

Moment = tuple[datetime, Ticket, str, str]


def people(ask: Ask) -> list[Person]:
    """Users that still have a row and are active, by id."""
    found = (one for one in ask.store.people.values() if one.listed and one.active)
    return sorted(found, key=lambda one: one.id)


def users_search(ask: Ask) -> dict[str, Any]:
    """Users by a part of their name or address."""
    words = ask.query.get("query", "").lower().removeprefix("email:").split()
    if not words:
        raise invalid("The query must not be empty")
    rows = [one for one in people(ask) if _says(f"{one.name} {one.email or ''}", words)]
    return listing(ask, "users", rows, lambda one: user_row(ask.base, one))


def organizations_search(ask: Ask) -> dict[str, Any]:
    """Organisations by their whole name."""
    name = ask.query.get("name", "").strip().lower()
    rows = [one for one in ask.store.organizations.values() if one.name.lower() == name]
    return listing(ask, "organizations", rows, lambda one: organization_row(ask.base, one))


def _says(text: str, words: list[str]) -> bool:
    return all(word.strip('"*') in text.lower() for word in words)


def users_of_organization(ask: Ask) -> dict[str, Any]:
    """One organisation's users."""
    rows = [one for one in people(ask) if one.organization == ask.number("id")]
    return listing(ask, "users", rows, lambda one: user_row(ask.base, one))


def requested(ask: Ask) -> dict[str, Any]:
    """The tickets that one user asked for."""
    rows = [one for one in living(ask) if one.requester == ask.number("id")]
    return listing(ask, "tickets", rows, lambda one: ticket_row(ask.store, ask.base, one))


def tickets_count(ask: Ask) -> dict[str, Any]:
    """How many tickets there are."""
    return _count(ask, len(living(ask)))


def users_count(ask: Ask) -> dict[str, Any]:
    """How many users there are."""
    return _count(ask, len(people(ask)))


def organizations_count(ask: Ask) -> dict[str, Any]:
    """How many organisations there are."""
    return _count(ask, len(ask.store.organizations))


def _count(ask: Ask, value: int) -> dict[str, Any]:
    return {"count": {"value": value, "refreshed_at": iso(ask.site.now())}}


def ticket_metrics(ask: Ask) -> dict[str, Any]:
    """The figures about every ticket."""
    return listing(ask, "ticket_metrics", living(ask), lambda one: metric_set(one, ask.base))


def users_by_time(ask: Ask) -> dict[str, Any]:
    """Users, the old way."""
    found = {one.id: one for one in ask.store.people.values() if one.listed}
    order = sorted((int(one.created_at.timestamp()), one.id) for one in found.values())
    return by_time(ask, "users", order, lambda number: user_row(ask.base, found[number]))


def metric_events(ask: Ask) -> dict[str, Any]:
    """When each ticket's clocks were started and stopped: first reply, and resolution."""
    moments = sorted(
        (moment for one in ask.store.tickets.values() for moment in _moments(one)),
        key=lambda moment: (moment[0], moment[1].id, moment[2], moment[3]),
    )
    order = [(int(at.timestamp()), place) for place, (at, *_) in enumerate(moments)]
    return by_time(ask, "ticket_metric_events", order, _rendered(moments))


def _rendered(moments: list[Moment]) -> Callable[[int], dict[str, Any]]:
    def render(place: int) -> dict[str, Any]:
        at, ticket, metric, kind = moments[place]
        number = ticket.id * 10 + METRICS.index(metric) * 2 + (kind == "fulfill")
        return {
            "id": 40_000_000_000_000 + number,
            "ticket_id": ticket.id,
            "metric": metric,
            "instance_id": 1,
            "type": kind,
            "time": iso(at),
            "deleted": False,
        }

    return render


METRICS = ("reply_time", "resolution_time")


def _moments(ticket: Ticket) -> list[Moment]:
    if ticket.status == "deleted":
        return []
    found = [(ticket.created_at, ticket, metric, "activate") for metric in METRICS]
    replies = [one.at for one in ticket.comments if one.public and one.author != ticket.requester]
    if replies:
        found.append((min(replies), ticket, "reply_time", "fulfill"))
    if ticket.solved_at:
        found.append((ticket.solved_at, ticket, "resolution_time", "fulfill"))
    return found
