"""Behind the impact sheet: flow and waiting times say what they show, and no more."""

from datetime import timedelta
from itertools import pairwise

from sqlmodel import select

from app.core.vocabulary import ItemState
from app.db.models import SprintItem
from app.views.reports.details import details, share_of
from app.web.charts import flow, scatter
from tests import make
from tests.make import DAWN

DAY = timedelta(days=1)


def sprint_with(db, fixes):
    """A sprint with one bug more than fixes; the n-th fix ended a wait of n days more than 30."""
    bugs = [make.bug(db, f"Bug {number}") for number in range(fixes + 1)]
    made = make.sprint(db, *bugs)
    for number, bug in enumerate(bugs[:-1]):
        done = DAWN + (number % 5) * DAY
        make.ticket(db, on=bug, created_at=done - (30 + number) * DAY)
        item = db.exec(select(SprintItem).where(SprintItem.bug_id == bug.id)).one()
        item.state, item.resolved_at = ItemState.fixed, done
    db.commit()
    return made.slug


def test_the_flow_of_each_day_adds_up_and_ends_as_the_board_stands(db):
    shown = details(db, sprint_with(db, 12), at=DAWN + 5 * DAY)
    assert [sum(day.counts.values()) for day in shown.flow] == [13] * 6
    assert [day.counts[ItemState.fixed] for day in shown.flow] == [3, 6, 8, 10, 12, 12]
    assert shown.flow_finding == "1 bug open on 2026-01-10, 10 on 2026-01-05; 0 in hand."
    chart = flow(shown.flow, width=700, height=200)
    assert [(band.state, band.now) for band in chart.bands if band.now] == [
        ("fixed", 12),
        ("open", 1),
    ]
    heights = [band.label_y for band in chart.bands if band.now]
    assert min(lower - upper for lower, upper in pairwise(heights)) >= 15


def test_half_of_the_waits_and_85_of_100_lie_at_or_below_what_is_said(db):
    waits = details(db, sprint_with(db, 20), at=DAWN + 5 * DAY).waits
    below = [sum(fix.days <= limit for fix in waits.fixes) for limit in (waits.p50, waits.p85)]
    assert below == [10, 17]
    assert waits.finding.startswith(f"Half of the 20 fixes ended a wait of at most {waits.p50}")
    chart = scatter(waits, width=700, height=200)
    assert len(chart.dots) == 20
    assert all(0 <= x <= 700 and 0 <= y <= 200 for x, y in chart.dots)


def test_of_few_fixes_nothing_typical_is_said(db):
    waits = details(db, sprint_with(db, 9), at=DAWN + 5 * DAY).waits
    assert (waits.p50, waits.p85) == (None, None)
    assert waits.finding == "9 fixes: too few to say what is typical."


def test_before_the_first_day_it_is_too_early_to_tell(db):
    shown = details(db, sprint_with(db, 1), at=DAWN - 3 * DAY)
    assert shown.flow_finding == "Too early to tell: the sprint has not begun."


def test_a_share_is_a_value_that_was_seen():
    assert share_of(range(1, 11), 0.5) == 5
    assert share_of(range(1, 11), 0.85) == 9
    assert share_of([7] * 9, 0.5) is None
