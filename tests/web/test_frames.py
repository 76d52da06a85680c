"""What a frame shows is as of now, whatever its notes tell of."""

import re
from datetime import timedelta

from app.db.queries import activity
from app.web.frames import renderer
from tests.web.conftest import NOON


def row_after(db, sample, clock, at):
    """Note something of a bug that happened then; return the bug's row as it is pushed."""
    seen = activity.latest(db)
    activity.note(
        db, at=at, actor="github", verb="resolved", bug_id=sample.bug, sprint_id=sample.sprint
    )
    db.commit()
    _, frames = renderer(db.get_bind(), clock)(seen)
    return re.search(rb'<tr[^>]* id="bug-\d+".*?</tr>', frames[0].payload, re.DOTALL)[0]


def test_a_note_of_long_ago_takes_no_page_back_in_time(db, sample, clock):
    now = row_after(db, sample, clock, NOON)
    assert row_after(db, sample, clock, NOON - timedelta(days=40)) == now
    clock.now += timedelta(days=40)
    assert row_after(db, sample, clock, NOON) != now
