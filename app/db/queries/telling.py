"""Whom a bug affects, whether its fix is released, and who was told of that."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.ledger import Message, Standing, ledger
from app.core.progress import RELEASED
from app.core.vocabulary import ItemState, OutgoingKind, StatusCategory, TicketStatus
from app.db.models import Activity, Bug, Customer, Link, Outgoing, Sprint, SprintItem, Ticket
from app.db.queries.links import confirmed
from app.db.queries.sprints import ALIVE
from app.db.queries.upsert import chunks


class Touched(NamedTuple):
    """A ticket through which a customer is affected by a bug."""

    customer_id: int
    ticket_id: int
    external_id: str
    source_id: int
    status: TicketStatus


def touched(db: Session, bug_id: int) -> list[Touched]:
    """Return the tickets that count for a bug and its duplicates, each customer's newest first."""
    return [Touched(*row[:5]) for row in db.connection().execute(_touched(), {"bug": bug_id})]


@cache
def _touched() -> Any:
    bug: Any = bindparam("bug")
    return (
        rows_of(
            col(Ticket.customer_id),
            col(Ticket.id),
            col(Ticket.external_id),
            col(Ticket.source_id),
            col(Ticket.status),
            col(Ticket.created_at),
        )
        .select_from(Link)
        .join(Bug, col(Bug.id) == col(Link.bug_id))
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .join(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(
            (col(Bug.id) == bug) | (col(Bug.duplicate_of_id) == bug),
            confirmed(),
            col(Ticket.status) != TicketStatus.deleted,
        )
        .distinct()
        .order_by(col(Ticket.customer_id), col(Ticket.created_at).desc(), col(Ticket.id).desc())
    )


def is_released(db: Session, bug_id: int) -> bool:
    """Say whether a bug's fix is with customers now.

    A closed sprint no longer follows its tracker: there the tracker itself has to say so too.
    """
    newest = (
        rows_of(col(SprintItem.state), col(Sprint.phase), col(Bug.status_category))
        .join(Sprint, col(Sprint.id) == col(SprintItem.sprint_id))
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .where(col(SprintItem.bug_id) == bug_id)
        .order_by(col(SprintItem.id).desc())
        .limit(1)
    )
    row = db.connection().execute(newest).first()
    if row is None or row[0] not in RELEASED:
        return False
    return row[1] in ALIVE or row[2] == StatusCategory.done


def release_of(db: Session, bug_id: int) -> str | None:
    """Return the name of a bug's newest release, after the note that tells of it; None: never."""
    newest = select(func.max(col(Activity.id))).where(
        Activity.bug_id == bug_id, Activity.verb == ItemState.released.value
    )
    note = db.exec(newest).one()
    return _name(note) if note else None


def of_release(db: Session, bug_id: int, release: str | None) -> dict[int, Message]:
    """Return each customer's message about one release: its state, and whether it has a ticket."""
    if release is None:
        return {}
    found = rows_of(
        col(Outgoing.customer_id), col(Outgoing.state), col(Outgoing.ticket_id).is_not(None)
    ).where(
        col(Outgoing.bug_id) == bug_id,
        col(Outgoing.kind) == OutgoingKind.told,
        col(Outgoing.transition) == release,
        col(Outgoing.customer_id).is_not(None),
    )
    rows = db.connection().execute(found)
    return {who: (state, bool(ticket)) for who, state, ticket in rows if who}


def entries(db: Session, bug_id: int) -> dict[int, Standing]:
    """Return where each customer of a bug stands: one entry each."""
    customers = {each.customer_id for each in touched(db, bug_id)}
    messages = of_release(db, bug_id, release_of(db, bug_id))
    return ledger(customers, messages, released=is_released(db, bug_id))


def unwritten(db: Session) -> list[int]:
    """Return released bugs of sprints under way with a customer for whom no message is written."""
    short: set[int] = set()
    for some in chunks(_live_released(db)):
        newest = _releases(db, some)
        about = rows_of(col(Outgoing.bug_id), col(Outgoing.customer_id), col(Outgoing.transition))
        told = col(Outgoing.kind) == OutgoingKind.told
        found = db.connection().execute(about.where(col(Outgoing.bug_id).in_(some), told))
        written = {(bug, who) for bug, who, release in found if release == newest.get(bug)}
        short |= {pair[0] for pair in _affected(db, some) - written}
    return sorted(short)


def _live_released(db: Session) -> list[int]:
    found = (
        rows_of(col(SprintItem.bug_id))
        .join(Sprint, col(Sprint.id) == col(SprintItem.sprint_id))
        .join(Bug, col(Bug.id) == col(SprintItem.bug_id))
        .where(
            col(SprintItem.state).in_(RELEASED),
            col(Sprint.phase).in_(ALIVE),
            col(Bug.duplicate_of_id).is_(None),
        )
        .distinct()
        .order_by(col(SprintItem.bug_id))
    )
    return list(db.connection().scalars(found))


def _releases(db: Session, bug_ids: Sequence[int]) -> dict[int, str]:
    newest = (
        rows_of(col(Activity.bug_id), func.max(col(Activity.id)))
        .where(col(Activity.bug_id).in_(bug_ids), col(Activity.verb) == ItemState.released.value)
        .group_by(col(Activity.bug_id))
    )
    rows = db.connection().execute(newest)
    return {bug: _name(note) for bug, note in rows if bug and note}


def _affected(db: Session, bug_ids: Sequence[int]) -> set[tuple[int, int]]:
    root = func.coalesce(col(Bug.duplicate_of_id), col(Bug.id))
    pairs = (
        rows_of(root, col(Ticket.customer_id))
        .select_from(Link)
        .join(Bug, col(Bug.id) == col(Link.bug_id))
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .where(
            col(Bug.id).in_(bug_ids) | col(Bug.duplicate_of_id).in_(bug_ids),
            confirmed(),
            col(Ticket.status) != TicketStatus.deleted,
            col(Ticket.customer_id).is_not(None),
        )
        .distinct()
    )
    return {(bug, who) for bug, who in db.connection().execute(pairs) if who}


def _name(note: int) -> str:
    return f"released-{note}"
