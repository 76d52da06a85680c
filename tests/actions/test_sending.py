"""What was approved reaches each customer once, however answers are lost; nothing else goes out."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions import outbox
from app.actions.sending import LATER, LEASE, LOOK_AGAIN, Sender
from app.core.outgoing import UNDO
from app.core.vocabulary import ItemState, OutgoingKind, OutgoingState, TicketStatus
from app.db.models import Activity, Source
from app.db.queries import outbox as rows
from tests import make
from tests.actions.helpdesk import (
    MINUTE,
    NOON,
    SPOILS,
    HelpDesk,
    approved,
)
from tests.actions.sent import letters, ready, state, told


@pytest.fixture
def desk():
    with HelpDesk().open() as made:
        yield made


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


@pytest.mark.parametrize("spoil", ["", "cut", "before"])
def test_tags_are_added_to_those_that_are_there_and_never_replace_them(db, engine, desk, spoil):
    ready(db, engine, desk, "told", "tag", customers=1)
    (one,) = letters(db)
    desk.tickets[int(one.target)].tags = ["theirs"]
    given = {"kind": OutgoingKind.tag, "body": "fix-released seen", "marker": "BSP-TAGS"}
    with Session(engine) as own:
        rows.change(own, [one.id], list(OutgoingState), **given)
        own.commit()
    desk.door.plan.extend([spoil] if spoil else [])
    desk.send(engine)
    desk.clock.move(LOOK_AGAIN)
    desk.send(engine)
    assert letters(db)[0].state == "sent"
    assert set(desk.tickets[int(one.target)].tags) == {"theirs", "fix-released", "seen"}
    assert len(desk.door.writes()) == (2 if spoil == "before" else 1)
