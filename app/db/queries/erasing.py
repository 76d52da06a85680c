"""Everything that is of one person or one customer: found, and blanked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, SQLModel, col, select

from app.core.vocabulary import CustomerKind, LinkState, OutgoingState, TicketStatus
from app.db.models import (
    Activity,
    Customer,
    DeadLetter,
    Erasure,
    IdempotencyKey,
    Link,
    Mention,
    Outgoing,
    Rating,
    SavedView,
    SignInFailure,
    Source,
    Ticket,
)
from app.db.queries.upsert import chunks

BLANK = "[erased]"
SHORTEST_NAME = 4
"""A shorter name stands in too many notes that are about something else."""
_SHARED, _ALONE = (
    select(lock(7_340_002))
    for lock in (func.pg_advisory_xact_lock_shared, func.pg_advisory_xact_lock)
)
UNSENT = (OutgoingState.draft, OutgoingState.approved)


@dataclass(slots=True)
class Found:
    """The rows of whoever is meant, by table."""

    tickets: list[int] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    dead_letters: list[int] = field(default_factory=list)
    outgoing: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    views: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return any(getattr(self, name) for name in self.__slots__)


def subjects(db: Session) -> frozenset[str]:
    """Return the pseudonyms of everybody who was erased; nobody is erased until we commit."""
    _lock(db, _SHARED)
    return frozenset(db.connection().execute(select(Erasure.subject)).scalars())


def alone(db: Session) -> None:
    """Wait until nobody brings anything in, and keep it so until we commit."""
    _lock(db, _ALONE)


def _lock(db: Session, lock: Any) -> None:
    # SQLite has one writer anyway.
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(lock)


def journal(db: Session) -> Sequence[Erasure]:
    """Return every erasure, oldest first."""
    return db.exec(select(Erasure).order_by(col(Erasure.id))).all()


def write_down(db: Session, kind: str, subject: str, *, by: str, at: datetime) -> bool:
    """Note in the journal that somebody was erased; False when they stand there already."""
    known = select(Erasure.id).where(Erasure.subject == subject)
    if db.exec(known).first() is not None:
        return False
    db.add(Erasure(kind=kind, subject=subject, by=by, at=at))
    db.flush()
    return True


def blank_tickets(db: Session, source_id: int, external_ids: Collection[str]) -> set[str]:
    """Return which of these tickets were erased."""
    found: set[str] = set()
    for some in chunks(sorted(external_ids)):
        rows = select(Ticket.external_id).where(
            Ticket.source_id == source_id,
            col(Ticket.external_id).in_(some),
            Ticket.subject == BLANK,
        )
        found |= set(db.exec(rows))
    return found


def requesters(db: Session, source_id: int, tickets: Sequence[str]) -> dict[str, str | None]:
    """Return whose these tickets are, as far as we have heard."""
    found: dict[str, str | None] = {}
    for some in chunks(tickets):
        rows = select(Ticket.external_id, Ticket.requester).where(
            Ticket.source_id == source_id, col(Ticket.external_id).in_(some)
        )
        found |= dict(db.exec(rows).all())
    return found


def tickets_of(db: Session, requesters: Collection[str], customers: Sequence[int]) -> list[int]:
    """Return the tickets of these requesters (pseudonyms) or customers."""
    asked = col(Ticket.requester).in_(list(requesters)) | col(Ticket.customer_id).in_(customers)
    return _ids(db, select(Ticket.id).where(asked))


def tickets_with(db: Session, words: Sequence[str]) -> list[int]:
    """Return the tickets whose subject or text has one of these words."""
    places = (Ticket.subject, Ticket.text)
    return _ids(db, select(Ticket.id).where(_has(places, words))) if words else []


def customers_called(db: Session, names: Collection[str]) -> Sequence[Customer]:
    """Return the customers with one of these external ids or names."""
    called = col(Customer.external_id).in_(names) | col(Customer.name).in_(names)
    return db.exec(select(Customer).where(called)).all()


def customers_by_id(db: Session, ids: Sequence[int]) -> Sequence[Customer]:
    """Return customers by id."""
    return db.exec(select(Customer).where(col(Customer.id).in_(ids))).all()


def names_of(db: Session, ids: Sequence[int]) -> list[str]:
    """Return the names of organisations that tell them from others."""
    telling = (Customer.kind != CustomerKind.requester, func.length(Customer.name) >= SHORTEST_NAME)
    return list(db.exec(select(Customer.name).where(col(Customer.id).in_(ids), *telling)))


def every_customer(db: Session) -> Sequence[tuple[int, int, str]]:
    """Return every customer's id, source and external id."""
    rows = db.exec(select(Customer.id, Customer.source_id, Customer.external_id))
    return [(number or 0, source, name) for number, source, name in rows]


def dead_letters_with(
    db: Session, sources: Collection[int], words: Sequence[str]
) -> Sequence[DeadLetter]:
    """Return these sources' unread records in which one of these words stands, whole or not."""
    if not words:
        return []
    theirs = select(DeadLetter).where(col(DeadLetter.source_id).in_(list(sources)))
    return db.exec(theirs.where(_has((DeadLetter.payload,), words))).all()


def every_dead_letter(db: Session) -> Sequence[DeadLetter]:
    """Return every unread record."""
    return db.exec(select(DeadLetter)).all()


def dead_letters_about(
    db: Session, sources: Collection[int], tickets: Collection[str]
) -> list[int]:
    """Return these sources' unread records that are versions of these tickets."""
    found: list[int] = []
    theirs = col(DeadLetter.source_id).in_(list(sources))
    for some in chunks(sorted(tickets)):
        about = col(DeadLetter.external_id).in_(some)
        found += _ids(db, select(DeadLetter.id).where(theirs, about))
    return found


def messages_of(
    db: Session, tickets: Sequence[int], customers: Sequence[int], words: Sequence[str]
) -> list[int]:
    """Return messages about these tickets or to these customers, or that have these words."""
    found = set(_among(db, Outgoing, Outgoing.ticket_id, tickets))
    found |= set(_among(db, Outgoing, Outgoing.customer_id, customers))
    if words:
        places = (Outgoing.body, Outgoing.target)
        found |= set(_ids(db, select(Outgoing.id).where(_has(places, words))))
    return sorted(found)


def notes_of(db: Session, tickets: Sequence[int], words: Sequence[str]) -> list[int]:
    """Return the notes about these tickets, or that have these words."""
    found = set(_among(db, Activity, Activity.ticket_id, tickets))
    if words:
        found |= set(_ids(db, select(Activity.id).where(_has((Activity.detail,), words))))
    return sorted(found)


def failures_of(db: Session, words: Sequence[str]) -> list[int]:
    """Return refused sign-ins that name one of these."""
    if not words:
        return []
    return _ids(db, select(SignInFailure.id).where(_has((SignInFailure.subject,), words)))


def answers_with(
    db: Session, words: Sequence[str], asked_by: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Return kept answers that have one of these words, or that were given to one of these."""
    kept = col(IdempotencyKey.who), col(IdempotencyKey.key)
    said = [*words, *{msgspec.json.encode(w)[1:-1].decode() for w in words}]
    about = col(IdempotencyKey.who).in_(asked_by)
    if words:
        about |= _has((IdempotencyKey.body,), said)
    return [(who, key) for who, key in db.exec(select(*kept).where(about))]


def views_with(db: Session, words: Sequence[str]) -> list[int]:
    """Return the saved views whose name or filter has one of these words."""
    if not words:
        return []
    return _ids(db, select(SavedView.id).where(_has((SavedView.name, SavedView.query), words)))


def count_unasked(db: Session) -> int:
    """Count the tickets of which we do not know who asked, because they were read long ago."""
    unknown = select(func.count(col(Ticket.id))).where(
        col(Ticket.requester).is_(None),
        Ticket.subject != BLANK,
        Ticket.status != TicketStatus.deleted,  # a deleted one has no requester any more
    )
    return db.exec(unknown).one()


def blank(db: Session, found: Found) -> None:
    """Take out of these rows whatever says something of a person."""
    for some in chunks(found.tickets):
        _blank_tickets(db, some)
    for some in chunks(found.dead_letters):
        gone = update(DeadLetter).where(col(DeadLetter.id).in_(some))
        db.exec(gone.values(payload=BLANK, reason=BLANK, external_id=None))
    for some in chunks(found.outgoing):
        mine = col(Outgoing.id).in_(some)
        db.exec(update(Outgoing).where(mine).values(body=BLANK, target=BLANK, result=""))
        unsent = mine & col(Outgoing.state).in_(UNSENT)
        db.exec(update(Outgoing).where(unsent).values(state=OutgoingState.cancelled))
    for some in chunks(found.notes):
        old = update(Activity).where(col(Activity.id).in_(some))
        db.exec(old.values(detail=BLANK, salt="", erased=True, undo=None))
    for some in chunks(found.failures):
        db.exec(delete(SignInFailure).where(col(SignInFailure.id).in_(some)))
    for who, key in found.answers:
        # The key stays, so that what was done is not done again when it is asked for again.
        this = (col(IdempotencyKey.who) == who, col(IdempotencyKey.key) == key)
        db.exec(update(IdempotencyKey).where(*this).values(body="", media_type=""))
    for some in chunks(found.views):
        db.exec(delete(SavedView).where(col(SavedView.id).in_(some)))
    db.expire_all()


def _blank_tickets(db: Session, ids: Sequence[int]) -> None:
    mine = col(Ticket.id).in_(ids)
    numbers = select(Ticket.external_id).where(mine)
    of = select(Ticket.source_id).where(mine)
    rated = col(Rating.ticket_external_id).in_(numbers) & col(Rating.source_id).in_(of)
    db.exec(delete(Rating).where(rated))
    db.exec(delete(Mention).where(col(Mention.ticket_id).in_(ids)))
    guessed = col(Link.ticket_id).in_(ids) & (col(Link.state) == LinkState.suggested)
    db.exec(delete(Link).where(guessed))
    nothing: dict[str, Any] = {"url": None, "requester": None, "csat": None, "csat_system": None}
    empty: dict[str, Any] = {"subject": BLANK, "text": "", "tags": [], "own_tags": []}
    db.exec(update(Ticket).where(mine).values(**nothing, **empty))


def blank_customer(db: Session, customer_id: int, external_id: str) -> None:
    """Leave of a customer only that there was one."""
    nothing: dict[str, Any] = {"tier": None, "arr_cents": None, "renewal_on": None, "domains": []}
    db.exec(
        update(Customer)
        .where(col(Customer.id) == customer_id)
        .values(name="Erased customer", external_id=external_id, deleted=True, **nothing)
    )


def ticket_sources(db: Session) -> Sequence[Source]:
    """Return every source, removed ones included: what was read from them is still here."""
    return db.exec(select(Source).order_by(col(Source.id))).all()


def _has(places: Sequence[Any], words: Sequence[str]) -> Any:
    return or_(*(col(place).icontains(w, autoescape=True) for place in places for w in words))


def _among(db: Session, model: type[SQLModel], column: Any, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    key: Any = model.id  # type: ignore[attr-defined]
    for some in chunks(ids):
        found += _ids(db, select(key).where(col(column).in_(some)))
    return found


def _ids(db: Session, statement: Any) -> list[int]:
    return sorted(number for number in db.exec(statement) if number is not None)
