"""Bugs by what their tickets are: those of merged bugs count for the one that stands for them."""

from typing import Any

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.vocabulary import LinkState, TicketStatus
from app.db.models import Bug, Link, Ticket


def roots_of_tickets(
    *conditions: Any, state: LinkState = LinkState.confirmed, importance: int | None = None
) -> Any:
    """Return the ids of bugs with such tickets; deleted tickets do not count."""
    named = aliased(Bug)
    found = (
        rows_of(func.coalesce(col(named.duplicate_of_id), col(named.id)))
        .select_from(Link)
        .join(named, col(named.id) == col(Link.bug_id))
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .where(col(Link.state) == state, col(Ticket.status) != TicketStatus.deleted, *conditions)
    )
    return found if importance is None else found.where(col(Link.importance) == importance)
