"""Incidents follow their problem ticket: what it is about, they are about."""

import pytest
from sqlmodel import select

from app.actions import links
from app.core.vocabulary import LinkOrigin, LinkState
from app.db.models import BugScore, Link
from app.db.queries import links as queries
from tests import make


@pytest.fixture
def outage(db):
    """A bug, a problem ticket, and its incident; beside them a pair nobody touches."""
    bug, problem = make.bug(db), make.ticket(db)
    incident = make.ticket(db, problem_external_id=problem.external_id)
    make.ranked(db)
    return bug, problem, incident


def bugs_of(db, ticket):
    db.expire_all()
    return list(db.exec(select(Link.bug_id).where(Link.ticket_id == ticket.id)))


def link(db, *tickets, bug):
    links.link(db, [t.id for t in tickets], bug.id, actor="Ana", at=make.DAWN)


def test_linking_a_problem_links_its_incidents_and_counts_them(db, outage):
    bug, problem, incident = outage
    link(db, problem, bug=bug)
    assert bugs_of(db, incident) == [bug.id]
    assert db.get(BugScore, bug.id).tickets == 2


def test_unlinking_a_problem_lets_its_incidents_go(db, outage):
    bug, problem, incident = outage
    link(db, problem, bug=bug)
    links.unlink(db, [problem.id], bug.id, actor="Ana", at=make.DAWN)
    assert bugs_of(db, incident) == []
    assert db.get(BugScore, bug.id) is None


def test_a_link_to_one_problem_leaves_other_problems_incidents_to_their_own_day(db, outage):
    bug, problem, incident = outage
    other = make.ticket(db, on=bug)
    apart = make.ticket(db, problem_external_id=other.external_id)
    link(db, problem, bug=bug)
    assert bugs_of(db, incident) == [bug.id]
    assert bugs_of(db, apart) == []
    assert queries.follow_problems(db, at=make.DAWN) == [bug.id]
    assert bugs_of(db, apart) == [bug.id]


def test_unlinking_one_problem_keeps_what_another_gave(db, outage):
    bug, problem, incident = outage
    other = make.ticket(db)
    apart = make.ticket(db, problem_external_id=other.external_id)
    link(db, problem, other, bug=bug)
    links.unlink(db, [problem.id], bug.id, actor="Ana", at=make.DAWN)
    assert bugs_of(db, incident) == []
    assert bugs_of(db, apart) == [bug.id]


def test_a_suggested_link_of_a_problem_is_not_followed(db, outage):
    bug, problem, incident = outage
    suggested = make.link(db, problem, bug, state=LinkState.suggested, origin=LinkOrigin.text)
    links.judge(db, suggested.id, actor="Ana", at=make.DAWN, importance=3)
    assert bugs_of(db, incident) == []
    links.judge(db, suggested.id, actor="Ana", at=make.DAWN, state=LinkState.confirmed)
    assert bugs_of(db, incident) == [bug.id]
