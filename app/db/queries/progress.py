"""Counts and facts for headers and reports: of a sprint's items, their tickets and customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col

from app.core.vocabulary import RESOLVED, ItemState, LinkState, TicketStatus
from app.db.models import Activity, Bug, Link, SprintItem, Ticket
from app.db.queries.links import confirmed


def item_states(db: Session, sprint_id: int) -> list[tuple[ItemState, datetime, datetime | None]]:
    """Return state, when it was added and when it was resolved, of each item of a sprint."""
    wanted = rows_of(
        col(SprintItem.state), col(SprintItem.added_at), col(SprintItem.resolved_at)
    ).where(col(SprintItem.sprint_id) == sprint_id)
    return [(state, added, resolved) for state, added, resolved in db.connection().execute(wanted)]


def state_changes(db: Session, sprint_id: int) -> list[tuple[int, datetime, str]]:
    """Return bug, time and verb of every note that changed an item's state, oldest first."""
    wanted = (
        rows_of(col(Activity.bug_id), col(Activity.at), col(Activity.verb))
        .where(
            col(Activity.sprint_id) == sprint_id,
            col(Activity.bug_id).is_not(None),
            col(Activity.verb).in_([state.value for state in ItemState] + ["released_claim"]),
        )
        .order_by(col(Activity.at), col(Activity.id))
    )
    return [(bug or 0, at, verb) for bug, at, verb in db.connection().execute(wanted)]


def refusals(db: Session, sprint_id: int) -> dict[int, tuple[str, str]]:
    """Return who last declined each bug of a sprint or handed it back, and what they said."""
    wanted = (
        rows_of(col(Activity.bug_id), col(Activity.actor), col(Activity.detail))
        .where(
            col(Activity.sprint_id) == sprint_id,
            col(Activity.verb).in_([ItemState.declined.value, ItemState.handed_back.value]),
        )
        .order_by(col(Activity.id))
    )
    return {bug or 0: (actor, detail) for bug, actor, detail in db.connection().execute(wanted)}


def _linked_tickets(sprint_id: int, *columns: Any) -> Any:
    itself = (col(Bug.id) == col(SprintItem.bug_id)) & col(Bug.duplicate_of_id).is_(None)
    return (
        rows_of(*columns)
        .select_from(SprintItem)
        .join(Bug, itself | (col(Bug.duplicate_of_id) == col(SprintItem.bug_id)))
        .join(Link, col(Link.bug_id) == col(Bug.id))
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .where(
            col(SprintItem.sprint_id) == sprint_id,
            confirmed(),
            col(Ticket.status) != TicketStatus.deleted,
        )
    )


def reach(db: Session, sprint_id: int) -> tuple[int, int]:
    """Count the tickets and the customers behind a sprint's bugs."""
    wanted = _linked_tickets(
        sprint_id,
        func.count(func.distinct(col(Ticket.id))),
        func.count(func.distinct(col(Ticket.customer_id))),
    )
    tickets, customers = db.connection().execute(wanted).one()
    return tickets, customers


def tickets_resolved(db: Session, sprint_id: int, start: datetime, end: datetime) -> int:
    """Count tickets solved inside the sprint, at or after the fix of a bug they are linked to."""
    wanted = _linked_tickets(sprint_id, func.count(func.distinct(col(Ticket.id)))).where(
        col(SprintItem.state).in_(RESOLVED),
        col(SprintItem.resolved_at) >= start,
        col(SprintItem.resolved_at) < end,
        col(Ticket.solved_at) >= col(SprintItem.resolved_at),
        col(Ticket.solved_at) < end,
    )
    return int(db.connection().execute(wanted).scalar_one())


def solved_tickets(
    db: Session, start: datetime, end: datetime
) -> list[tuple[int, int | None, datetime]]:
    """Return tickets solved in a span with each bug (its root) they are confirmed for, or None."""
    root = func.coalesce(col(Bug.duplicate_of_id), col(Bug.id))
    wanted = (
        rows_of(col(Ticket.id), root, col(Ticket.solved_at))
        .outerjoin(
            Link,
            (col(Link.ticket_id) == col(Ticket.id)) & (col(Link.state) == LinkState.confirmed),
        )
        .outerjoin(Bug, col(Bug.id) == col(Link.bug_id))
        .where(
            col(Ticket.solved_at) >= start,
            col(Ticket.solved_at) < end,
            col(Ticket.status) != TicketStatus.deleted,
        )
        .order_by(col(Ticket.id))
    )
    found = db.connection().execute(wanted)
    return [(ticket or 0, bug, at) for ticket, bug, at in found if at]


def waiting_tickets(db: Session, sprint_id: int, statuses: Sequence[TicketStatus]) -> int:
    """Count tickets behind a sprint's bugs that are still open."""
    wanted = _linked_tickets(sprint_id, func.count(func.distinct(col(Ticket.id)))).where(
        col(Ticket.status).in_(statuses)
    )
    return int(db.connection().execute(wanted).scalar_one())
