"""Writes on one ticket: tags that add, replace or remove, comments, status, and the race guard."""

from collections.abc import Callable
from typing import Any

from integrations.simulators.answers import Refused, iso
from integrations.simulators.model import Ticket
from integrations.simulators.zendesk.limits import Limits
from integrations.simulators.zendesk.shapes import ticket_row
from integrations.simulators.zendesk.site import BUG_FIELD, Ask

SETTABLE = ("new", "open", "pending", "hold", "solved", "closed")
CHOICES = {
    "priority": ("low", "normal", "high", "urgent", None),
    "type": ("problem", "incident", "question", "task", None),
}
CONFLICT = {
    "error": "UpdateConflict",
    "description": "Safe Update prevented the update due to outdated ticket data. "
    "Please fetch the latest ticket data and try again.",
}


def invalid_record(field: str, text: str) -> Refused:
    """The usual refusal of a value, by field."""
    detail = {field: [{"description": text, "error": "InvalidValue"}]}
    told = {"error": "RecordInvalid", "description": "Record validation errors"}
    return Refused(422, told | {"details": detail})


def guard(ticket: Ticket, wish: dict[str, Any]) -> None:
    """Refuse what is closed, and what was changed since the caller read it."""
    if ticket.status == "closed":
        raise invalid_record("status", "Status: closed prevents ticket update")
    asked = str(wish.get("safe_update", "")).lower() == "true"
    if asked and wish.get("updated_stamp") != iso(ticket.updated_at):
        raise Refused(409, CONFLICT)


def _asked_tags(ask: Ask) -> list[str]:
    body = ask.body if isinstance(ask.body, dict) else {}
    found = body.get("tags", ask.query.get("tags", ""))
    if isinstance(found, str):
        found = found.replace(",", " ").split()
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise invalid_record("tags", "Tags: must be a list of texts")
    return [one.strip().lower().replace(" ", "_") for one in found]


def _tags(ask: Ask, limits: Limits, combine: Callable[[set[str], set[str]], set[str]]) -> Any:
    ticket = ask.ticket()
    limits.update(ticket.id)
    guard(ticket, ask.body if isinstance(ask.body, dict) else {})
    ticket.tags = sorted(combine(set(ticket.tags), set(_asked_tags(ask))))
    _follow_tags(ticket)
    ask.store.touch(ticket, ask.site.now(), by=ask.user.id, tags=ticket.tags)
    return {"tags": ticket.tags}


def add_tags(ask: Ask, limits: Limits) -> Any:
    """PUT adds."""
    return _tags(ask, limits, lambda old, new: old | new)


def replace_tags(ask: Ask, limits: Limits) -> Any:
    """POST replaces."""
    return _tags(ask, limits, lambda _, new: new)


def remove_tags(ask: Ask, limits: Limits) -> Any:
    """DELETE removes, named in the body or in the query."""
    return _tags(ask, limits, lambda old, new: old - new)


def update_ticket(ask: Ask, limits: Limits) -> Any:
    """PUT on a ticket."""
    ticket = ask.ticket()
    limits.update(ticket.id)
    wish = ask.body.get("ticket") if isinstance(ask.body, dict) else None
    if not isinstance(wish, dict):
        raise invalid_record("ticket", "Ticket: is missing")
    apply(ask, ticket, wish)
    row = ticket_row(ask.store, ask.base, ticket)
    return {"ticket": row, "audit": {"id": ask.store.log[-1].id, "ticket_id": ticket.id}}


def apply(ask: Ask, ticket: Ticket, wish: dict[str, Any]) -> None:
    """Change a ticket as wished, all or nothing."""
    guard(ticket, wish)
    _check(wish)
    for name in CHOICES:
        if name in wish:
            setattr(ticket, name, wish[name])
    _set_status(ask, ticket, wish.get("status", ticket.status))
    _set_tags(ticket, wish)
    _set_fields(ticket, wish.get("custom_fields") or wish.get("fields") or [])
    for name, attribute in (("assignee_id", "assignee"), ("problem_id", "problem")):
        if name in wish:
            setattr(ticket, attribute, wish[name])
    if ticket.problem is not None:
        ask.store.problems.add(ticket.problem)
    _say(ask, ticket, wish)


def _check(wish: dict[str, Any]) -> None:
    if "status" in wish and wish["status"] not in SETTABLE:
        raise invalid_record("status", f"Status: {wish['status']} is not valid")
    for name, known in CHOICES.items():
        if name in wish and wish[name] not in known:
            raise invalid_record(name, f"{name.capitalize()}: {wish[name]} is not valid")
    comment = wish.get("comment")
    if comment is not None and not _text(comment):
        raise invalid_record("comment", "Comment: cannot be blank")


def _text(comment: Any) -> str:
    if not isinstance(comment, dict):
        return str(comment)
    return str(comment.get("body") or comment.get("html_body") or "")


def _set_status(ask: Ask, ticket: Ticket, status: Any) -> None:
    if status == ticket.status:
        return
    done, was_done = status in ("solved", "closed"), ticket.status == "solved"
    if done and not was_done:
        ticket.solved_at = ask.site.now()
    if was_done and not done:
        ticket.solved_at, ticket.reopens = None, ticket.reopens + 1
    ticket.status = status


def _set_tags(ticket: Ticket, wish: dict[str, Any]) -> None:
    tags = set(wish["tags"] if isinstance(wish.get("tags"), list) else ticket.tags)
    tags |= set(wish.get("additional_tags") or [])
    tags -= set(wish.get("remove_tags") or [])
    ticket.tags = sorted(str(one) for one in tags)
    _follow_tags(ticket)


def _follow_tags(ticket: Ticket) -> None:
    """A dropdown's value is a tag: losing the tag clears the field."""
    areas = [tag.removeprefix("area_") for tag in ticket.tags if tag.startswith("area_")]
    ticket.area = areas[0] if areas else None


def _set_fields(ticket: Ticket, fields: list[Any]) -> None:
    for one in fields:
        if isinstance(one, dict) and one.get("id") == BUG_FIELD:
            value = one.get("value")
            ticket.bug_field = None if value in (None, "") else str(value)


def _say(ask: Ask, ticket: Ticket, wish: dict[str, Any]) -> None:
    comment, now = wish.get("comment"), ask.site.now()
    changes = {key: value for key, value in wish.items() if key not in ("comment", "safe_update")}
    if comment is None:
        ask.store.touch(ticket, now, by=ask.user.id, **changes)
        return
    public = bool(comment.get("public", True)) if isinstance(comment, dict) else True
    entry = ask.store.say(ticket, now, by=ask.user.id, body=_text(comment), public=public)
    entry.changes = changes


def create_ticket(ask: Ask, limits: Limits) -> Any:
    """POST a new ticket on behalf of the caller."""
    limits.take("account", ask.site.settings.account_per_minute, 60)
    wish = ask.body.get("ticket") if isinstance(ask.body, dict) else None
    if isinstance(wish, dict) and "comment" not in wish and wish.get("description"):
        wish["comment"] = {"body": str(wish["description"])}  # the older way to say it
    comment = wish.get("comment") if isinstance(wish, dict) else None
    if not isinstance(wish, dict) or comment is None or not _text(comment):
        raise invalid_record("base", "Description: cannot be blank")
    store, now = ask.store, ask.site.now()
    number = max([*store.tickets, *store.unborn], default=0) + 1
    ticket = Ticket(
        id=number,
        subject=str(wish.get("subject") or _text(comment)[:80]),
        body=_text(comment),
        requester=int(wish.get("requester_id") or ask.user.id),
        organization=wish.get("organization_id"),
        created_at=now,
        updated_at=now,
        generated=0,
        priority=None,
        type=None,
        area=None,
        bug_field=None,
        channel="api",
        tags=[],
    )
    store.tickets[number], store.truth[number] = ticket, ()
    apply(ask, ticket, wish)
    return {"ticket": ticket_row(store, ask.base, ticket)}


def delete_ticket(ask: Ask, limits: Limits) -> Any:
    """Soft-delete a ticket."""
    ticket = ask.ticket()
    limits.update(ticket.id)
    ticket.status = "deleted"
    ask.store.touch(ticket, ask.site.now(), by=ask.user.id, status="deleted")
    return None
