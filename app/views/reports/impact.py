"""What the sprint did for customers, on one sheet."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.core import impact as core
from app.core.bands import arr_band
from app.core.impact import (
    Figures,
    ItemFact,
    Promise,
    TeamFigures,
)
from app.core.ranking import waiting_days
from app.core.sentences import counted
from app.core.tables import csv_text
from app.core.vocabulary import LEFT, RESOLVED, WAITING
from app.db.queries import progress, rankings, sprints
from app.views.boards import find_sprint
from app.views.reports.impact_facts import Facts, gather, story
from app.views.reports.impact_sheet import FixLine, Impact, TeamLine
from app.views.reports.leftovers import leftovers
from app.views.shell import head
from app.views.strip import burnup

__all__ = ["COLUMNS", "FixLine", "Impact", "every_fix", "fixes_csv", "report"]


SHOWN_FIXES = 5
SHOWN_LEFT = 5


def report(db: Session, slug: str, *, money: bool, at: datetime) -> Impact:
    """Show what a sprint did; `money`: the reader may know exact revenue."""
    sprint = find_sprint(db, slug)
    assert sprint.id is not None
    facts = gather(db, sprint)
    figures, oldest = facts.result.figures, facts.result.oldest_promise_kept
    tickets, customers = progress.reach(db, sprint.id)
    fixes, left = fix_lines(facts), leftovers(facts, progress.refusals(db, sprint.id))
    snapshot = rankings.snapshot(db, sprint.snapshot_id) if sprint.snapshot_id else None
    return Impact(
        sprint=head(sprint, today=at.date()),
        headline=_headline(figures),
        meaning=_meaning(figures, oldest),
        scope=figures.scope,
        fixed=figures.fixed,
        reopened=figures.reopened,
        left=figures.left,
        tickets_behind=tickets,
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
        burnup=burnup(story(db, sprint, facts.rows), sprint, at.date()),
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
    return fix_lines(gather(db, find_sprint(db, slug)))


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


def _headline(figures: Figures) -> str:
    return (
        f"{figures.fixed} of {figures.scope} customer bugs fixed, "
        f"{counted(figures.tickets_resolved, 'ticket')} resolved because of it."
    )


def _meaning(figures: Figures, oldest: Promise | None) -> str:
    """A customer may still wait for another bug, so only what has ended is told."""
    if not figures.fixed:
        return "No bug is fixed yet, so nobody's waiting has ended."
    if oldest is None:
        return "No customer had reported what is fixed so far, so nobody's waiting has ended."
    return (
        f"{counted(figures.customers, 'customer')} waited "
        f"{counted(round(figures.customer_days_ended), 'day')} in all for what is fixed now, "
        f"the longest {counted(round(oldest.days), 'day')}."
    )


def _title(rows: Sequence[sprints.BoardRow], bug_id: int) -> str:
    return next(bug.title for item, bug, *_ in rows if item.bug_id == bug_id)


def fix_lines(facts: Facts) -> list[FixLine]:
    """Return every fix of a sprint, the one that ended most waiting first."""
    fixed = {item.bug_id: item for item in facts.items if core.is_fixed(item, facts.window)}
    lines = [_fix(row, fixed[row[0].bug_id], facts) for row in facts.rows if row[0].bug_id in fixed]
    return sorted(lines, key=lambda line: (-line.customer_days, line.bug_id))


def _fix(row: sprints.BoardRow, item: ItemFact, facts: Facts) -> FixLine:
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


def _team(each: TeamFigures, facts: Facts) -> TeamLine:
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
