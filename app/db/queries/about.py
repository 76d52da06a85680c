"""The rows of one person or customer, as plain values."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select as rows_of
from sqlmodel import Session, SQLModel, col

from app.db.models import Activity, Bug, Customer, DeadLetter, Link, Outgoing, Rating, Ticket
from app.db.queries.upsert import chunks, table_of

Rows = list[dict[str, Any]]
OURS = {"id", "source_id", "customer_id", "ticket_id", "bug_id", "stamp", "requester"}
SEALS = {"salt", "digest", "seal", "bugs", "team_id", "sprint_id", "undo"}
HANDLING = {"fence", "locked_until", "attempts", "marker"}


def customers(db: Session, ids: Sequence[int]) -> Rows:
    """Return customers."""
    return _whole(db, Customer, ids)


def tickets(db: Session, ids: Sequence[int]) -> Rows:
    """Return tickets with their text."""
    return _whole(db, Ticket, ids)


def messages(db: Session, ids: Sequence[int]) -> Rows:
    """Return outgoing messages."""
    return _whole(db, Outgoing, ids)


def dead_letters(db: Session, ids: Sequence[int]) -> Rows:
    """Return records that could not be read."""
    return _whole(db, DeadLetter, ids)


def notes(db: Session, ids: Sequence[int]) -> Rows:
    """Return notes of the activity log."""
    return _whole(db, Activity, ids)


def links(db: Session, ticket_ids: Sequence[int]) -> Rows:
    """Return which bugs these tickets are about."""
    named = (col(Ticket.external_id), col(Bug.key), col(Link.state), col(Link.importance))
    found: Rows = []
    for some in chunks(ticket_ids):
        rows = (
            rows_of(*named)
            .join(Bug, col(Bug.id) == col(Link.bug_id))
            .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
            .where(col(Link.ticket_id).in_(some))
            .order_by(col(Link.id))
        )
        for row in db.connection().execute(rows):
            found.append(dict(zip(("ticket", "bug", "state", "importance"), row, strict=True)))
    return found


def ratings(db: Session, ticket_ids: Sequence[int]) -> Rows:
    """Return the answers to satisfaction questions about these tickets."""
    found: Rows = []
    for some in chunks(ticket_ids):
        same = (col(Ticket.source_id) == col(Rating.source_id)) & (
            col(Ticket.external_id) == col(Rating.ticket_external_id)
        )
        rows = (
            rows_of(col(Ticket.external_id), col(Rating.score), col(Rating.at))
            .join(Ticket, same)
            .where(col(Ticket.id).in_(some))
            .order_by(col(Rating.id))
        )
        for row in db.connection().execute(rows):
            found.append(dict(zip(("ticket", "score", "at"), row, strict=True)))
    return found


def _whole(db: Session, model: type[SQLModel], ids: Sequence[int]) -> Rows:
    table = table_of(model)
    columns = [c for c in table.c if c.name not in OURS | SEALS | HANDLING]
    found: Rows = []
    for some in chunks(ids):
        rows = rows_of(*columns).where(table.c.id.in_(some)).order_by(table.c.id)
        found += [dict(row._mapping) for row in db.connection().execute(rows)]
    return found
