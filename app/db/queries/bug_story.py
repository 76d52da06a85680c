"""What happened around a bug, as far as its tickets and links tell."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.vocabulary import ItemState, LinkOrigin, TicketStatus
from app.db.models import Activity, Link, Ticket
from app.db.queries.links import confirmed


class Came(NamedTuple):
    """A ticket that counts for a bug: when it came, when and how it was linked, and by whom."""

    created_at: datetime
    linked_at: datetime
    origin: LinkOrigin
    decided_by: str | None


def tickets_that_came(db: Session, bug_ids: Sequence[int]) -> list[Came]:
    """Return the tickets that count for a bug group, the oldest first."""
    found = (
        rows_of(col(Ticket.created_at), col(Link.made_at), col(Link.origin), col(Link.decided_by))
        .select_from(Link)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .where(
            col(Link.bug_id).in_(bug_ids), confirmed(), col(Ticket.status) != TicketStatus.deleted
        )
        .order_by(col(Ticket.created_at), col(Ticket.id))
    )
    return [Came(*row) for row in db.connection().execute(found)]


def released_at(db: Session, bug_id: int) -> datetime | None:
    """Return when a bug's fix was last said to be released."""
    newest = select(func.max(col(Activity.at))).where(
        Activity.bug_id == bug_id, Activity.verb == ItemState.released.value
    )
    return db.exec(newest).one()
