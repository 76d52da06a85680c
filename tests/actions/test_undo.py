"""What one did is taken back while it is as one left it; else the page says who changed it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.actions import bulk, claims, links, undo
from app.actions.bulk import Deed, Wish
from app.core import chain
from app.core.errors import AppError, Conflict, NotFound
from app.core.undoing import Whose
from app.core.vocabulary import ItemState, LinkState, Phase
from app.db.models import Activity, Bug, Link, Sprint, SprintItem
from app.views.undo import done, newest_to_undo
from tests import make

AT = make.DAWN
ANA: dict[str, Any] = {"actor": "Ana", "at": AT}
WHOSE = Whose("Ana")
ITEM = ("state", "team_id", "claimed_by", "claimed_at", "resolved_at")


def anything(_bug_id):
    """Let everything be changed."""


@pytest.fixture
def board(db):
    """A sprint with three bugs and two teams; returns their ids."""
    bugs = [make.bug(db, title) for title in ("Export hangs", "Login loops", "Draft is lost")]
    make.sprint(db, *bugs)
    teams = [make.team(db, name).id for name in ("Mail", "Web")]
    return [bug.id for bug in bugs], teams


def item(db, bug_id):
    db.expire_all()
    found = db.exec(select(SprintItem).where(SprintItem.bug_id == bug_id)).one()
    return tuple(getattr(found, name) for name in ITEM)


def newest(db):
    return db.exec(select(Activity).order_by(Activity.id.desc())).first()


def take_back(db, actor="Ana", at=AT, note_id=None):
    notes = undo.action_of(db, note_id or newest_to_undo(db, Whose(actor)), Whose(actor))
    return undo.take_back(db, notes, anything, actor=actor, at=at)


STEPS = {
    "claim": lambda db, bug, team: claims.claim(db, bug, team_id=team, **ANA),
    "release": lambda db, bug, team: claims.release(db, bug, **ANA),
    "resolve": lambda db, bug, team: claims.resolve(db, bug, **ANA),
    "reopen": lambda db, bug, team: claims.reopen(db, bug, **ANA),
    "decline": lambda db, bug, team: claims.decline(db, bug, why="too large", **ANA),
    "assign": lambda db, bug, team: bulk.many(db, Wish(Deed.assign, [bug], team), anything, **ANA),
}
ROADS = [
    "claim",
    "assign",
    "decline",
    "claim release",
    "claim resolve",
    "claim resolve reopen",
    "claim resolve reopen claim",
    "decline reopen",
    "assign claim release assign",
]


@pytest.mark.parametrize("road", ROADS)
def test_every_step_is_taken_back_to_exactly_what_was_before(db, board, road):
    (bug, *_), (mail, web) = board
    stood = []
    for number, step in enumerate(road.split()):
        stood.append(item(db, bug))
        STEPS[step](db, bug, (mail, web)[number % 2])
    while stood:
        assert take_back(db).done == [bug]
        assert item(db, bug) == stood.pop()
        assert newest(db).verb == "undone"
        db.rollback()
    assert newest_to_undo(db, WHOSE) is None
    assert [row.why_not for row in done(db, WHOSE).rows] == ["Taken back."] * len(road.split())


def test_what_somebody_changed_since_stays_and_is_said_by_name(db, board):
    (bug, *_), (mail, _) = board
    claims.claim(db, bug, team_id=mail, **ANA)
    mine = newest(db).id
    claims.resolve(db, bug, actor="Bob", at=AT + timedelta(seconds=9))
    before = item(db, bug)
    with pytest.raises(Conflict, match="“Export hangs” was changed by Bob since"):
        take_back(db, note_id=mine)
    assert item(db, bug) == before
    assert newest(db).verb == "fixed"
    (row,) = done(db, WHOSE).rows
    assert row.why_not == "Since then: “Export hangs” was fixed by Bob."
    assert newest_to_undo(db, WHOSE) is None


def test_the_same_state_reached_another_way_is_not_taken_for_ones_own(db, board):
    (bug, *_), (mail, _) = board
    claims.claim(db, bug, team_id=mail, **ANA)
    mine = newest(db).id
    claims.release(db, bug, actor="Bob", at=AT)
    claims.claim(db, bug, team_id=mail, actor="Ana", at=AT + timedelta(hours=1))
    with pytest.raises(Conflict):
        take_back(db, note_id=mine)
    assert item(db, bug)[0] == ItemState.claimed


def test_nothing_is_taken_back_twice_and_nothing_of_somebody_else(db, board):
    (bug, *_), (mail, _) = board
    claims.claim(db, bug, team_id=mail, **ANA)
    mine = newest(db).id
    take_back(db, note_id=mine)
    with pytest.raises(Conflict, match="taken back already"):
        take_back(db, note_id=mine)
    for whose, what in (("Bob", mine), ("Ana", newest(db).id), ("Ana", 999_999)):
        with pytest.raises(NotFound, match="You did nothing under"):
            undo.action_of(db, what, Whose(whose))


def test_a_released_bugs_reopening_stays_because_its_messages_are_gone(db, board):
    (bug, *_), _ = board
    row = db.exec(select(SprintItem).where(SprintItem.bug_id == bug)).one()
    row.state, row.resolved_at = ItemState.released, AT
    db.add(row)
    db.commit()
    claims.reopen(db, bug, **ANA)
    assert "withdrawn; say that it is released" in done(db, WHOSE).rows[0].why_not
    with pytest.raises(Conflict, match="withdrawn"):
        take_back(db, note_id=newest(db).id)


def test_a_board_in_review_takes_nothing_back(db, board):
    (bug, *_), (mail, _) = board
    claims.claim(db, bug, team_id=mail, **ANA)
    db.exec(select(Sprint)).one().phase = Phase.review
    db.commit()
    with pytest.raises(Conflict, match="in review"):
        take_back(db)


def stands(db):
    db.expire_all()
    every = db.exec(select(Link).order_by(Link.ticket_id, Link.bug_id)).all()
    return [(each.ticket_id, each.state, each.importance, each.decided_by) for each in every]


def test_links_and_verdicts_are_taken_back_one_after_the_other(db, board):
    (bug, other, _), _ = board
    loose, known = make.ticket(db).id, make.ticket(db)
    make.link(db, known, db.get(Bug, bug), state=LinkState.suggested)
    known, stood = known.id, []
    for step in (
        lambda: links.link(db, [loose, known], bug, importance=2, **ANA),
        lambda: links.judge_tickets(db, [loose, known], importance=3, **ANA),
        lambda: links.unlink(db, [loose], bug, **ANA),
        lambda: links.suggest(db, [loose], other, **ANA),
    ):
        stood.append(stands(db))
        step()
    while stood:
        take_back(db)
        assert stands(db) == stood.pop()
    notes = [row.model_dump() for row in db.exec(select(Activity).order_by(Activity.id))]
    assert chain.verify(notes).broken_at is None


def test_links_go_back_together_or_not_at_all(db, board):
    (bug, *_), _ = board
    first, second = make.ticket(db).id, make.ticket(db).id
    links.link(db, [first, second], bug, **ANA)
    mine = newest(db).id
    links.unlink(db, [second], bug, actor="Bob", at=AT)
    before = stands(db)
    with pytest.raises(AppError, match="A link was changed since"):
        take_back(db, note_id=mine)
    assert stands(db) == before
    assert "taken off" in done(db, WHOSE).rows[0].why_not


def test_many_bugs_are_changed_at_once_and_those_taken_first_are_named(db, board):
    bugs, (mail, web) = board
    claims.claim(db, bugs[1], team_id=web, actor="Bob", at=AT)
    outcome = bulk.many(db, Wish(Deed.claim, [*bugs, 999_999], mail), anything, **ANA)
    assert outcome.done == [bugs[0], bugs[2]]
    assert [each.why for each in outcome.refused] == [
        "“Login loops” was claimed by Bob 0 s ago.",
        "There is no bug 999999.",
    ]
    assert [item(db, bug)[2] for bug in bugs] == ["Ana", "Bob", "Ana"]
    theirs = db.exec(
        select(Activity.bug_id).where(Activity.actor == "Ana").order_by(Activity.id)
    ).all()
    assert theirs == [bugs[0], bugs[2]]


def test_what_was_done_at_once_is_taken_back_at_once_as_far_as_that_goes(db, board):
    bugs, (mail, _) = board
    bulk.many(db, Wish(Deed.claim, bugs, mail), anything, **ANA)
    (row,) = done(db, WHOSE).rows
    assert (row.bugs, row.text, row.why_not) == (3, "3 bugs claimed for Mail.", "")
    claims.resolve(db, bugs[1], actor="Bob", at=AT)
    outcome = take_back(db)
    assert outcome.done == [bugs[0], bugs[2]]
    assert [each.why for each in outcome.refused] == [
        "“Login loops” was changed by Bob since, so it stays as it is."
    ]
    assert [item(db, bug)[0] for bug in bugs] == ["open", "fixed", "open"]


def test_a_refused_claim_of_many_brings_no_bug_into_the_sprint(db, board):
    outside = make.bug(db, "Not in the sprint").id
    outcome = bulk.many(db, Wish(Deed.claim, [outside], 999_999), anything, **ANA)
    assert [each.why for each in outcome.refused] == ["There is no team 999999."]
    assert not db.exec(select(SprintItem).where(SprintItem.bug_id == outside)).all()
    assert newest(db) is None


def test_only_the_last_ten_actions_are_listed_newest_first(db, board):
    (bug, *_), (mail, _) = board
    for number in range(12):
        step = {"actor": "Ana", "at": AT + timedelta(minutes=number)}
        if number % 2:
            claims.release(db, bug, **step)
        else:
            claims.claim(db, bug, team_id=mail, **step)
    rows = done(db, WHOSE).rows
    assert len(rows) == 10
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert [row.why_not == "" for row in rows] == [True] + [False] * 9
