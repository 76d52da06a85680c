"""What has been kept long enough, and is let go."""

from datetime import datetime
from typing import Any

from sqlalchemy import Delete, Update, delete, func, update
from sqlmodel import Session, col, select

from app.core.vocabulary import Phase, TicketStatus
from app.db.models import DeadLetter, HookDelivery, Sprint, Ticket
from app.db.queries.erasing import BLANK

DONE = (TicketStatus.solved, TicketStatus.closed, TicketStatus.deleted)


def close_before(db: Session, before: datetime) -> datetime | None:
    """Return when the latest sprint was closed that was closed before an instant."""
    closed = select(func.max(Sprint.closed_at)).where(
        Sprint.phase == Phase.close, col(Sprint.closed_at) <= before
    )
    return db.exec(closed).one()


def drop_texts(db: Session, before: datetime) -> int:
    """Forget the text of tickets that were done with before an instant."""
    old = (
        col(Ticket.text) != "",
        col(Ticket.status).in_(DONE),
        col(Ticket.updated_at) <= before,
    )
    return _count(db, update(Ticket).where(*old).values(text=""))


def blank_letters(db: Session, before: datetime) -> int:
    """Forget what stood in records that nobody could read, and keep the reasons."""
    old = (col(DeadLetter.at) <= before) & (col(DeadLetter.payload) != BLANK)
    return _count(db, update(DeadLetter).where(old).values(payload=BLANK))


def drop_deliveries(db: Session, before: datetime) -> int:
    """Forget the numbers of webhook deliveries."""
    return _count(db, delete(HookDelivery).where(col(HookDelivery.at) < before))


def _count(db: Session, statement: Update | Delete) -> int:
    done: Any = db.connection().execute(statement)
    return int(done.rowcount)
