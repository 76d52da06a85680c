"""Board rows and activity lines, the same wherever they are shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from app.core.bands import arr_band
from app.core.ranking import waiting_days
from app.core.sentences import sentence
from app.core.vocabulary import ItemState
from app.db.models import Activity, Customer, Ticket
from app.db.queries import teams
from app.db.queries.lines import Line
from app.views.models import BoardRow, LinkLine, NoteLine, TeamChoice, TicketRow
from app.views.places import live_places, shown_score
from app.views.reach import top_score

STATE_WORDS = {
    ItemState.open: "open",
    ItemState.claimed: "claimed",
    ItemState.fixed: "fixed",
    ItemState.released: "released",
    ItemState.told: "customers told",
    ItemState.confirmed: "confirmed",
    ItemState.reopened: "re-opened",
    ItemState.handed_back: "handed back",
    ItemState.declined: "declined",
    ItemState.duplicate: "duplicate",
    ItemState.wontfix: "closed, no fix",
}
NO_EVIDENCE = "No customer evidence yet."


def board_rows(db: Session, found: Sequence[Line], *, at: datetime) -> list[BoardRow]:
    """Show lines of one board as of one reading."""
    if not found:
        return []
    one, today = found[0], first_instant(at)
    places = live_places(db, one.order)
    top = top_score(db, one.sprint_id, one.items, one.order)
    shown = shown_score(db, one.order)
    top = shown(top)
    return [
        _board_row(each, places, shown(each.score or 0.0), top=top, today=today) for each in found
    ]


def _board_row(
    line: Line, places: Mapping[int, int], points: float, *, top: float, today: datetime
) -> BoardRow:
    """Show one line; `top` is the highest score on its board, `today` the day's first instant."""
    first = line.first_report
    customers, tickets = line.customers or 0, line.tickets or 0
    waiting = int(waiting_days(first, line.resolved_at or today)) if first else 0
    return BoardRow(
        id=line.bug_id,
        source=line.source,
        external_id=line.external_id,
        url=line.url,
        key=line.key,
        title=line.title,
        state=line.state,
        state_word=STATE_WORDS[line.state],
        lane=line.lane,
        team=line.team,
        team_id=line.team_id,
        area=line.area,
        severity=line.severity,
        effort=line.effort,
        frozen_rank=line.frozen_rank,
        live_rank=places.get(line.bug_id),
        score=points,
        share=min(1.0, points / top) if top else 0.0,
        tickets=tickets,
        customers=customers,
        recent_tickets=line.recent_tickets or 0,
        arr_band=arr_band(line.arr_cents),
        first_report=first,
        waiting_days=waiting,
        owner=line.owner,
        claimed_at=line.claimed_at,
        resolved_at=line.resolved_at,
        why=NO_EVIDENCE if line.score is None else _why(customers, tickets, waiting),
        reasons=line.reasons,
        version=line.version,
    )


def _why(customers: int, tickets: int, waiting: int) -> str:
    hurt = f"{customers} customers" if customers != 1 else "One customer"
    asked = f"{tickets} tickets" if tickets != 1 else "one ticket"
    return f"{hurt} with {asked}; the first has waited {waiting} days."


def first_instant(at: datetime) -> datetime:
    """Return the instant for which the list is true all day."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def ticket_row(
    ticket: Ticket,
    customer: Customer | None,
    links: Sequence[LinkLine],
    *,
    source: str,
    text: bool,
) -> TicketRow:
    """Show one ticket; with `text` false, without what the customer wrote."""
    copied = {name: getattr(ticket, name) for name in COPIED}
    return TicketRow(
        **copied,
        id=ticket.id or 0,
        source=source,
        text=ticket.text if text else None,
        customer=customer.name if customer else None,
        tier=customer.tier if customer else None,
        links=list(links),
    )


COPIED = (
    "external_id",
    "url",
    "subject",
    "status",
    "priority",
    "type",
    "tags",
    "own_tags",
    "created_at",
    "updated_at",
    "solved_at",
    "reopens",
    "csat",
)


def note_lines(rows: Sequence[tuple[Activity, str | None]]) -> list[NoteLine]:
    """Show activity as sentences."""
    return [
        NoteLine(
            id=note.id or 0,
            at=note.at,
            actor=note.actor,
            verb=note.verb,
            text=sentence(note.verb, actor=note.actor, thing=title, detail=note.detail),
            bug_id=note.bug_id,
        )
        for note, title in rows
    ]


def team_choices(db: Session) -> list[TeamChoice]:
    """Return the teams, alphabetically."""
    return [TeamChoice(id=t.id or 0, key=t.key, name=t.name) for t in teams.teams(db)]
