"""What was approved reaches each customer once, however answers are lost; nothing else goes out."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import claims, merging, outbox
from app.actions.sending import LATER, LEASE, LOOK_AGAIN, Sender
from app.core.outgoing import PER_WINDOW, UNDO
from app.core.vocabulary import ItemState, LinkState, OutgoingKind, OutgoingState, TicketStatus
from app.db.models import Activity, Customer, Link, Outgoing, Source, SprintItem, Ticket
from app.db.queries import outbox as rows
from tests import make
from tests.actions.helpdesk import (
    MINUTE,
    NOON,
    SPOILS,
    HelpDesk,
    approved,
    fixed,
    shipped,
)


@pytest.fixture
def desk():
    with HelpDesk().open() as made:
        yield made


def letters(db):
    db.rollback()
    db.expire_all()
    found = db.exec(select(Outgoing).order_by(Outgoing.id)).all()
    return apart(db, found)


def apart(db, rows):
    """The same rows, loaded and of no session, so that they hold no lock."""
    for row in rows:
        db.refresh(row)
    db.expunge_all()
    db.rollback()
    return rows


def ready(db, engine, desk, *live, customers=2, **more):
    """A released bug whose messages are approved and whose time to undo is over."""
    source = desk.source(db, *(live or ("told",)), **more)
    bug, tickets = fixed(db, desk, source, customers)
    apart(db, [bug, *tickets])
    shipped(engine, bug.id)
    approved(engine, [each.id for each in letters(db)])
    desk.clock.move(UNDO)
    return bug, tickets


def told(desk, db):
    """How often each message stands on its ticket."""
    return [len(desk.comments(each.target, each.marker)) for each in letters(db)]


def state(db, bug):
    db.rollback()
    db.expire_all()
    found = db.exec(select(SprintItem.state).where(SprintItem.bug_id == bug.id)).one()
    db.rollback()
    return found


def test_what_was_approved_is_sent_byte_for_byte_and_the_bug_is_told(db, engine, desk):
    bug, _ = ready(db, engine, desk)
    assert desk.send(engine) == {"sent": 2}
    for each in letters(db):
        (comment,) = desk.comments(each.target, each.marker)
        assert (comment.body, comment.public) == (each.body, True)
        assert (each.state, each.sent_at) == ("sent", desk.clock.now)
    assert state(db, bug) == ItemState.told
    verbs = Counter(db.exec(select(Activity.verb)).all())
    assert verbs == {"released": 1, "outbox_approved": 1, "outbox_sent": 2, "told": 1}
    assert desk.send(engine) == {}
    assert told(desk, db) == [1, 1]


def test_nothing_goes_out_before_the_time_to_undo_is_over(db, engine, desk):
    ready(db, engine, desk)
    desk.clock.now = NOON + UNDO - timedelta(seconds=1)
    assert desk.send(engine) == {}
    assert desk.door.seen == []


def test_in_shadow_mode_no_connection_is_opened_at_all(db, engine, desk):
    ready(db, engine, desk, "note")
    assert desk.send(engine) == {}
    assert desk.door.seen == []
    assert {each.state for each in letters(db)} == {"approved"}


def test_a_paused_source_gets_nothing(db, engine, desk):
    ready(db, engine, desk, paused=True)
    assert desk.send(engine) == {}
    assert desk.door.seen == []


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


def test_a_ticket_that_was_closed_or_deleted_meanwhile_fails_and_says_what_to_do(db, engine, desk):
    bug, tickets = ready(db, engine, desk)
    first, second = (desk.tickets[int(each.external_id)] for each in tickets)
    first.status, second.status = "closed", "deleted"
    assert desk.send(engine) == {"failed": 2}
    assert all("another way" in each.result for each in letters(db))
    assert desk.door.writes() == []
    with Session(engine) as own:
        outbox.elsewhere(own, [each.id for each in letters(db)], actor="Sam", at=NOON)
    assert state(db, bug) == ItemState.told


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(db, engine, desk, spoil):
    bug, _ = ready(db, engine, desk, customers=1)
    desk.door.plan.extend([spoil] * 2 if spoil == "busy" else [spoil])
    first = desk.send(engine)
    assert desk.door.done[spoil] >= 1
    arrived = spoil in {"after", "cut"}
    assert told(desk, db) == [1 if arrived else 0]
    assert first == {"approved": 1} if spoil == "busy" else {"uncertain": 1}
    assert desk.send(engine) == {}, "it is left alone for a while"
    desk.clock.move(max(LATER, LOOK_AGAIN))
    writes = len(desk.door.writes())
    assert desk.send(engine) == {"sent": 1}
    assert len(desk.door.writes()) == writes + (0 if arrived else 1)
    assert told(desk, db) == [1]
    assert state(db, bug) == ItemState.told


def test_a_refusal_is_not_tried_again_until_a_person_says_so(db, engine, desk):
    ready(db, engine, desk, customers=1)
    desk.door.plan.append("refuse")
    assert desk.send(engine) == {"failed": 1}
    (one,) = letters(db)
    assert "refused it (422)" in one.result
    desk.clock.move(timedelta(hours=2))
    assert desk.send(engine) == {}
    approved(engine, [one.id], by="Ana", at=desk.clock.now)
    desk.clock.move(UNDO)
    assert desk.send(engine) == {"sent": 1}
    assert told(desk, db) == [1]


def test_a_ticket_that_changed_since_it_was_looked_at_is_looked_at_again(db, engine, desk):
    ready(db, engine, desk, customers=1)
    desk.door.app = _meddling(desk, desk.door.app)
    assert desk.send(engine) == {"sent": 1}
    assert told(desk, db) == [1]
    assert len(desk.door.writes()) == 2


def _meddling(desk, app):
    """Let somebody else change the ticket just before the first write arrives."""
    done = []

    async def meddled(scope, receive, send):
        if scope["method"] == "PUT" and not done:
            done.append(scope["path"])
            desk.clock.move(timedelta(seconds=2))
            ticket = desk.tickets[int(scope["path"].rsplit("/", 1)[1])]
            desk.world.store.touch(ticket, desk.clock.now)
        await app(scope, receive, send)

    return meddled


def test_a_sender_that_lost_its_lease_cannot_write_the_outcome(db, engine, desk):
    ready(db, engine, desk, customers=1)
    (one,) = letters(db)
    with Session(engine) as own:
        old = rows.take(own, one.id, (OutgoingState.approved,), at=NOON + UNDO, until=NOON + UNDO)
        own.commit()
    desk.clock.move(LEASE)
    assert desk.send(engine) == {"sent": 1}
    with Session(engine) as own:
        assert not rows.record(own, one.id, old, state=OutgoingState.failed)
        own.commit()
    assert letters(db)[0].state == "sent"
    assert told(desk, db) == [1]


def test_what_a_dead_sender_left_is_not_touched_while_its_lease_lasts(db, engine, desk):
    ready(db, engine, desk, customers=1)
    (one,) = letters(db)
    now = desk.clock.now
    with Session(engine) as own:
        rows.take(own, one.id, (OutgoingState.approved,), at=now, until=now + LEASE)
        own.commit()
    desk.clock.move(LEASE - MINUTE)
    assert desk.send(engine) == {}
    desk.clock.move(MINUTE)
    assert desk.send(engine) == {"sent": 1}


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


def test_a_customer_who_came_later_is_drafted_by_the_next_run_and_not_sent(db, engine, desk):
    bug, tickets = ready(db, engine, desk, customers=1)
    who = make.customer(db, "Late")
    make.ticket(
        db, on=bug, source_id=tickets[0].source_id, customer_id=who.id, external_id="990",
        status=TicketStatus.open,
    )  # fmt: skip
    db.rollback()
    assert desk.send(engine) == {"sent": 1}
    assert [each.state for each in letters(db)] == ["sent", "draft"]
    assert state(db, bug) == ItemState.released


def test_a_restored_copy_does_not_tell_again(db, engine, desk):
    """The marker is looked for before the first attempt of this database too."""
    ready(db, engine, desk, customers=1)
    (one,) = letters(db)
    desk.world.store.say(
        desk.tickets[int(one.target)], desk.clock.now, by=1, body=one.body, public=True
    )
    assert desk.send(engine) == {"sent": 1}
    assert desk.door.writes() == []
    assert told(desk, db) == [1]


def test_the_sender_asks_for_the_right_to_write_and_nobody_else_does(db, engine, desk):
    ready(db, engine, desk, customers=1)
    desk.send(engine)
    (grant,) = desk.account.tokens._living
    assert grant.scopes == {"read", "tickets:write"}


def test_a_key_that_does_not_open_the_secrets_sends_nothing_and_says_so(db, engine, desk):
    ready(db, engine, desk, customers=1, secrets="gAAAA-not-ours")
    assert desk.send(engine) == {"approved": 1}
    assert "BUGSPRINT_SECRET_KEY" in letters(db)[0].result
    assert desk.door.seen == []


def test_the_kinds_that_are_switched_on_are_asked_again_at_sending(db, engine, desk):
    ready(db, engine, desk, customers=1)
    sender = Sender(desk.connect(engine))
    due = sender._due()
    source = letters(db)[0].source_id
    with Session(engine) as own:
        name = own.get(Source, source).name
        outbox.set_live(own, name, OutgoingKind.told, live=False, actor="Adi", at=NOON)
    with sender.open:
        assert [sender._attempt(*each) for each in due] == ["approved"]
    assert desk.door.writes() == []
