"""What a sprint's report is counted from: its items, their needs, and the tickets solved in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.core import impact as core
from app.core.impact import ItemFact, NeedFact, TicketFact, Window
from app.core.progress import Item
from app.core.vocabulary import ItemState
from app.db.models import Sprint
from app.db.queries import progress, sprints, stakes
from app.views.strip import span

REOPENED = ItemState.reopened.value


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report is counted from."""

    rows: Sequence[sprints.BoardRow]
    items: list[ItemFact]
    result: core.Impact
    window: Window
    resolved_per_bug: Counter[int]


def gather(db: Session, sprint: Sprint) -> Facts:
    """Return everything a sprint can show for itself."""
    assert sprint.id is not None
    start, end = span(sprint)
    window = Window(start, end)
    rows = sprints.board_rows(db, sprint.id)
    needs = {
        bug.bug_id: [NeedFact(n.customer_id, n.first_report, n.arr_cents) for n in bug.needs]
        for bug in stakes.bug_needs(db, as_of=end, bug_ids=[row[0].bug_id for row in rows])
    }
    reopened = Counter(
        bug for bug, _, verb in progress.state_changes(db, sprint.id) if verb == REOPENED
    )
    items = [
        ItemFact(
            bug_id=item.bug_id,
            state=item.state,
            needs=needs.get(item.bug_id, ()),
            team=team,
            resolved_at=item.resolved_at,
            reopened=reopened[item.bug_id],
        )
        for item, _, _, team, *_ in rows
    ]
    tickets = [TicketFact(*row) for row in progress.solved_tickets(db, start, end)]
    result = core.impact(items, tickets, window)
    return Facts(rows, items, result, window, _per_bug(items, tickets, window))


def _per_bug(
    items: Sequence[ItemFact], tickets: Sequence[TicketFact], window: Window
) -> Counter[int]:
    fixed = {item.bug_id: item.resolved_at for item in items if core.is_fixed(item, window)}
    return Counter(
        ticket.bug_id
        for ticket in tickets
        if ticket.bug_id in fixed
        and ticket.solved_at is not None
        and (done := fixed[ticket.bug_id]) is not None
        and ticket.solved_at >= done
    )


def story(db: Session, sprint: Sprint, rows: Sequence[sprints.BoardRow]) -> list[Item]:
    """Return what happened to each item, state by state."""
    changes: dict[int, list[tuple[datetime, ItemState]]] = {}
    for bug, at, verb in progress.state_changes(db, sprint.id or 0):
        state = ItemState.open if verb == "released_claim" else ItemState(verb)
        changes.setdefault(bug, []).append((at, state))
    return [
        Item(item.added_at, item.state, item.resolved_at, changes.get(item.bug_id, ()))
        for item, *_ in rows
    ]
