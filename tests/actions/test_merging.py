"""Merged bugs count as one, and come apart exactly as they were."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.actions import claims, merging, rankings
from app.core.errors import AppError, Conflict
from app.db.models import Bug, BugScore, SprintItem
from tests import make
from tests.actions.sources import Given, issue, page_of, run, ticket
from tests.make import DAWN

BUGS = 5
MERGE = st.tuples(st.just("merge"), st.integers(0, BUGS - 1), st.integers(0, BUGS - 1))
UNMERGE = st.tuples(st.just("unmerge"), st.integers(0, BUGS - 1), st.none())


def scores(db):
    db.expire_all()
    return {row.bug_id: row.model_dump() for row in db.exec(select(BugScore))}


def counted(db, bug):
    found = db.get(BugScore, bug)
    return (found.tickets, found.customers) if found else (0, 0)


@pytest.fixture
def group(db):
    """Bugs of one, two, … tickets; the first customer stands behind all of them."""
    shared = make.customer(db)
    bugs = [make.bug(db, f"Bug {n}") for n in range(BUGS)]
    for number, bug in enumerate(bugs):
        make.ticket(db, on=bug, customer_id=shared.id)
        for _ in range(number):
            make.ticket(db, on=bug)
    make.ranked(db)
    ids = [bug.id for bug in bugs]
    db.rollback()
    return ids


def test_counts_move_to_the_bug_that_stands_and_back(db, group):
    first, second, third, *_ = group
    before = scores(db)
    merging.merge(db, first, second, actor="Sam", at=DAWN)
    assert (counted(db, first), counted(db, second)) == ((0, 0), (3, 2))
    merging.merge(db, second, third, actor="Sam", at=DAWN)
    assert (counted(db, second), counted(db, third)) == ((0, 0), (6, 4))
    assert db.get(Bug, first).duplicate_of_id == third
    merging.unmerge(db, second, actor="Sam", at=DAWN)
    assert (counted(db, second), counted(db, third)) == ((3, 2), (3, 3))
    merging.unmerge(db, first, actor="Sam", at=DAWN)
    assert scores(db) == before


def test_a_bug_merged_elsewhere_leaves_its_first_group(db, group):
    first, second, third, *_ = group
    merging.merge(db, first, second, actor="Sam", at=DAWN)
    merging.merge(db, first, third, actor="Sam", at=DAWN)
    db.expire_all()
    assert (counted(db, second), counted(db, third)) == ((2, 2), (4, 3))


def test_merging_in_a_circle_or_twice_apart_is_refused(db, group):
    first, second, third, *_ = group
    merging.merge(db, first, second, actor="Sam", at=DAWN)
    merging.merge(db, second, third, actor="Sam", at=DAWN)
    for one, other in ((third, first), (first, first), (second, first)):
        with pytest.raises(Conflict, match="are one bug already"):
            merging.merge(db, one, other, actor="Sam", at=DAWN)
        db.rollback()
    with pytest.raises(Conflict, match="“Bug 2” is not merged"):
        merging.unmerge(db, third, actor="Sam", at=DAWN)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(MERGE | UNMERGE, min_size=3, max_size=10))
def test_after_any_merges_the_scores_are_those_of_a_full_recount(db, group, steps):
    with Session(db.get_bind()) as own:
        for verb, number, into in steps:
            apply(own, group, verb, number, into)
        step_by_step = scores(own)
        rankings.rerank(own, actor="test", at=DAWN)
        assert scores(own) == step_by_step
        for bug in group:
            apply(own, group, "unmerge", group.index(bug), None)
        assert {key: row["tickets"] for key, row in scores(own).items()} == dict(
            zip(group, count(1), strict=False)
        )
        assert list(own.exec(select(Bug.id).where(Bug.duplicate_of_id.is_not(None)))) == []


def apply(db, group, verb, number, into):
    try:
        if verb == "merge":
            merging.merge(db, group[number], group[into], actor="Sam", at=DAWN)
        else:
            merging.unmerge(db, group[number], actor="Sam", at=DAWN)
    except AppError:
        db.rollback()


def test_a_merged_bug_leaves_the_sprint_and_comes_back(db, group):
    first, second, *_ = group
    make.sprint(db, db.get(Bug, first), db.get(Bug, second))
    merging.merge(db, first, second, actor="Sam", at=DAWN)
    item = db.exec(select(SprintItem).where(SprintItem.bug_id == first)).one()
    assert item.state == "duplicate"
    team = make.team(db)
    with pytest.raises(Conflict, match="merged into another bug"):
        claims.claim(db, first, team_id=team.id, actor="Ana", at=DAWN)
    db.rollback()
    merging.unmerge(db, first, actor="Sam", at=DAWN)
    db.expire_all()
    assert db.exec(select(SprintItem.state).where(SprintItem.bug_id == first)).one() == "open"


def test_what_the_tracker_calls_a_duplicate_follows_the_tracker(db):
    tracker, desk = make.source(db, "github", name="gh").id, make.source(db, name="zd").id
    run(db, tracker, Given({"a": [page_of(issue(12, duplicate_of="I13"), issue(13), issue(14))]}))
    named = [ticket(str(n), refs=[(f"acme/app#{n}", "tag")], requester=str(n)) for n in (12, 13)]
    run(db, desk, Given({"t": [page_of(*named)]}))
    ids = dict(db.exec(select(Bug.external_id, Bug.id)).all())
    assert counted(db, ids["I13"]) == (2, 1)
    later = DAWN.replace(hour=10)
    run(db, tracker, Given({"b": [page_of(issue(12, duplicate_of="I14", at=later))]}))
    assert [counted(db, ids[key]) for key in ("I12", "I13", "I14")] == [(0, 0), (1, 1), (1, 1)]
    run(db, tracker, Given({"c": [page_of(issue(12, at=DAWN.replace(hour=11)))]}))
    assert [counted(db, ids[key]) for key in ("I12", "I13", "I14")] == [(1, 1), (1, 1), (0, 0)]


def test_a_merge_that_a_person_made_is_left_alone_by_the_tracker(db):
    tracker = make.source(db, "github", name="gh").id
    run(db, tracker, Given({"a": [page_of(issue(12), issue(13), issue(14))]}))
    ids = dict(db.exec(select(Bug.external_id, Bug.id)).all())
    merging.merge(db, ids["I12"], ids["I13"], actor="Sam", at=DAWN)
    later = DAWN.replace(hour=10)
    run(db, tracker, Given({"b": [page_of(issue(12, duplicate_of="I14", at=later))]}))
    assert db.get(Bug, ids["I12"]).duplicate_of_id == ids["I13"]
