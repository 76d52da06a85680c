"""The ticket inbox: which bug is this ticket about?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field
from sqlmodel import Session

from app.core.errors import Invalid, NotFound
from app.core.references import normal
from app.core.vocabulary import LinkState, TicketStatus
from app.db.models import Customer, Ticket
from app.db.queries import bugs, tickets
from app.views.models import LinkLine, TicketRow
from app.views.rows import ticket_row


class Inbox(BaseModel):
    """Tickets, newest first.  `show`: waiting (no bug yet), suggested, linked, all."""

    rows: list[TicketRow] = Field(serialization_alias="items")
    show: str
    q: str
    status: str
    waiting: int
    suggested: int
    linked: int
    total: int
    matching: int
    next: str | None


WAITING = "waiting"
SHOWN = ("waiting", "suggested", "linked", "all")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are asked for; `after` is the id that the last page ended with."""

    show: str = WAITING
    q: str = ""
    status: str = ""
    after: int | None = None
    limit: int = PAGE


def inbox(db: Session, wanted: Wanted, *, text: bool) -> Inbox:
    """List tickets, newest first; `text`: the reader may see what customers wrote."""
    show = wanted.show or WAITING
    if show not in SHOWN:
        raise Invalid(f"There is no list of tickets “{show}”; known: {', '.join(SHOWN)}.")
    conditions = [*_shown(show), *_narrowed(wanted, text=text)]
    rows = tickets.inbox(db, conditions, before=wanted.after, limit=wanted.limit + 1)
    page = rows[: wanted.limit]
    count = {name: tickets.count_tickets(db, _shown(name)) for name in SHOWN}
    return Inbox(
        rows=_rows(db, page, text=text),
        show=show,
        q=wanted.q,
        status=wanted.status,
        waiting=count["waiting"],
        suggested=count["suggested"],
        linked=count["linked"],
        total=count["all"],
        matching=tickets.count_tickets(db, conditions),
        next=str(page[-1][0].id) if len(rows) > wanted.limit else None,
    )


def _shown(show: str) -> list[Any]:
    alive = tickets.having_status([s for s in TicketStatus if s != TicketStatus.deleted])
    if show == "all":
        return [alive]
    states = {
        "waiting": None,
        "suggested": LinkState.suggested,
        "linked": LinkState.confirmed,
    }
    return [alive, tickets.having_link(states[show])]


def _narrowed(wanted: Wanted, *, text: bool) -> list[Any]:
    conditions = tickets.having_words(wanted.q.split()[:8], in_text=text)
    if wanted.status and wanted.status not in TicketStatus.__members__:
        known = ", ".join(TicketStatus.__members__)
        raise Invalid(f"There is no ticket status “{wanted.status}”; known: {known}.")
    if wanted.status:
        conditions.append(tickets.having_status([TicketStatus(wanted.status)]))
    return conditions


def _rows(
    db: Session, found: Sequence[tuple[Ticket, Customer | None]], *, text: bool
) -> list[TicketRow]:
    names = bugs.source_names(db)
    lines: dict[int, list[LinkLine]] = {}
    for link, bug_id, key, title in tickets.links_of_tickets(db, [t.id or 0 for t, _ in found]):
        line = LinkLine(
            id=link.id or 0,
            bug_id=bug_id,
            key=key,
            title=title,
            state=link.state,
            origin=link.origin,
            importance=link.importance,
        )
        lines.setdefault(link.ticket_id, []).append(line)
    return [
        ticket_row(
            ticket, who, lines.get(ticket.id or 0, []), source=names[ticket.source_id], text=text
        )
        for ticket, who in found
    ]


def bug_meant(db: Session, said: str) -> int:
    """Return the bug that somebody means by an id, key, number or address."""
    name = normal(said)
    found = bugs.bug_named(db, name) if name else []
    if said.strip().isdecimal():
        found = bugs.bug_named(db, f"bug-{said.strip()}") or found
    found = found or bugs.bugs_keyed(db, said.strip())
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(f"“{said}” names {len(found)} bugs; write the whole key or address.")
    raise NotFound(f"No bug is called “{said}”; write its key, number or address.")
