"""Stored scores are those of a full recount, whatever happened in between."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.actions import links, merging, rankings
from app.core.errors import AppError
from app.core.ranking import Policy, data_hash
from app.db.models import Bug, BugScore, RankingPolicy, RankingState, Ticket
from app.views.places import live_places
from tests import make
from tests.actions.sources import Given, issue, organisation, page_of, run, ticket
from tests.make import DAWN

TICKETS, BUGS = 6, 4
A_TICKET, A_BUG = st.integers(0, TICKETS - 1), st.integers(0, BUGS - 1)
STEP = st.one_of(
    st.tuples(st.just("link"), A_TICKET, A_BUG),
    st.tuples(st.just("unlink"), A_TICKET, A_BUG),
    st.tuples(st.just("judge"), A_TICKET, st.integers(1, 3)),
    st.tuples(st.just("merge"), A_BUG, A_BUG),
    st.tuples(st.just("unmerge"), A_BUG, A_BUG),
    st.tuples(st.just("read"), A_TICKET, st.sampled_from(["open", "solved", "deleted"])),
    st.tuples(st.just("severity"), A_BUG, st.sampled_from(["S1", "S4", None])),
)


@pytest.fixture
def world(db):
    """Tickets and bugs as sources gave them, linked here and there, and ranked."""
    desk, tracker = make.source(db, name="zd").id, make.source(db, "github", name="gh").id
    orgs = [organisation(f"org-{n}", arr_cents=10**n * 1_000) for n in range(3)]
    run(db, tracker, Given({"i": [page_of(*(issue(n) for n in range(BUGS)))]}))
    run(
        db,
        desk,
        Given({"c": [page_of(*orgs)], "t": [page_of(*(fresh(n) for n in range(TICKETS)))]}),
    )
    make.ranked(db)
    db.rollback()
    return {"desk": desk, "tracker": tracker, "run": 1}


def fresh(number, stamp=1, status="open"):
    named = [(f"acme/app#{number}", "tag")] if number < BUGS - 1 else []
    return ticket(
        str(number), customer=f"org-{number % 3}", stamp=stamp, status=status, refs=named,
        created_at=DAWN - timedelta(days=20 * number),
    )  # fmt: skip


def scores(db):
    db.expire_all()
    return {row.bug_id: row.model_dump() for row in db.exec(select(BugScore))}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=4, max_size=12))
def test_step_by_step_is_the_same_as_a_full_recount(db, world, steps):
    with Session(db.get_bind()) as own:
        for step in steps:
            world["run"] += 1
            try:
                take(own, world, *step)
            except AppError:
                own.rollback()
        before, places = scores(own), live_places(own)
        rankings.rerank(own, actor="test", at=DAWN)
        assert scores(own) == before
        assert live_places(own) == places


def take(db, world, verb, one, other):
    who = {"actor": "Sam", "at": DAWN}
    bugs, tickets = ids(db)
    if verb == "link":
        links.link(db, [tickets[one]], bugs[other], **who)
    elif verb == "unlink":
        links.unlink(db, [tickets[one]], bugs[other], **who)
    elif verb == "judge":
        links.judge_tickets(db, [tickets[one]], importance=other, **who)
    elif verb == "merge":
        merging.merge(db, bugs[one], bugs[other], **who)
    elif verb == "unmerge":
        merging.unmerge(db, bugs[one], **who)
    else:
        read(db, world, verb, one, other)


def read(db, world, verb, number, value):
    turn = world["run"]
    at = DAWN + timedelta(seconds=turn)
    if verb == "read":
        record, source = fresh(number, stamp=turn, status=value), world["desk"]
    else:
        record, source = issue(number, severity=value, at=at), world["tracker"]
    run(db, source, Given({f"run{turn}": [page_of(record)]}))


def ids(db):
    bugs = list(db.exec(select(Bug.id).order_by(Bug.id)))
    return bugs, list(db.exec(select(Ticket.id).order_by(Ticket.id)))


def test_the_first_policy_weighs_revenue_only_where_some_is_known(db):
    bug = make.bug(db)
    make.ticket(db, on=bug)
    make.ranked(db)
    assert db.exec(select(RankingPolicy.params)).one() == policy(alpha=0.0, arr_ref_cents=None)
    make.ticket(db, on=bug, customer_id=make.customer(db, arr_cents=400).id)
    make.ticket(db, on=bug, customer_id=make.customer(db, arr_cents=600).id)
    make.ranked(db)
    newest = db.exec(select(RankingPolicy).order_by(RankingPolicy.id.desc())).first()
    assert newest.params == policy(alpha=0.5, arr_ref_cents=500)
    make.ticket(db, on=bug, customer_id=make.customer(db, arr_cents=900_000).id)
    make.ranked(db)
    assert len(db.exec(select(RankingPolicy)).all()) == 2


def test_a_list_is_frozen_under_the_policy_that_ranks_the_live_one(db):
    blind_spot, loud = make.bug(db), make.bug(db)
    make.ranked(db)
    rich = make.customer(db, arr_cents=90_000_000)
    make.ticket(db, on=blind_spot, customer_id=rich.id)
    for _ in range(2):
        make.ticket(db, on=loud, customer_id=make.customer(db, arr_cents=400).id)
    frozen = rankings.freeze(db, at=DAWN)
    assert db.get(RankingState, 1).policy_id == frozen.policy_id
    assert [line["bug_id"] for line in frozen_lines(frozen)] == list(live_places(db))


def frozen_lines(frozen):
    return json.loads(frozen.body)["bugs"]


def test_revenue_that_a_reading_brings_counts_in_the_live_list_at_once(db):
    desk = make.source(db, name="zd").id
    bug, org = make.bug(db), make.customer(db, source_id=desk, external_id="org-1")
    make.ticket(db, on=bug, customer_id=org.id)
    make.ranked(db)
    known = [organisation("org-1", arr_cents=900_000), organisation("org-2", arr_cents=100)]
    run(db, desk, Given({"c": [page_of(*known)]}))
    at_once = scores(db)
    assert db.get(RankingState, 1).policy_id == 2
    make.ranked(db)
    assert scores(db) == at_once


def policy(**more):
    return asdict(Policy()) | more


def test_a_policy_that_somebody_chose_is_never_replaced(db):
    make.ticket(db, on=make.bug(db))
    rankings.save_policy(db, Policy(beta=2.0), actor="Sam", at=DAWN)
    make.customer(db, arr_cents=400)
    make.ranked(db)
    assert [row.params["beta"] for row in db.exec(select(RankingPolicy))] == [2.0]


def test_a_saved_policy_ranks_by_its_own_numbers(db):
    one, other = make.bug(db, severity="S4"), make.bug(db)
    make.ticket(db, on=one, importance=3)
    make.ticket(db, on=other)
    make.ranked(db)
    assert live_places(db) == {one.id: 1, other.id: 2}
    rankings.save_policy(db, Policy(severity_spread=2.0), actor="Sam", at=DAWN)
    assert live_places(db) == {other.id: 1, one.id: 2}
    assert db.get(RankingState, 1).policy_id == 2


def test_a_snapshot_is_the_same_bytes_however_often_it_is_taken(db):
    for number in range(5):
        bug = make.bug(db, severity=["S1", "S2", "S3", "S4", None][number])
        for days in range(number):
            make.ticket(db, on=bug, created_at=DAWN - timedelta(days=days * 40))
    make.ranked(db)
    first = rankings.freeze(db, at=DAWN)
    again = rankings.freeze(db, at=DAWN + timedelta(hours=2))
    assert (first.body, first.data_hash) == (again.body, again.data_hash)
    assert data_hash(first.body.encode()) == first.data_hash
    db.commit()
    rankings.rerank(db, actor="test", at=DAWN)
    make.ticket(db, on=db.exec(select(Bug)).first())
    make.ranked(db)
    changed = rankings.freeze(db, at=DAWN)
    assert changed.data_hash != first.data_hash


def test_the_first_ranking_shows_though_somebody_looked_before_it(db):
    bug = make.bug(db)
    make.ticket(db, on=bug)
    assert live_places(db) == {}
    make.ranked(db)
    assert live_places(db) == {bug.id: 1}
