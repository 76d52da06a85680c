"""What the sprint did for customers, on one sheet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session

from app.core import impact as core
from app.core.bands import arr_band
from app.core.impact import (
    Figures,
    ItemFact,
    NeedFact,
    Promise,
    TeamFigures,
    TicketFact,
    Window,
)
from app.core.progress import Item
from app.core.ranking import waiting_days
from app.core.tables import csv_text
from app.core.vocabulary import LEFT, RESOLVED, WAITING, ItemState
from app.db.models import Sprint
from app.db.queries import progress, rankings, sprints
from app.views.boards import Point, burnup, find_sprint, span
from app.views.rows import STATE_WORDS
from app.views.shell import SprintHead, head

REOPENED = ItemState.reopened.value


class FixLine(BaseModel):
    """One fixed bug: whom it helped and how long they had waited."""

    bug_id: int
    key: str
    title: str
    team: str | None
    fixed_at: datetime
    tickets: int
    customers: int
    arr_band: str
    customer_days: int
    oldest_days: int


class TeamLine(BaseModel):
    """One team, alphabetically: what it fixed and whom that helped."""

    team: str
    assigned: int
    fixed: int
    open: int
    tickets_resolved: int
    customers_helped: int


class Leftover(BaseModel):
    """A bug of the scope that is not fixed, and its state in words."""

    bug_id: int
    key: str
    title: str
    state_word: str
    team: str | None
    customers: int
    why: str


class Impact(BaseModel):
    """The report.  Tickets resolved by a fix and closed without one are never summed.

    `arr_touched` is exact for those who may know it, else None.
    """

    sprint: SprintHead
    headline: str
    meaning: str
    scope: int
    fixed: int
    reopened: int
    left: int
    tickets_by_fix: int
    tickets_without_fix: int
    tickets_waiting: int
    customers_helped: int
    customers_affected: int
    arr_touched: float | None
    arr_band: str
    customer_days: int
    oldest_days: int
    oldest_bug: str | None
    burnup: list[Point]
    fixes: list[FixLine]
    more_fixes: int
    teams: list[TeamLine]
    leftovers: list[Leftover]
    more_leftovers: int
    as_of: datetime
    policy_version: int | None
    data_hash: str | None


SHOWN_FIXES = 12
SHOWN_LEFT = 8


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the report is counted from."""

    rows: Sequence[sprints.BoardRow]
    items: list[ItemFact]
    result: core.Impact
    window: Window
    resolved_per_bug: Counter[int]


def report(db: Session, slug: str, *, money: bool, at: datetime) -> Impact:
    """Show what a sprint did; `money`: the reader may know exact revenue."""
    sprint = find_sprint(db, slug)
    assert sprint.id is not None
    facts = _gather(db, sprint)
    figures, oldest = facts.result.figures, facts.result.oldest_promise_kept
    _, customers = progress.reach(db, sprint.id)
    fixes, left = _fixes(facts), _leftovers(facts)
    snapshot = rankings.snapshot(db, sprint.snapshot_id) if sprint.snapshot_id else None
    return Impact(
        sprint=head(sprint, today=at.date()),
        headline=_headline(figures),
        meaning=_meaning(figures, oldest),
        scope=figures.scope,
        fixed=figures.fixed,
        reopened=figures.reopened,
        left=figures.left,
        tickets_by_fix=figures.tickets_resolved,
        tickets_without_fix=facts.result.tickets_closed_without_fix,
        tickets_waiting=progress.waiting_tickets(db, sprint.id, sorted(WAITING)),
        customers_helped=figures.customers,
        customers_affected=customers,
        arr_touched=figures.arr_cents / 100 if money else None,
        arr_band=arr_band(figures.arr_cents),
        customer_days=round(figures.customer_days_ended),
        oldest_days=round(oldest.days) if oldest else 0,
        oldest_bug=_title(facts.rows, oldest.bug_id) if oldest else None,
        burnup=burnup(_story(db, sprint, facts.rows), sprint, at.date()),
        fixes=fixes[:SHOWN_FIXES],
        more_fixes=max(0, len(fixes) - SHOWN_FIXES),
        teams=[_team(each, facts) for each in facts.result.teams],
        leftovers=left[:SHOWN_LEFT],
        more_leftovers=max(0, len(left) - SHOWN_LEFT),
        as_of=at,
        policy_version=snapshot.policy_id if snapshot else None,
        data_hash=snapshot.data_hash if snapshot else None,
    )


def every_fix(db: Session, slug: str) -> list[FixLine]:
    """Return every fixed bug, for tables that are taken elsewhere."""
    return _fixes(_gather(db, find_sprint(db, slug)))


def fixes_csv(db: Session, slug: str, *, demo: bool = False) -> str:
    """Return every fixed bug as CSV; in the demo each line says that its figures are made up."""
    mark = ["SYNTHETIC"] if demo or find_sprint(db, slug).demo else []
    rows = [[*(_cell(line, name) for name in COLUMNS), *mark] for line in every_fix(db, slug)]
    return csv_text([*COLUMNS, *(["data"] if mark else [])], rows)


def _cell(line: FixLine, name: str) -> object:
    return line.fixed_at.isoformat() if name == "fixed_at" else getattr(line, name)


COLUMNS = (
    "key",
    "title",
    "team",
    "fixed_at",
    "tickets",
    "customers",
    "arr_band",
    "customer_days",
    "oldest_days",
)


def _gather(db: Session, sprint: Sprint) -> _Facts:
    assert sprint.id is not None
    start, end = span(sprint)
    window = Window(start, end)
    rows = sprints.board_rows(db, sprint.id)
    needs: dict[int, list[NeedFact]] = {}
    ids = [row[0].bug_id for row in rows]
    for bug, who, _, first, _, arr, *_ in rankings.need_rows(db, as_of=end, bug_ids=ids):
        needs.setdefault(bug, []).append(NeedFact(who, first, arr))
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
    return _Facts(rows, items, result, window, _per_bug(items, tickets, window))


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


def _story(db: Session, sprint: Sprint, rows: Sequence[sprints.BoardRow]) -> list[Item]:
    changes: dict[int, list[tuple[datetime, ItemState]]] = {}
    for bug, at, verb in progress.state_changes(db, sprint.id or 0):
        state = ItemState.open if verb == "released_claim" else ItemState(verb)
        changes.setdefault(bug, []).append((at, state))
    return [
        Item(item.added_at, item.state, item.resolved_at, changes.get(item.bug_id, ()))
        for item, *_ in rows
    ]


def _headline(figures: Figures) -> str:
    return (
        f"{figures.fixed} of {figures.scope} customer bugs fixed, "
        f"{figures.tickets_resolved:,} tickets resolved because of it."
    )


def _meaning(figures: Figures, oldest: Promise | None) -> str:
    if oldest is None:
        return "No bug is fixed yet, so nobody's waiting has ended."
    return (
        f"{figures.customers:,} customers no longer wait: {figures.customer_days_ended:,.0f} "
        f"customer-days ended, the longest after {oldest.days:,.0f} days."
    )


def _title(rows: Sequence[sprints.BoardRow], bug_id: int) -> str:
    return next(bug.title for item, bug, *_ in rows if item.bug_id == bug_id)


def _fixes(facts: _Facts) -> list[FixLine]:
    fixed = {item.bug_id: item for item in facts.items if core.is_fixed(item, facts.window)}
    lines = [_fix(row, fixed[row[0].bug_id], facts) for row in facts.rows if row[0].bug_id in fixed]
    return sorted(lines, key=lambda line: (-line.customer_days, line.bug_id))


def _fix(row: sprints.BoardRow, item: ItemFact, facts: _Facts) -> FixLine:
    _, bug, score, team, *_ = row
    assert item.resolved_at is not None
    waited = [waiting_days(need.first_report, item.resolved_at) for need in item.needs]
    return FixLine(
        bug_id=item.bug_id,
        key=bug.key,
        title=bug.title,
        team=team,
        fixed_at=item.resolved_at,
        tickets=facts.resolved_per_bug[item.bug_id],
        customers=len(item.needs),
        arr_band=arr_band(score.arr_cents if score else None),
        customer_days=round(sum(waited)),
        oldest_days=round(max(waited, default=0.0)),
    )


def _team(each: TeamFigures, facts: _Facts) -> TeamLine:
    own = [item for item in facts.items if item.team == each.team]
    waiting = [item for item in own if item.state not in RESOLVED and item.state not in LEFT]
    return TeamLine(
        team=each.team or "no team yet",
        assigned=each.figures.scope,
        fixed=each.figures.fixed,
        open=len(waiting),
        tickets_resolved=each.figures.tickets_resolved,
        customers_helped=each.figures.customers,
    )


def _leftovers(facts: _Facts) -> list[Leftover]:
    return [
        Leftover(
            bug_id=item.bug_id,
            key=bug.key,
            title=bug.title,
            state_word=STATE_WORDS[item.state],
            team=team,
            customers=score.customers if score else 0,
            why=item.reasons[0] if item.reasons else "",
        )
        for item, bug, score, team, *_ in facts.rows
        if item.state not in RESOLVED
    ]
