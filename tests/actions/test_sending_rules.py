"""Conditions that are tested again at sending, and caps that take a second person."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import claims, merging
from app.core.outgoing import PER_WINDOW, UNDO
from app.core.vocabulary import ItemState, LinkState, OutgoingState
from app.db.models import Customer, Link, Outgoing, SprintItem, Ticket
from app.db.queries import outbox as rows
from tests import make
from tests.actions.helpdesk import MINUTE, NOON, HelpDesk, approved, fixed, shipped
from tests.actions.sent import apart, letters, ready, told


@pytest.fixture
def desk():
    with HelpDesk().open() as made:
        yield made


def _reopen(db, bug, _tickets):
    # As a tracker's sync or an older release may do it: without withdrawing what is drafted.
    item = db.exec(select(SprintItem).where(SprintItem.bug_id == bug.id)).one()
    item.state = ItemState.reopened
    db.commit()


def _merge(db, bug, _tickets):
    merging.merge(db, bug.id, make.bug(db, "Another").id, actor="Sam", at=NOON)


def _unlink(db, bug, _tickets):
    for link in db.exec(select(Link).where(Link.bug_id == bug.id)):
        link.state = LinkState.rejected
    db.commit()


def _delete_customer(db, _bug, tickets):
    for ticket in tickets:
        db.get(Customer, ticket.customer_id).deleted = True
    db.commit()


def _other_customer(db, _bug, tickets):
    other = make.customer(db, "Somebody else")
    for ticket in tickets:
        db.get(Ticket, ticket.id).customer_id = other.id
    db.commit()


def _erase(db, _bug, _tickets):
    for letter in db.exec(select(Outgoing)):
        letter.body = ""
    db.commit()


def _release_anew(db, bug, tickets):
    _reopen(db, bug, tickets)
    claims.resolve(db, bug.id, actor="Ana", at=NOON)
    shipped(db.get_bind(), bug.id)


@pytest.mark.parametrize(
    "change, why",
    [
        (_reopen, "not released any more"),
        (_merge, "merged into another"),
        (_unlink, "not about this bug"),
        (_delete_customer, "deleted or was erased"),
        (_other_customer, "another customer"),
        (_erase, "no text"),
        (_release_anew, "released anew"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_changed_since_the_approval_stops_a_message(db, engine, desk, change, why):
    bug, tickets = ready(db, engine, desk)
    old = [each.id for each in letters(db)]
    change(db, bug, tickets)
    db.rollback()
    assert desk.send(engine)["cancelled"] == 2
    assert desk.door.writes() == []
    stopped = [each for each in letters(db) if each.id in old]
    assert all(each.state == "cancelled" and why in each.result for each in stopped)


def test_at_most_fifty_go_out_in_an_hour_unless_a_second_person_agrees(db, engine, desk):
    ready(db, engine, desk, customers=PER_WINDOW + 2)
    gone = [each.id for each in letters(db)][: PER_WINDOW - 2]
    with Session(engine) as own:
        now = desk.clock.now
        rows.change(own, gone, list(OutgoingState), state=OutgoingState.sent, sent_at=now)
        own.commit()
    assert desk.send(engine) == {"sent": 2}
    desk.clock.move(MINUTE)
    assert desk.send(engine) == {}
    held = [each for each in letters(db) if each.state == "approved"]
    assert len(held) == 2
    approved(engine, [held[0].id], by="Ana")
    assert desk.send(engine) == {"sent": 1}
    desk.clock.move(timedelta(hours=1))
    assert desk.send(engine) == {"sent": 1}
    assert told(desk, db)[PER_WINDOW - 2 :] == [1] * 4


def test_a_customer_is_told_one_thing_a_day_unless_a_second_person_agrees(db, engine, desk):
    source = desk.source(db, "told")
    first, (ticket,) = fixed(db, desk, source, 1)
    others = [make.bug(db, f"Another {n}") for n in range(2)]
    for other in others:
        make.item(db, make.sprint(db), other, state=ItemState.fixed)
        make.link(db, ticket, other)
    apart(db, [first, ticket, *others])
    for bug in (first, *others):
        shipped(engine, bug.id)
    ids = [each.id for each in letters(db)]
    approved(engine, ids)
    desk.clock.move(UNDO)
    assert desk.send(engine) == {"sent": 1}
    approved(engine, ids[1:2], by="Ana")
    assert desk.send(engine) == {"sent": 1}
    assert desk.send(engine) == {}
    desk.clock.now = desk.clock.now.replace(hour=23, minute=59)
    assert desk.send(engine) == {}
    desk.clock.move(MINUTE)
    assert desk.send(engine) == {"sent": 1}
    assert told(desk, db) == [1, 1, 1]
