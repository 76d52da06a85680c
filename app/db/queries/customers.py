"""Customers: kept from the source, or made from what a ticket says of its requester."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.core.vocabulary import CustomerKind
from app.db.models import Customer, Link, Ticket
from app.db.queries.among import rows_among
from app.db.queries.upsert import chunks, insert_missing, upsert

KEYS = ("source_id", "external_id")


def keep_customers(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert organisations or refresh the ones we have."""
    upsert(db, Customer, rows, keys=KEYS)


def ensure_customers(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Insert customers that only a ticket told us of; never touch known ones."""
    insert_missing(db, Customer, rows, keys=KEYS)


def customer_ids(db: Session, source_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """Return our ids of a source's customers."""
    columns = ("external_id", "id")
    return dict(rows_among(db, Customer, columns, external_ids, source_id=source_id))


def bugs_of_customers(db: Session, customer_ids: Sequence[int]) -> list[int]:
    """Return the bugs that these customers' tickets are linked to."""
    found: set[int] = set()
    for some in chunks(customer_ids):
        linked = (
            select(Link.bug_id)
            .join(Ticket, col(Ticket.id) == col(Link.ticket_id))
            .where(col(Ticket.customer_id).in_(some))
        )
        found |= set(db.exec(linked))
    return sorted(found)


def any_requester(db: Session) -> bool:
    """Say whether any customer is a requester, known under a pseudonym."""
    one = select(Customer.id).where(Customer.kind == CustomerKind.requester).limit(1)
    return db.exec(one).first() is not None


def page_of_customers(db: Session, *, after: int, limit: int) -> Sequence[Customer]:
    """Return customers by id, for lists that are read to the end."""
    newer = select(Customer).where(col(Customer.id) > after).order_by(col(Customer.id)).limit(limit)
    return db.exec(newer).all()


def facts_of_customers(
    db: Session, source_id: int, external_ids: Collection[str]
) -> dict[str, int | None]:
    """Return the stored ARR of known customers, to see whose weight changes."""
    columns = ("external_id", "arr_cents")
    return dict(rows_among(db, Customer, columns, external_ids, source_id=source_id))


def named(db: Session, ids: Sequence[int]) -> dict[int, Customer]:
    """Return customers by id."""
    found: dict[int, Customer] = {}
    for some in chunks(ids):
        rows = db.exec(select(Customer).where(col(Customer.id).in_(some)))
        found |= {each.id: each for each in rows if each.id}
    return found
