"""A plan is marked, committed once, and frozen."""

from datetime import date, timedelta
from hashlib import sha256
from json import loads

import pytest
from sqlmodel import select

from app.actions import links, plans
from app.actions.plans import Mark, NewSprint
from app.core.errors import Conflict, Invalid, NotFound
from app.core.vocabulary import Phase
from app.db.models import Activity, Bug, BugScore, RankingSnapshot, Sprint, SprintItem, Ticket
from tests import make
from tests.make import DAWN

MONDAY = date(2026, 1, 5)
WHO = {"actor": "Sam", "at": DAWN}


@pytest.fixture
def slug(db):
    """A sprint in preparation, two teams with an area each, and six bugs with evidence."""
    one, other = make.team(db, "Payments"), make.team(db, "Search")
    near = make.area(db, "pay", team_id=one.id), make.area(db, "find", team_id=other.id)
    for number in range(6):
        bug = make.bug(db, f"Bug {number}", area_id=near[number % 2].id, labels=["size:M"])
        for _ in range(6 - number):
            make.ticket(db, on=bug, created_at=DAWN - timedelta(days=30))
    make.bug(db, "No evidence", area_id=near[0].id)
    make.ranked(db)
    return plans.create(db, NewSprint("Spring 2026!", MONDAY, MONDAY + timedelta(13)), **WHO)


def items(db):
    db.expire_all()
    return db.exec(select(SprintItem).order_by(SprintItem.frozen_rank)).all()


def bug_id(db, title):
    return db.exec(select(Bug.id).where(Bug.title == title)).one()


def test_committing_freezes_rank_score_first_report_and_reasons(db, slug):
    assert slug == "spring-2026"
    assert plans.commit(db, slug, **WHO) == 6
    frozen = items(db)
    assert [item.frozen_rank for item in frozen] == [1, 2, 3, 4, 5, 6]
    scores = {row.bug_id: row for row in db.exec(select(BugScore))}
    for item in frozen:
        assert item.frozen_score == scores[item.bug_id].score
        assert item.frozen_first_report == DAWN - timedelta(days=30)
        assert item.reasons
        assert item.team_id
        assert (item.state, item.effort) == ("open", "M")
    sprint = db.exec(select(Sprint)).one()
    assert (sprint.phase, sprint.committed_at) == ("run", DAWN)
    snapshot = db.get(RankingSnapshot, sprint.snapshot_id)
    assert sha256(snapshot.body.encode()).hexdigest() == snapshot.data_hash
    assert [row["place"] for row in loads(snapshot.body)["bugs"]][:6] == [1, 2, 3, 4, 5, 6]


def test_what_comes_later_does_not_change_what_was_frozen(db, slug):
    plans.commit(db, slug, **WHO)
    before = [item.model_dump() for item in items(db)]
    last = bug_id(db, "Bug 5")
    fresh = [make.ticket(db).id for _ in range(9)]
    links.link(db, fresh, last, importance=3, **WHO)
    assert db.get(BugScore, last).tickets == 10
    assert [item.model_dump() for item in items(db)] == before


def test_pins_are_kept_and_declines_honoured(db, slug):
    pinned, declined = bug_id(db, "Bug 5"), bug_id(db, "Bug 0")
    other = next(t for t in (1, 2) if t != 2)
    plans.mark(db, slug, Mark(pinned, pinned_team_id=other), **WHO)
    plans.mark(db, slug, Mark(declined, declined=True, why="needs a redesign"), **WHO)
    plans.commit(db, slug, **WHO)
    teams = {item.bug_id: item.team_id for item in items(db)}
    assert teams[pinned] == other
    assert declined not in teams
    reasons = next(item.reasons for item in items(db) if item.bug_id == pinned)
    assert any("Sam" in reason for reason in reasons)


def test_a_mark_can_be_taken_back(db, slug):
    first = bug_id(db, "Bug 0")
    plans.mark(db, slug, Mark(first, declined=True, why="no"), **WHO)
    plans.mark(db, slug, Mark(first), **WHO)
    plans.commit(db, slug, **WHO)
    assert first in {item.bug_id for item in items(db)}


def test_nothing_changes_a_committed_plan(db, slug):
    plans.commit(db, slug, **WHO)
    for change in (
        lambda: plans.commit(db, slug, **WHO),
        lambda: plans.mark(db, slug, Mark(1), **WHO),
        lambda: plans.set_choice_share(db, slug, 0.1, **WHO),
    ):
        with pytest.raises(Conflict, match="committed and no longer changes"):
            change()
        db.rollback()


def test_a_sprint_committed_early_waits_for_its_first_day(db, slug):
    plans.commit(db, slug, actor="Sam", at=DAWN - timedelta(days=3))
    assert db.exec(select(Sprint.phase)).one() == "commit"
    plans.set_phase(db, slug, Phase.run, **WHO)
    assert db.exec(select(Sprint.phase)).one() == "run"


def test_phases_go_their_way_and_a_closed_sprint_stays_closed(db, slug):
    with pytest.raises(Conflict, match="not committed yet"):
        plans.set_phase(db, slug, Phase.commit, **WHO)
    db.rollback()
    plans.commit(db, slug, **WHO)
    with pytest.raises(Conflict, match="can only go to “review”"):
        plans.set_phase(db, slug, Phase.close, **WHO)
    db.rollback()
    for phase in (Phase.review, Phase.run, Phase.review, Phase.close):
        plans.set_phase(db, slug, phase, **WHO)
    assert db.exec(select(Sprint.closed_at)).one() == DAWN
    with pytest.raises(Conflict, match="sealed"):
        plans.set_phase(db, slug, Phase.review, **WHO)
    db.rollback()
    notes = db.exec(
        select(Activity.detail).where(Activity.verb == "phase").order_by(Activity.id)
    ).all()
    assert notes == ["review", "run", "review", "close"]


@pytest.mark.parametrize(
    "name, days, said",
    [
        ("!!!", 13, "at least one letter"),
        ("Long", 60, "at most 60 days"),
        ("Back", -1, "ends on"),
        ("Spring 2026?", 13, "choose another name"),
    ],
)
def test_a_sprint_that_makes_no_sense_is_refused(db, slug, name, days, said):
    with pytest.raises((Invalid, Conflict), match=said):
        plans.create(db, NewSprint(name, MONDAY, MONDAY + timedelta(days)), **WHO)


def test_a_mark_that_makes_no_sense_is_refused(db, slug):
    for wish, kind, said in (
        (Mark(999), NotFound, "no bug 999"),
        (Mark(1, pinned_team_id=99), NotFound, "no team 99"),
        (Mark(1, declined=True, why=" "), Invalid, "Say why"),
    ):
        with pytest.raises(kind, match=said):
            plans.mark(db, slug, wish, **WHO)
        db.rollback()
    with pytest.raises(Invalid, match="between 0 and 70"):
        plans.set_choice_share(db, slug, 0.71, **WHO)
    db.rollback()
    assert db.exec(select(Ticket)).first()
