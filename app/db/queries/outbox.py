"""Outgoing messages, and what has to be known of them.  Nothing here sends anything."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, update
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from app.core.outgoing import WINDOW, Caps, Due, day_of, share
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.models import Bug, Customer, Outgoing, Setting, Source, Ticket
from app.db.queries.upsert import chunks, insert_missing, upsert

OPEN = (OutgoingState.draft, OutgoingState.approved)
UNDER_WAY = (OutgoingState.sending, OutgoingState.uncertain)
REOPENED = "Not sent: the bug was re-opened."


def keep_drafts(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Add messages; who has one of the same kind and cause keeps it as it is."""
    insert_missing(db, Outgoing, rows, keys=())


def draft_row(**about: Any) -> dict[str, Any]:
    """Return the columns of a new draft."""
    row: dict[str, Any] = {
        "kind": OutgoingKind.told,
        "state": OutgoingState.draft,
        "ticket_id": None,
        "target": "",
        "public": False,
        "approved_at": None,
        "approved_by": None,
        "second_approval_by": None,
        "not_before": None,
        "attempts": 0,
        "fence": 0,
        "locked_until": None,
        "sent_at": None,
        "result": "",
    }
    return row | about


def messages(db: Session, ids: Collection[int]) -> Sequence[Outgoing]:
    """Return messages by id."""
    found: list[Outgoing] = []
    for some in chunks(sorted(set(ids))):
        found += db.exec(
            select(Outgoing).where(col(Outgoing.id).in_(some)).order_by(col(Outgoing.id))
        )
    return found


def message(db: Session, number: int) -> Outgoing | None:
    """Return one message."""
    return db.get(Outgoing, number)


def change(
    db: Session, ids: Collection[int], states: Collection[OutgoingState], **values: Any
) -> int:
    """Change messages that are still in one of these states; returns how many were."""
    changed = 0
    for some in chunks(sorted(set(ids))):
        done = db.connection().execute(
            update(Outgoing)
            .where(col(Outgoing.id).in_(some), col(Outgoing.state).in_(states))
            .values(**values)
        )
        changed += done.rowcount
    return changed


def withdraw(db: Session, bug_id: int, why: str) -> None:
    """Cancel what was not sent about a bug yet."""
    db.connection().execute(
        update(Outgoing)
        .where(col(Outgoing.bug_id) == bug_id, col(Outgoing.state).in_(OPEN))
        .values(state=OutgoingState.cancelled, result=why)
    )


def take(
    db: Session, number: int, states: Collection[OutgoingState], *, at: datetime, until: datetime
) -> int | None:
    """Claim a message for sending; None when it is no longer there to be taken, else the fence."""
    free = or_(col(Outgoing.locked_until).is_(None), col(Outgoing.locked_until) <= at)
    early = and_(col(Outgoing.state) == OutgoingState.approved, col(Outgoing.not_before) > at)
    done = db.connection().execute(
        update(Outgoing)
        .where(col(Outgoing.id) == number, col(Outgoing.state).in_(states), free, ~early)
        .values(
            state=OutgoingState.sending,
            fence=Outgoing.fence + 1,
            attempts=Outgoing.attempts + 1,
            locked_until=until,
        )
    )
    if done.rowcount != 1:
        return None
    return db.exec(select(Outgoing.fence).where(Outgoing.id == number)).one()


def record(db: Session, number: int, fence: int, **values: Any) -> bool:
    """Write what became of a message; False when its lease was lost to another sender."""
    done = db.connection().execute(
        update(Outgoing)
        .where(
            col(Outgoing.id) == number,
            col(Outgoing.fence) == fence,
            col(Outgoing.state) == OutgoingState.sending,
        )
        .values(**values)
    )
    return done.rowcount == 1


class Waiting(NamedTuple):
    """An approved message whose time to undo is over; `held`: why it does not go now."""

    letter: Outgoing
    source: Source
    held: str | None


def waiting(db: Session, at: datetime) -> list[Waiting]:
    """Return what would be sent now, oldest first, and what is held back and why."""
    found = db.exec(
        select(Outgoing, Source)
        .join(Source, col(Source.id) == col(Outgoing.source_id))
        .where(Outgoing.state == OutgoingState.approved, col(Outgoing.not_before) <= at)
        .order_by(col(Outgoing.id))
    ).all()
    stopped = {letter.id or 0: _stopped(letter, source, at) for letter, source in found}
    due = [_due(letter) for letter, _ in found if stopped[letter.id or 0] is None]
    caps = Caps(gone_since(db, at - WINDOW), told_since(db, day_of(at)))
    said = stopped | share(due, caps)
    return [Waiting(letter, source, said[letter.id or 0]) for letter, source in found]


def _stopped(letter: Outgoing, source: Source, at: datetime) -> str | None:
    if letter.kind.value not in source.live:
        return f"Shadow mode: messages of this kind are not sent to {source.name}."
    if source.paused:
        return f"{source.name} is paused."
    if letter.locked_until is not None and letter.locked_until > at:
        return letter.result or "It is being sent."
    return None


def _due(letter: Outgoing) -> Due:
    capped = letter.kind is OutgoingKind.told
    return Due(letter.id or 0, letter.customer_id, capped, letter.second_approval_by is not None)


def left_behind(db: Session, at: datetime) -> Sequence[int]:
    """Return messages whose sender died, or whose answer was lost, and that may be looked after."""
    free = or_(col(Outgoing.locked_until).is_(None), col(Outgoing.locked_until) <= at)
    found = select(Outgoing.id).where(col(Outgoing.state).in_(UNDER_WAY), free)
    return [number for number in db.exec(found.order_by(col(Outgoing.id))) if number]


def gone_since(db: Session, since: datetime) -> int:
    """Count messages with a single approval that went out, or may have, since a moment."""
    counted = select(func.count(col(Outgoing.id))).where(
        Outgoing.kind == OutgoingKind.told,
        col(Outgoing.second_approval_by).is_(None),
        or_(
            and_(col(Outgoing.state) == OutgoingState.sent, col(Outgoing.sent_at) > since),
            col(Outgoing.state).in_(UNDER_WAY),
        ),
    )
    return db.exec(counted).one()


def told_since(db: Session, since: datetime) -> set[int]:
    """Return customers who got a message, or may have, since a moment."""
    found = select(Outgoing.customer_id).where(
        Outgoing.kind == OutgoingKind.told,
        or_(
            and_(col(Outgoing.state) == OutgoingState.sent, col(Outgoing.sent_at) >= since),
            col(Outgoing.state).in_(UNDER_WAY),
        ),
    )
    return {who for who in db.exec(found) if who is not None}


class Stand(NamedTuple):
    """What a message hangs on, as it is now; a part that is gone is None."""

    letter: Outgoing
    bug: Bug
    source: Source
    customer: Customer | None
    ticket: Ticket | None


def stand(db: Session, number: int) -> Stand | None:
    """Return a message with everything that decides whether it may go."""
    found: Any = (
        rows_of(Outgoing, Bug, Source, Customer, Ticket)
        .join(Bug, col(Bug.id) == col(Outgoing.bug_id))
        .join(Source, col(Source.id) == col(Outgoing.source_id))
        .outerjoin(Customer, col(Customer.id) == col(Outgoing.customer_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
        .where(col(Outgoing.id) == number)
    )
    row = db.execute(found).first()
    return Stand(*row) if row else None


ShownRow = tuple[Outgoing, Bug, str, str | None, Ticket | None]


def shown(
    db: Session, states: Collection[OutgoingState], *, after: int, limit: int
) -> list[ShownRow]:
    """Return messages in these states by id: with bug, source's name, customer's name, ticket."""
    found: Any = (
        rows_of(Outgoing, Bug, col(Source.name), col(Customer.name), Ticket)
        .join(Bug, col(Bug.id) == col(Outgoing.bug_id))
        .join(Source, col(Source.id) == col(Outgoing.source_id))
        .outerjoin(Customer, col(Customer.id) == col(Outgoing.customer_id))
        .outerjoin(Ticket, col(Ticket.id) == col(Outgoing.ticket_id))
        .where(col(Outgoing.state).in_(states), col(Outgoing.id) > after)
        .order_by(col(Outgoing.id))
        .limit(limit)
    )
    return [tuple(row) for row in db.execute(found)]


def count_states(db: Session) -> Mapping[OutgoingState, int]:
    """Count messages by state."""
    counted = select(Outgoing.state, func.count(col(Outgoing.id))).group_by(col(Outgoing.state))
    return {OutgoingState(state): count for state, count in db.exec(counted)}


WORDS_NAME = "outbox_words"


def words(db: Session) -> str | None:
    """Return the words of new messages, where an administrator wrote any."""
    found = db.get(Setting, WORDS_NAME)
    return str(found.value) if found else None


def keep_words(db: Session, words: str, *, by: str, at: datetime) -> None:
    """Store the words of new messages."""
    row = {"name": WORDS_NAME, "value": words, "by": by, "at": at}
    upsert(db, Setting, [row], keys=("name",))
