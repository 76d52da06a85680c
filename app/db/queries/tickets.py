"""Tickets: kept in bulk, listed and changed one by one."""

from collections.abc import Collection, Mapping, Sequence
from json import dumps
from typing import Any

from sqlalchemy import Text, cast, func, or_, update
from sqlalchemy import select as rows_of
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.core.vocabulary import LinkState, TicketStatus
from app.db.models import Bug, Customer, Link, Mention, Rating, Ticket
from app.db.queries.among import rows_among
from app.db.queries.links import NAMED_ON_TICKET
from app.db.queries.upsert import Columns, chunks, upsert, upsert_columns

KEYS = ("source_id", "external_id")


def keep_tickets(db: Session, columns: Columns) -> None:
    """Insert tickets or refresh the ones we have; an older version changes nothing."""
    upsert_columns(db, Ticket, columns, keys=KEYS, newer="stamp")


def keep_ratings(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert answered satisfaction questions, once each."""
    upsert(db, Rating, rows, keys=("source_id", "system", "external_id"))


def ticket_ids(db: Session, source_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """Return our ids of a source's tickets."""
    return {key: number for key, number, _ in _versions(db, source_id, external_ids)}


def current_ids(db: Session, source_id: int, stamps: Mapping[str, int]) -> dict[str, int]:
    """Return our ids of those tickets of which we have just this version, not a newer one."""
    found = _versions(db, source_id, stamps)
    return {key: number for key, number, stamp in found if stamps[key] == stamp}


def _versions(db: Session, source_id: int, external_ids: Collection[str]) -> list[Any]:
    columns = ("external_id", "id", "stamp")
    return rows_among(db, Ticket, columns, external_ids, source_id=source_id)


def any_named(db: Session, ids: Sequence[int]) -> bool:
    """Say whether fields or tags of any of these tickets named a bug when last read."""
    for some in chunks(ids):
        named = select(Mention.ticket_id).where(
            col(Mention.ticket_id).in_(some), col(Mention.origin).in_(NAMED_ON_TICKET)
        )
        if db.exec(named.limit(1)).first() is not None:
            return True
    return False


def bugs_of_tickets(db: Session, ids: Sequence[int]) -> list[int]:
    """Return the bugs to which these tickets are linked."""
    found: set[int] = set()
    for some in chunks(ids):
        found |= set(db.exec(select(Link.bug_id).where(col(Link.ticket_id).in_(some))))
    return sorted(found)


def ticket(db: Session, ticket_id: int) -> Ticket | None:
    """Return one ticket."""
    return db.get(Ticket, ticket_id)


def inbox(
    db: Session, conditions: Sequence[Any], *, before: int | None, limit: int
) -> Sequence[tuple[Ticket, Customer | None]]:
    """Return tickets, newest id first, with their customers."""
    found = select(Ticket, Customer).outerjoin(
        Customer, col(Customer.id) == col(Ticket.customer_id)
    )
    if before is not None:
        found = found.where(col(Ticket.id) < before)
    rows = db.exec(found.where(*conditions).order_by(col(Ticket.id).desc()).limit(limit))
    return [(ticket, customer) for ticket, customer in rows]


def count_tickets(db: Session, conditions: Sequence[Any]) -> int:
    """Count the tickets that match."""
    return db.exec(select(func.count(col(Ticket.id))).where(*conditions)).one()


def having_status(statuses: Collection[TicketStatus]) -> Any:
    """Tickets in one of these states."""
    return col(Ticket.status).in_(statuses)


def having_link(state: LinkState | None) -> Any:
    """Tickets with a link in this state; None: with no link that a person has not rejected."""
    linked = select(Link.id).where(Link.ticket_id == Ticket.id)
    if state is None:
        return ~linked.where(Link.state != LinkState.rejected).exists()
    return linked.where(Link.state == state).exists()


def having_words(words: Sequence[str], *, in_text: bool) -> list[Any]:
    """Tickets that have every word: in the subject (in the text, for those who may read it), as
    a tag, in the customer's name, as the number, or as the key of a bug they are linked to.
    """
    found = []
    for word in words:
        places = [
            col(Ticket.external_id) == word,
            col(Ticket.subject).icontains(word, autoescape=True),
            _tagged(Ticket.tags, word),
            _tagged(Ticket.own_tags, word),
            _of_customer(word),
            _about(word),
        ]
        if in_text:
            places.append(col(Ticket.text).icontains(word, autoescape=True))
        found.append(or_(*places))
    return found


def _tagged(tags: Any, word: str) -> Any:
    whole = dumps(word, ensure_ascii=False)
    return cast(col(tags), Text).icontains(whole, autoescape=True)


def _of_customer(word: str) -> Any:
    who = aliased(Customer)
    named = col(who.name).icontains(word, autoescape=True)
    return col(Ticket.customer_id).in_(rows_of(col(who.id)).where(named))


def _about(word: str) -> Any:
    bug, root = aliased(Bug), aliased(Bug)
    key = word.lower()
    linked = (
        rows_of(col(Link.id))
        .join(bug, col(bug.id) == col(Link.bug_id))
        .outerjoin(root, col(root.id) == col(bug.duplicate_of_id))
        .where(
            col(Link.ticket_id) == col(Ticket.id),
            col(Link.state) != LinkState.rejected,
            or_(func.lower(col(bug.key)) == key, func.lower(col(root.key)) == key),
        )
    )
    return linked.correlate(Ticket).exists()


def set_own_tags(db: Session, ticket_id: int, tags: list[str]) -> None:
    """Store the tags that were given here; the source's own stay as they are."""
    db.exec(update(Ticket).where(col(Ticket.id) == ticket_id).values(own_tags=tags))


def tickets_by_id(db: Session, ids: Sequence[int]) -> Sequence[Ticket]:
    """Return tickets by id, in the order of the ids."""
    found: list[Ticket] = []
    for some in chunks(sorted(ids)):
        found += db.exec(select(Ticket).where(col(Ticket.id).in_(some)).order_by(col(Ticket.id)))
    return found


def tickets_of_bug(
    db: Session, bug_ids: Sequence[int], *, limit: int
) -> Sequence[tuple[Link, Ticket, Customer | None]]:
    """Return a bug group's links that nobody rejected, newest ticket first."""
    found = (
        select(Link, Ticket, Customer)
        .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
        .outerjoin(Customer, col(Customer.id) == col(Ticket.customer_id))
        .where(col(Link.bug_id).in_(bug_ids), Link.state != LinkState.rejected)
        .order_by(col(Ticket.created_at).desc(), col(Ticket.id).desc())
        .limit(limit)
    )
    return [(link, ticket, customer) for link, ticket, customer in db.exec(found)]


def count_of_bug(db: Session, bug_ids: Sequence[int]) -> int:
    """Count a bug group's links that nobody rejected."""
    wanted = rows_of(func.count(col(Link.id))).where(
        col(Link.bug_id).in_(bug_ids), col(Link.state) != LinkState.rejected
    )
    return int(db.connection().execute(wanted).scalar_one())


def links_of_tickets(db: Session, ids: Sequence[int]) -> Sequence[tuple[Link, int, str, str]]:
    """Return the links of tickets nobody rejected: link, bug id, its key and title."""
    rows: list[tuple[Link, int, str, str]] = []
    for some in chunks(ids):
        found = (
            select(Link, Bug.id, Bug.key, Bug.title)
            .join(Bug, col(Bug.id) == col(Link.bug_id))
            .where(col(Link.ticket_id).in_(some), Link.state != LinkState.rejected)
            .order_by(col(Link.id))
        )
        rows += [(link, bug_id or 0, key, title) for link, bug_id, key, title in db.exec(found)]
    return rows
