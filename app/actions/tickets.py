"""Support leads mark tickets here; nothing is written back to Zendesk without approval."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.core.errors import Invalid, NotFound
from app.db.queries import activity, tickets

TAG = re.compile(r"^[\w:./-]{1,80}$")


def tag(
    db: Session,
    ticket_ids: Sequence[int],
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    actor: str,
    at: datetime,
) -> None:
    """Add tags to tickets, or remove tags that were given here."""
    wanted = [_tag(name) for name in (*add, *remove)]
    if not wanted:
        raise Invalid("Write at least one tag.")
    found = tickets.tickets_by_id(db, ticket_ids)
    if not found or len(found) != len(set(ticket_ids)):
        raise NotFound("One of these tickets does not exist.")
    for ticket in found:
        kept = [name for name in ticket.own_tags if name not in set(map(_tag, remove))]
        new = [n for n in dict.fromkeys(map(_tag, add)) if n not in {*kept, *ticket.tags}]
        tickets.set_own_tags(db, ticket.id or 0, [*kept, *new])
    detail = " ".join([f"+{name}" for name in add] + [f"−{name}" for name in remove])
    activity.note(db, at=at, actor=actor, verb="tagged", ticket_id=found[0].id, detail=detail[:500])
    db.commit()


def _tag(name: str) -> str:
    made = name.strip().lower().replace(" ", "_")
    if not TAG.match(made):
        raise Invalid(f"“{name[:80]}” cannot be a tag: use letters, digits and _ - . : /.")
    return made
