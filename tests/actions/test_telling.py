"""A fix that is released leads to one message for each customer, and to nothing else by itself."""

import pytest
from sqlmodel import select

from app.actions import claims, loop, merging, outbox, restoring
from app.core.errors import Conflict, Invalid, NotFound
from app.core.ledger import Standing
from app.core.vocabulary import ItemState, OutgoingKind, OutgoingState, TicketStatus
from app.db.models import Activity, Outgoing, SprintItem
from app.db.queries import telling
from tests import make
from tests.make import DAWN


@pytest.fixture
def desk(db):
    return make.source(db, "zendesk", name="support")


@pytest.fixture
def bug(db, desk):
    """A fixed bug of a sprint under way."""
    made = make.bug(db, "Export hangs")
    make.item(db, make.sprint(db), made, state=ItemState.fixed, resolved_at=DAWN)
    return made


def letters(db):
    db.rollback()
    db.expire_all()
    return db.exec(select(Outgoing).order_by(Outgoing.id)).all()


def item(db, bug):
    db.rollback()
    db.expire_all()
    return db.exec(select(SprintItem).where(SprintItem.bug_id == bug.id)).one()


def ship(db, bug):
    return loop.ship(db, bug.id, actor="Ana", at=DAWN)


def ticket(db, desk, bug, who=None, **more):
    who = who or make.customer(db, source_id=desk.id)
    return make.ticket(db, on=bug, source_id=desk.id, customer_id=who.id, **more)


def test_each_customer_gets_one_draft_to_its_newest_ticket_that_can_be_answered(db, desk, bug):
    acme, other = make.customer(db, "Acme", source_id=desk.id), make.customer(db, "Other")
    ticket(db, desk, bug, acme, external_id="1")
    newer = ticket(db, desk, bug, acme, external_id="2", created_at=DAWN.replace(hour=10))
    closed = {"status": TicketStatus.closed, "created_at": DAWN.replace(hour=11)}
    ticket(db, desk, bug, acme, external_id="3", **closed)
    ticket(db, desk, bug, other, external_id="4", status=TicketStatus.solved)
    assert ship(db, bug) == 2
    first, second = letters(db)
    assert (first.target, first.ticket_id, second.target) == ("2", newer.id, "4")
    assert {first.state, second.state} == {OutgoingState.draft}
    assert first.public
    assert first.body.splitlines()[-1] == f"Reference {first.marker}"
    assert "#2" in first.body
    assert first.transition == second.transition
    assert first.marker != second.marker


def test_a_customer_without_such_a_ticket_is_to_be_told_another_way(db, desk, bug):
    ticket(db, desk, bug, status=TicketStatus.closed)
    ship(db, bug)
    (one,) = letters(db)
    assert (one.ticket_id, one.target, one.public) == (None, "", False)
    assert "another way" in one.result
    assert list(telling.entries(db, bug.id).values()) == [Standing.otherwise]
    with pytest.raises(Conflict, match="another way"):
        outbox.approve(db, [one.id], actor="Sam", at=DAWN)
    outbox.elsewhere(db, [one.id], actor="Sam", at=DAWN)
    assert item(db, bug).state == ItemState.told


def test_only_a_fixed_bug_can_be_released_and_only_once(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    with pytest.raises(Conflict, match="“Export hangs” is released already"):
        ship(db, bug)
    assert len(letters(db)) == 1
    loose, open_one = make.bug(db, "Loose"), make.bug(db, "Open")
    make.item(db, make.sprint(db), open_one)
    with pytest.raises(Conflict, match="no sprint under way"):
        ship(db, loose)
    with pytest.raises(Conflict, match="not fixed yet"):
        ship(db, open_one)
    with pytest.raises(NotFound):
        loop.ship(db, 99_999, actor="Ana", at=DAWN)


def test_the_release_keeps_when_the_bug_was_fixed(db, desk, bug):
    ship(db, bug)
    assert (item(db, bug).state, item(db, bug).resolved_at) == (ItemState.released, DAWN)
    notes = db.exec(select(Activity.verb, Activity.detail).order_by(Activity.id)).all()
    assert notes == [("released", "0 customers to be told")]


def test_a_suggested_link_tells_nobody_and_a_duplicates_customers_are_told_once(db, desk, bug):
    acme = make.customer(db, source_id=desk.id)
    twin = make.bug(db, "Export never ends")
    ticket(db, desk, bug, acme)
    ticket(db, desk, twin, acme)
    ticket(db, desk, twin)
    ticket(db, desk, bug, state="suggested")
    merging.merge(db, twin.id, bug.id, actor="Sam", at=DAWN)
    assert ship(db, bug) == 2
    assert len(letters(db)) == 2
    with pytest.raises(Conflict, match="merged into another bug"):
        ship(db, twin)


def test_reopening_withdraws_what_was_not_sent_and_a_new_release_drafts_anew(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    (one,) = letters(db)
    outbox.approve(db, [one.id], actor="Sam", at=DAWN)
    claims.reopen(db, bug.id, actor="Ana", at=DAWN)
    (one,) = letters(db)
    assert (one.state, one.result) == (OutgoingState.cancelled, "Not sent: the bug was re-opened.")
    assert list(telling.entries(db, bug.id).values()) == [Standing.waiting]
    claims.resolve(db, bug.id, actor="Ana", at=DAWN)
    ship(db, bug)
    assert [each.state for each in letters(db)] == ["cancelled", "draft"]
    assert len({each.marker for each in letters(db)}) == 2
    assert list(telling.entries(db, bug.id).values()) == [Standing.draft]


def test_a_customer_who_comes_later_gets_a_draft_once(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    assert loop.write_missing(db, bug.id, at=DAWN) == 0
    ticket(db, desk, bug)
    assert loop.write_missing(db, bug.id, at=DAWN) == 1
    assert loop.write_missing(db, bug.id, at=DAWN) == 0
    assert len(letters(db)) == 2


def test_who_was_erased_from_a_message_gets_no_other(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    (one,) = letters(db)
    one.customer_id, one.body = None, ""
    db.commit()
    for _ in range(2):
        assert loop.write_missing(db, bug.id, at=DAWN) == 0
    assert len(letters(db)) == 1
    assert db.exec(select(Activity.verb)).all() == ["released"]


def test_approving_is_all_or_nothing_and_a_second_approval_takes_a_second_person(db, desk, bug):
    ticket(db, desk, bug)
    ticket(db, desk, bug)
    ship(db, bug)
    first, second = (each.id for each in letters(db))
    with pytest.raises(NotFound, match=r"There is no message 999\."):
        outbox.approve(db, [first, 999], actor="Sam", at=DAWN)
    with pytest.raises(Invalid, match="Choose between 1 and 500"):
        outbox.approve(db, [], actor="Sam", at=DAWN)
    assert {each.state for each in letters(db)} == {"draft"}
    outbox.approve(db, [first], actor="Sam", at=DAWN)
    with pytest.raises(Conflict, match="a second person has to"):
        outbox.approve(db, [first, second], actor="Sam", at=DAWN)
    assert [each.state for each in letters(db)] == ["approved", "draft"]
    outbox.approve(db, [first, second], actor="Ana", at=DAWN)
    one, other = letters(db)
    assert (one.approved_by, one.second_approval_by) == ("Sam", "Ana")
    assert (other.approved_by, other.second_approval_by) == ("Ana", None)
    with pytest.raises(Conflict, match="both approvals"):
        outbox.approve(db, [first], actor="Eve", at=DAWN)


def test_an_approval_can_be_taken_back_and_a_cancelled_message_too(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    (one,) = letters(db)
    outbox.approve(db, [one.id], actor="Sam", at=DAWN)
    outbox.recall(db, [one.id], actor="Sam", at=DAWN)
    (one,) = letters(db)
    assert (one.state, one.approved_by, one.not_before) == ("draft", None, None)
    outbox.cancel(db, [one.id], actor="Sam", at=DAWN)
    assert letters(db)[0].result == "Cancelled by Sam."
    with pytest.raises(Conflict, match="is cancelled"):
        outbox.approve(db, [one.id], actor="Sam", at=DAWN)
    outbox.recall(db, [one.id], actor="Sam", at=DAWN)
    assert letters(db)[0].state == "draft"


def test_every_decision_leaves_one_note_and_a_refused_one_none(db, desk, bug):
    ticket(db, desk, bug)
    ship(db, bug)
    (one,) = letters(db)
    before = len(db.exec(select(Activity)).all())
    for act in (outbox.approve, outbox.recall, outbox.cancel):
        act(db, [one.id], actor="Sam", at=DAWN)
        with pytest.raises(Conflict):
            act(db, [one.id], actor="Sam", at=DAWN)
        db.rollback()
    assert len(db.exec(select(Activity)).all()) == before + 3


def test_the_words_of_new_messages_can_be_changed_and_old_drafts_stay(db, desk, bug):
    ticket(db, desk, bug, external_id="77")
    ship(db, bug)
    (old,) = letters(db)
    body = old.body
    outbox.set_words(db, "Request #{number} is done.\r\nStill broken?", actor="Adi", at=DAWN)
    other = make.bug(db, "Second")
    make.item(db, make.sprint(db), other, state=ItemState.fixed)
    ticket(db, desk, other, external_id="78")
    ship(db, other)
    kept, new = letters(db)
    assert kept.body == body
    assert new.body == f"Request #78 is done.\nStill broken?\n\nReference {new.marker}"


def test_sending_is_switched_on_by_source_and_kind_and_only_where_one_can_write(db, desk):
    tracker = make.source(db, "github", name="tracker")
    assert desk.live == []
    outbox.set_live(db, "support", OutgoingKind.told, live=True, actor="Adi", at=DAWN)
    assert desk.live == ["told"]
    with pytest.raises(Invalid, match="only read"):
        outbox.set_live(db, "tracker", OutgoingKind.told, live=True, actor="Adi", at=DAWN)
    with pytest.raises(NotFound):
        outbox.set_live(db, "nobody", OutgoingKind.told, live=True, actor="Adi", at=DAWN)
    outbox.set_live(db, "support", OutgoingKind.told, live=False, actor="Adi", at=DAWN)
    assert (desk.live, tracker.live) == ([], [])


def test_a_restored_copy_sends_nothing_until_a_person_switches_it_on_again(db, desk):
    outbox.set_live(db, "support", OutgoingKind.told, live=True, actor="Adi", at=DAWN)
    restoring.settle(db, actor="command", at=DAWN)
    assert (desk.live, desk.paused) == ([], True)
