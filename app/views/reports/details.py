"""Behind the impact sheet: how bugs moved through the sprint, and how long customers had waited."""

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

from pydantic import BaseModel
from sqlmodel import Session

from app.core.progress import standing_by_day
from app.core.sentences import counted
from app.core.sprints import days_of
from app.core.vocabulary import ItemState
from app.views.boards import find_sprint
from app.views.reports.impact import fix_lines
from app.views.reports.impact_facts import gather, story
from app.views.shell import SprintHead, head

FEW = 10
"""Of fewer fixes no typical waiting time is told."""


class FlowDay(BaseModel):
    """How many bugs stood where at the end of a day, the end of the way first."""

    day: str
    counts: dict[ItemState, int]


class WaitedFix(BaseModel):
    """A fix, and how long the first of its customers had waited for it."""

    bug_id: int
    title: str
    day: str
    days: int


class WaitChart(BaseModel):
    """Every fix with its wait; half of them, and 85 of 100, waited at most so many days."""

    fixes: list[WaitedFix]
    calendar: list[str]
    p50: int | None
    p85: int | None
    finding: str


class Details(BaseModel):
    """What the sheet has no room for."""

    sprint: SprintHead
    flow: list[FlowDay]
    flow_finding: str
    waits: WaitChart
    as_of: datetime


def details(db: Session, slug: str, *, at: datetime) -> Details:
    """Show the flow of a sprint's bugs, and the waiting that its fixes ended."""
    sprint = find_sprint(db, slug)
    facts = gather(db, sprint)
    days = days_of(sprint.starts_on, min(sprint.ends_on, at.date()))
    flow = [
        FlowDay(day=day.isoformat(), counts=counts)
        for day, counts in standing_by_day(story(db, sprint, facts.rows), days, UTC)
    ]
    fixes = [
        WaitedFix(
            bug_id=line.bug_id,
            title=line.title,
            day=line.fixed_at.astimezone(UTC).date().isoformat(),
            days=line.oldest_days,
        )
        for line in fix_lines(facts)
    ]
    return Details(
        sprint=head(sprint, today=at.date()),
        flow=flow,
        flow_finding=_flow_finding(flow),
        waits=_waits(fixes, [day.isoformat() for day in days]),
        as_of=at,
    )


def share_of(values: Sequence[int], share: float) -> int | None:
    """Return the value below or at which a share of them lies; None for too few of them."""
    if len(values) < FEW:
        return None
    return sorted(values)[ceil(share * len(values)) - 1]


def _waits(fixes: list[WaitedFix], calendar: list[str]) -> WaitChart:
    waited = [each.days for each in fixes]
    p50, p85 = share_of(waited, 0.5), share_of(waited, 0.85)
    if not fixes:
        finding = "No bug is fixed yet, so nobody's waiting has ended."
    elif p50 is None:
        finding = f"{counted(len(fixes), 'fix', 'fixes')}: too few to say what is typical."
    else:
        finding = (
            f"Half of the {len(fixes)} fixes ended a wait of at most {counted(p50, 'day')}, "
            f"85 of 100 one of at most {counted(p85 or 0, 'day')}."
        )
    return WaitChart(fixes=fixes, calendar=calendar, p50=p50, p85=p85, finding=finding)


def _flow_finding(flow: Sequence[FlowDay]) -> str:
    if not flow:
        return "Too early to tell: the sprint has not begun."
    first, last = flow[0].counts, flow[-1].counts
    waiting, before = last[ItemState.open], first[ItemState.open]
    return (
        f"{counted(waiting, 'bug')} open on {flow[-1].day}, {before} on {flow[0].day}; "
        f"{last[ItemState.claimed]} in hand."
    )
