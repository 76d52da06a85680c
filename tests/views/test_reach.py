"""The counts above the board are kept, and never stale."""

import pytest
from sqlalchemy import event

from app.actions import claims, links, merging
from app.db.models import Sprint
from app.views.strip import header
from tests import make


@pytest.fixture
def sprint(db):
    """A sprint with one bug of one ticket, ranked twice, so that the order has a version."""
    bug = make.bug(db)
    made = make.sprint(db, bug)
    make.ticket(db, on=bug)
    make.ranked(db)
    make.ranked(db)
    return made.id, bug.id, make.team(db).id


def counts(db, sprint):
    found = header(db, db.get(Sprint, sprint[0]), at=make.DAWN)
    return found.tickets, found.customers


def test_a_claim_does_not_make_the_tickets_be_counted_again(db, engine, sprint):
    counts(db, sprint)
    claims.claim(db, sprint[1], team_id=sprint[2], actor="Ana", at=make.DAWN)
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert counts(db, sprint) == (1, 1)
    assert not [each for each in asked if "count(distinct(ticket.customer_id))" in each.lower()]


def test_a_new_link_a_merge_and_a_new_bug_are_counted_at_once(db, sprint):
    assert counts(db, sprint) == (1, 1)
    links.link(db, [make.ticket(db).id], sprint[1], actor="Ana", at=make.DAWN)
    assert counts(db, sprint) == (2, 2)
    twin = make.bug(db, "The same")
    make.ticket(db, on=twin)
    merging.merge(db, twin.id, sprint[1], actor="Ana", at=make.DAWN)
    assert counts(db, sprint) == (3, 3)
    other = make.bug(db, "Another")
    links.link(db, [make.ticket(db).id], other.id, actor="Ana", at=make.DAWN)
    claims.claim(db, other.id, team_id=sprint[2], actor="Ana", at=make.DAWN)
    assert counts(db, sprint) == (4, 4)
