"""Everything that is here of one person or customer, for whoever asks what is kept of them."""

from typing import Any

from sqlmodel import Session

from app.db.queries import about
from app.db.queries.erasing import Found


def about_whom(db: Session, found: Found) -> dict[str, Any]:
    """Return what stands in the rows that were found, without our own numbers."""
    return {
        "customers": about.customers(db, found.customers),
        "tickets": about.tickets(db, found.tickets),
        "links": about.links(db, found.tickets),
        "ratings": about.ratings(db, found.tickets),
        "messages": about.messages(db, found.outgoing),
        "unread_records": about.dead_letters(db, found.dead_letters),
        "activity": about.notes(db, found.notes),
    }
