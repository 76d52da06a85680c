"""Ordinary reads: tickets, customers, people, and the account's own lists."""

from typing import Any

from integrations.simulators.changes import GROUPS
from integrations.simulators.model import Ticket
from integrations.simulators.zendesk import fields
from integrations.simulators.zendesk.export import sideloads
from integrations.simulators.zendesk.paging import listing
from integrations.simulators.zendesk.parties import group_rows, organization_row, user_row
from integrations.simulators.zendesk.shapes import comment_row, event_row, metric_set, ticket_row
from integrations.simulators.zendesk.site import Ask, invalid, not_found

MOST_AT_ONCE = 100


def _render(ask: Ask, ticket: Ticket) -> dict[str, Any]:
    return ticket_row(ask.store, ask.base, ticket)


def living(ask: Ask) -> list[Ticket]:
    """All tickets that are not deleted, by id."""
    rows = (one for one in ask.store.tickets.values() if one.status != "deleted")
    return sorted(rows, key=lambda one: one.id)


def tickets(ask: Ask) -> dict[str, Any]:
    """The ticket list."""
    rows = living(ask)
    if ask.query.get("sort") == "-updated_at" and "page[after]" not in ask.query:
        rows.sort(key=lambda one: one.updated_at, reverse=True)
    told = listing(ask, "tickets", rows, lambda one: _render(ask, one))
    return told | sideloads(ask, told["tickets"])


def ticket(ask: Ask) -> dict[str, Any]:
    """One ticket, with its sideloads."""
    row = _render(ask, ask.ticket())
    return {"ticket": row} | sideloads(ask, [row])


def show_many(ask: Ask) -> dict[str, Any]:
    """Up to a hundred tickets by id; unknown ones are left out."""
    ids = [part for part in ask.query.get("ids", "").split(",") if part.strip().isdigit()]
    if len(ids) > MOST_AT_ONCE:
        raise invalid("Too many ids, at most 100 are allowed")
    found = [ask.store.tickets.get(int(one)) for one in ids]
    rows = [_render(ask, one) for one in found if one and one.status != "deleted"]
    told = {"tickets": rows, "count": len(rows), "next_page": None, "previous_page": None}
    return told | sideloads(ask, rows)


def comments(ask: Ask) -> dict[str, Any]:
    """A ticket's messages."""
    rows = ask.ticket().comments
    return listing(ask, "comments", rows, lambda one: comment_row(ask.store, one))


def incidents(ask: Ask) -> dict[str, Any]:
    """The tickets that hang under a problem."""
    problem = ask.ticket().id
    rows = [one for one in living(ask) if one.problem == problem]
    return listing(ask, "tickets", rows, lambda one: _render(ask, one))


def problems(ask: Ask) -> dict[str, Any]:
    """All problem tickets."""
    rows = [one for one in living(ask) if one.type == "problem"]
    return listing(ask, "tickets", rows, lambda one: _render(ask, one))


def metrics(ask: Ask) -> dict[str, Any]:
    """The figures about one ticket."""
    return {"ticket_metric": metric_set(ask.ticket(), ask.base)}


def audits(ask: Ask) -> dict[str, Any]:
    """All changes of one ticket."""
    number = ask.ticket().id
    rows = [one for one in ask.store.log if one.ticket == number]
    return listing(ask, "audits", rows, lambda one: event_row(ask.store, one, comments=True))


def tickets_of_organization(ask: Ask) -> dict[str, Any]:
    """One organisation's tickets."""
    number = ask.number("id")
    rows = [one for one in living(ask) if one.organization == number]
    return listing(ask, "tickets", rows, lambda one: _render(ask, one))


def ticket_tags(ask: Ask) -> dict[str, Any]:
    """One ticket's tags."""
    return {"tags": sorted(ask.ticket().tags)}


def organizations(ask: Ask) -> dict[str, Any]:
    """All organisations."""
    rows = sorted(ask.store.organizations.values(), key=lambda one: one.id)
    return listing(ask, "organizations", rows, lambda one: organization_row(ask.base, one))


def organization(ask: Ask) -> dict[str, Any]:
    """One organisation."""
    found = ask.store.organizations.get(ask.number("id"))
    if found is None:
        raise not_found()
    return {"organization": organization_row(ask.base, found)}


def organizations_show_many(ask: Ask) -> dict[str, Any]:
    """Up to a hundred organisations by id."""
    ids = [int(one) for one in ask.query.get("ids", "").split(",") if one.strip().isdigit()]
    known = [ask.store.organizations[one] for one in ids if one in ask.store.organizations]
    rows = [organization_row(ask.base, one) for one in known[:MOST_AT_ONCE]]
    return {"organizations": rows, "count": len(rows), "next_page": None, "previous_page": None}


def users(ask: Ask) -> dict[str, Any]:
    """All users that still have a row and are active."""
    rows = [one for one in ask.store.people.values() if one.listed and one.active]
    rows.sort(key=lambda one: one.id)
    return listing(ask, "users", rows, lambda one: user_row(ask.base, one))


def user(ask: Ask) -> dict[str, Any]:
    """One user, also a soft-deleted one."""
    found = ask.store.people.get(ask.number("id"))
    if found is None or not found.listed:
        raise not_found()
    return {"user": user_row(ask.base, found)}


def users_show_many(ask: Ask) -> dict[str, Any]:
    """Up to a hundred users by id; missing ones are left out."""
    ids = [int(one) for one in ask.query.get("ids", "").split(",") if one.strip().isdigit()]
    known = [ask.store.people[one] for one in ids[:MOST_AT_ONCE] if one in ask.store.people]
    rows = [user_row(ask.base, one) for one in known if one.listed]
    return {"users": rows, "count": len(rows), "next_page": None, "previous_page": None}


def me(ask: Ask) -> dict[str, Any]:
    """Whom the credentials act as."""
    return {"user": user_row(ask.base, ask.user) | {"authenticity_token": "simulated"}}


def groups(ask: Ask) -> dict[str, Any]:
    """The teams of agents."""
    return listing(ask, "groups", group_rows(ask.base), dict)


def group(ask: Ask) -> dict[str, Any]:
    """One team of agents."""
    rows = {row["id"]: row for row in group_rows(ask.base)}
    if ask.number("id") not in GROUPS.values():
        raise not_found()
    return {"group": rows[ask.number("id")]}


def ticket_fields(ask: Ask) -> dict[str, Any]:
    """The account's ticket fields; without page[size] all of them at once."""
    return listing(ask, "ticket_fields", fields.ticket_fields(ask.base), dict)


def organization_fields(ask: Ask) -> dict[str, Any]:
    """Where ARR, plan and renewal date live."""
    return listing(ask, "organization_fields", fields.organization_fields(ask.base), dict)


def custom_statuses(ask: Ask) -> dict[str, Any]:
    """The labels of the status categories."""
    return {"custom_statuses": fields.custom_statuses(ask.base)}


def brands(ask: Ask) -> dict[str, Any]:
    """The only brand."""
    return listing(ask, "brands", fields.brands(ask.base), dict)


def ticket_forms(ask: Ask) -> dict[str, Any]:
    """The only form."""
    return listing(ask, "ticket_forms", fields.ticket_forms(ask.base), dict)


def tags(ask: Ask) -> dict[str, Any]:
    """The tags in use and how often."""
    count: dict[str, int] = {}
    for one in living(ask):
        for tag in one.tags:
            count[tag] = count.get(tag, 0) + 1
    ordered = sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [
        {"id": place, "name": name, "count": number}
        for place, (name, number) in enumerate(ordered, 1)
    ]
    return listing(ask, "tags", rows, lambda row: {"name": row["name"], "count": row["count"]})
