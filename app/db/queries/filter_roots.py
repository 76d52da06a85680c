"""Bugs by what their tickets are: those of merged bugs count for the one that stands for them."""

from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core.vocabulary import LinkState, TicketStatus
from app.db.models import Bug, Link, Ticket


def any_ticket(*conditions: Any, state: LinkState = LinkState.confirmed) -> Any:
    """Whether the bug of a line has such a ticket; deleted ones do not count.

    Looked up line by line, and no further than the first: for what many tickets are.
    """
    twin = aliased(Bug)
    through = rows_of(col(twin.id)).where(col(twin.duplicate_of_id) == col(Bug.id)).correlate(Bug)
    own = (col(Link.bug_id) == col(Bug.id)) & col(Bug.duplicate_of_id).is_(None)
    return or_(
        _linked(own, *conditions, state=state).correlate(Bug).exists(),
        _linked(col(Link.bug_id).in_(through), *conditions, state=state).correlate(Bug).exists(),
    )


def among_roots(*conditions: Any) -> Any:
    """The same from the tickets' side: for what few tickets are, and an index finds."""
    named = aliased(Bug)
    root = func.coalesce(col(named.duplicate_of_id), col(named.id))
    found = _linked(*conditions, what=root).join(named, col(named.id) == col(Link.bug_id))
    return col(Bug.id).in_(found)


def highest_importance() -> Any:
    """The highest importance of the tickets of a line's bug, None without any."""
    twin = aliased(Bug)
    through = rows_of(col(twin.id)).where(col(twin.duplicate_of_id) == col(Bug.id)).correlate(Bug)
    own = (col(Link.bug_id) == col(Bug.id)) & col(Bug.duplicate_of_id).is_(None)
    theirs = or_(own, col(Link.bug_id).in_(through))
    highest = func.max(col(Link.importance))
    return _linked(theirs, what=highest).correlate(Bug).scalar_subquery()


def _linked(*conditions: Any, what: Any = None, state: LinkState = LinkState.confirmed) -> Any:
    return (
        rows_of(col(Link.id) if what is None else what)
        .select_from(Link)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .where(col(Link.state) == state, col(Ticket.status) != TicketStatus.deleted, *conditions)
    )
