"""The figures above a board: counted by the database, kept until a change, true at each."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.actions import claims, loop, outbox
from app.core.progress import Item, burn_up
from app.core.progress import header as glance
from app.core.sprints import days_of
from app.core.vocabulary import RESOLVED, ItemState, TicketStatus
from app.db.engine import read_only
from app.db.models import Bug, Outgoing, PlanMark, Sprint
from app.db.queries import progress, sprints
from app.views.strip import header
from tests import make

NOW = make.DAWN + timedelta(days=8, hours=5)
LATE = timedelta(hours=14, minutes=59)  # the last minute of the day in UTC


@pytest.fixture
def strip(engine):
    """Read the header as a page does."""

    def read(sprint_id, at=NOW):
        with Session(read_only(engine)) as db:
            return header(db, db.get(Sprint, sprint_id), at=at)

    return read


@pytest.fixture
def sprint(db):
    """A sprint with two bugs in every state, added and fixed on several days."""
    made = make.sprint(db)
    for number, state in enumerate([*ItemState, *ItemState]):
        done = make.DAWN + timedelta(days=number % 6) + LATE if state in RESOLVED else None
        who = "Ana" if state == ItemState.claimed else None
        added = make.DAWN - timedelta(days=number % 3) + LATE
        about = {"state": state, "resolved_at": done, "claimed_by": who, "added_at": added}
        make.item(db, made, make.bug(db, f"Bug {number}"), **about)
    make.ranked(db)
    make.ranked(db)
    return made.id


def bug_in(db, sprint, state):
    return next(each.bug_id for each in sprints.items(db, sprint) if each.state == state)


def test_counting_in_the_database_says_what_every_item_says(db, strip, sprint):
    facts = [Item(added, state, done) for state, added, done in progress.item_states(db, sprint)]
    days = days_of(db.get(Sprint, sprint).starts_on, NOW.date())
    points = burn_up(facts, days, make.DAWN.tzinfo)
    db.rollback()
    whole, found = glance(facts), strip(sprint)
    assert found.scope == whole.scope == 16
    assert (found.fixed, found.released, found.claimed) == (8, 6, 2)
    assert (found.open, found.left, found.reopened) == (whole.waiting, whole.left, 2)
    shown = [(p.day, p.scope, p.fixed) for p in found.burnup]
    assert shown == [(p.on.isoformat(), p.scope, p.resolved) for p in points]
    assert 8 <= found.forecast.low <= found.forecast.high <= 16


def test_a_bug_that_waits_for_something_is_blocked_until_it_has_ended(db, strip, sprint):
    for state in (ItemState.open, ItemState.fixed, ItemState.declined):
        mark = {"bug_id": bug_in(db, sprint, state), "blocked_by": "the new API", "by": "Ana"}
        db.add(PlanMark(sprint_id=sprint, at=NOW, **mark))
    db.commit()
    assert strip(sprint).blocked == 1


def test_a_customer_counts_as_told_while_the_release_they_were_told_of_stands(db, strip, sprint):
    bug = bug_in(db, sprint, ItemState.fixed)
    ticket = make.ticket(db, on=db.get(Bug, bug), status=TicketStatus.open)
    assert ticket.customer_id
    loop.ship(db, bug, actor="Ana", at=NOW)
    assert strip(sprint).customers_told == 0
    letters = db.exec(select(Outgoing.id)).all()
    outbox.elsewhere(db, letters, actor="Ana", at=NOW)
    assert strip(sprint).customers_told == 1
    claims.reopen(db, bug, actor="Ana", at=NOW)
    assert strip(sprint).customers_told == 0
    claims.resolve(db, bug, actor="Ana", at=NOW)
    loop.ship(db, bug, actor="Ana", at=NOW)
    assert strip(sprint).customers_told == 0


def test_viewers_share_one_count_and_a_change_makes_a_new_one(db, engine, strip, sprint):
    team, asked = make.team(db).id, []
    strip(sprint)
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2].lower()))
    same = [strip(sprint) for _ in range(5)]
    counting = [each for each in asked if "group by" in each]
    assert (counting, same[1:]) == ([], same[:-1])
    claims.claim(db, bug_in(db, sprint, ItemState.open), team_id=team, actor="Ana", at=NOW)
    assert strip(sprint).claimed == 3
    assert [each for each in asked if "group by" in each]
    resolved = [each for each in asked if "ticket.solved_at" in each]
    assert resolved == [], "A claim made the resolved tickets be counted again."


def test_tickets_resolved_follow_a_fix_at_once_and_a_solved_ticket_within_a_minute(
    db, strip, sprint
):
    bug = bug_in(db, sprint, ItemState.claimed)
    ticket = make.ticket(db, on=db.get(Bug, bug), status=TicketStatus.open)
    make.ranked(db)
    assert strip(sprint).tickets_resolved == 0
    ticket.status, ticket.solved_at = TicketStatus.solved, NOW + timedelta(hours=1)
    db.commit()
    claims.resolve(db, bug, actor="Ana", at=NOW)
    assert strip(sprint).tickets_resolved == 1
    ticket.solved_at = None
    db.commit()
    claims.claim(
        db, bug_in(db, sprint, ItemState.open), team_id=make.team(db).id, actor="B", at=NOW
    )
    assert strip(sprint, NOW + timedelta(minutes=1)).tickets_resolved == 0


def test_what_was_read_beside_an_uncommitted_change_is_not_kept(db, engine, strip, sprint):
    team = make.team(db).id
    db.rollback()
    with Session(engine) as own:
        bug = bug_in(own, sprint, ItemState.open)
        own.commit = own.flush
        claims.claim(own, bug, team_id=team, actor="Ana", at=NOW)
        assert header(own, own.get(Sprint, sprint), at=NOW).claimed == 3
        own.rollback()
    claims.resolve(db, bug_in(db, sprint, ItemState.claimed), actor="B", at=NOW)
    assert strip(sprint).claimed == 1
