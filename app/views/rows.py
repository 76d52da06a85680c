"""Board rows and activity lines, the same wherever they are shown."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlmodel import Session

from app.core.bands import arr_band
from app.core.ranking import waiting_days
from app.core.sentences import sentence
from app.core.vocabulary import ItemState
from app.db.models import Activity, Customer, Ticket
from app.db.queries import sprints, teams
from app.views.models import BoardRow, LinkLine, NoteLine, TeamChoice, TicketRow

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


def board_row(
    found: sprints.BoardRow, places: Mapping[int, int], *, top: float, today: datetime
) -> BoardRow:
    """Show one item; `top` is the highest score on its board, `today` the day's first instant."""
    item, bug, score, team, area, source = found
    points = score.score if score else 0.0
    first = score.first_report if score else None
    waiting = int(waiting_days(first, item.resolved_at or today)) if first else 0
    return BoardRow(
        id=bug.id or 0,
        source=source,
        external_id=bug.external_id,
        url=bug.url,
        key=bug.key,
        title=bug.title,
        state=item.state,
        state_word=STATE_WORDS[item.state],
        lane=item.lane,
        team=team,
        team_id=item.team_id,
        area=area,
        severity=bug.severity,
        effort=item.effort,
        frozen_rank=item.frozen_rank,
        live_rank=places.get(bug.id or 0),
        score=points,
        share=min(1.0, points / top) if top else 0.0,
        tickets=score.tickets if score else 0,
        customers=score.customers if score else 0,
        recent_tickets=score.recent_tickets if score else 0,
        arr_band=arr_band(score.arr_cents if score else None),
        first_report=first,
        waiting_days=waiting,
        owner=item.claimed_by,
        claimed_at=item.claimed_at,
        resolved_at=item.resolved_at,
        why=_why(score.customers, score.tickets, waiting) if score else "No customer evidence yet.",
        reasons=list(item.reasons),
        version=item.version,
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
