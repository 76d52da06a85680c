"""Where a ticket names a bug there is a link: certain, suggested, or none any more."""

import pytest
from sqlmodel import select

from app.actions import links
from app.core.errors import Invalid, NotFound
from app.db.models import Activity, BugScore, Link, Ticket
from tests import make
from tests.actions.sources import Given, issue, page_of, run, ticket
from tests.make import DAWN

KEY = "acme/app#12"
URL = "https://github.test/acme/app/issues/12"


@pytest.fixture
def zendesk(db):
    return make.source(db, "zendesk", name="zd").id


@pytest.fixture
def tracker(db):
    made = make.source(db, "github", name="gh").id
    run(db, made, Given({"issues": [page_of(issue(12))]}))
    return made


def read(db, source, *tickets):
    """Read these tickets in a run of their own."""
    run(db, source, Given({f"tickets{db.info.setdefault('runs', 0)}": [page_of(*tickets)]}))
    db.info["runs"] += 1


def found(db):
    db.expire_all()
    rows = db.exec(
        select(Ticket.external_id, Link.state, Link.origin).join(Link).order_by(Ticket.id)
    )
    return [(number, str(state), str(origin)) for number, state, origin in rows]


@pytest.mark.parametrize(
    "ref, origin, state",
    [
        (KEY, "tag", "confirmed"),
        (KEY, "field", "confirmed"),
        (URL, "url", "confirmed"),
        (URL.upper() + "/?x=1#top", "url", "confirmed"),
        ("id:I12", "jira_link", "confirmed"),
        (KEY, "text", "suggested"),
        ("Bug 12", "text", "suggested"),
        ("bug_12", "tag", "confirmed"),
    ],
)
def test_a_named_bug_is_linked_as_surely_as_it_was_named(db, zendesk, tracker, ref, origin, state):
    read(db, zendesk, ticket("1", refs=[(ref, origin)]))
    assert found(db) == [("1", state, origin)]
    assert len(db.exec(select(BugScore)).all()) == (state == "confirmed")


@pytest.mark.parametrize("ref", ["12", "", "acme/app#13", "https://evil.test/other/app/issues/12"])
def test_what_names_no_bug_of_ours_links_nothing(db, zendesk, tracker, ref):
    read(db, zendesk, ticket("1", refs=[(ref, "tag")]))
    assert found(db) == []


def test_a_number_that_two_bugs_bear_is_only_suggested(db, zendesk, tracker):
    other = make.source(db, "github", name="gh2").id
    twin = issue(12, external_id="J12", key="acme/web#12", names=())
    run(db, other, Given({"issues": [page_of(twin)]}))
    read(db, zendesk, ticket("1", refs=[("bug_12", "tag")]), ticket("2", refs=[(KEY, "tag")]))
    assert found(db) == [
        ("1", "suggested", "tag"),
        ("1", "suggested", "tag"),
        ("2", "confirmed", "tag"),
    ]


def test_a_bug_named_before_it_is_known_is_linked_when_it_comes(db, zendesk):
    read(db, zendesk, ticket("1", refs=[(KEY, "tag")]), ticket("2", refs=[(KEY, "text")]))
    assert found(db) == []
    tracker = make.source(db, "github", name="gh").id
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    assert found(db) == [("1", "confirmed", "tag"), ("2", "suggested", "text")]
    assert db.exec(select(BugScore.tickets)).one() == 1


def test_a_tag_taken_away_before_its_bug_is_known_links_nothing(db, zendesk):
    read(db, zendesk, ticket("1", refs=[(KEY, "tag")]))
    read(db, zendesk, ticket("1", stamp=2))
    tracker = make.source(db, "github", name="gh").id
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    assert found(db) == []


def test_a_suggested_link_becomes_certain_when_the_bug_is_named_on_purpose(db, zendesk, tracker):
    read(db, zendesk, ticket("1", refs=[(KEY, "text")]))
    read(db, zendesk, ticket("1", stamp=2, refs=[(KEY, "text"), (KEY, "tag")]))
    assert found(db) == [("1", "confirmed", "tag")]


def test_a_rejection_by_a_person_is_never_undone(db, zendesk, tracker):
    read(db, zendesk, ticket("1", refs=[(KEY, "tag")]))
    bug_id = db.exec(select(Link.bug_id)).one()
    ticket_id = db.exec(select(Ticket.id)).one()
    links.unlink(db, [ticket_id], bug_id, actor="Sam", at=DAWN)
    read(db, zendesk, ticket("1", stamp=2, refs=[(KEY, "tag"), (KEY, "field")]))
    run(db, tracker, Given({"again": [page_of(issue(12, title="Changed"))]}))
    assert found(db) == [("1", "rejected", "tag")]
    assert db.exec(select(BugScore)).all() == []


def test_a_tag_taken_away_unlinks_what_nobody_decided(db, zendesk, tracker):
    read(db, zendesk, *(ticket(n, refs=[(KEY, "tag")]) for n in ("1", "2")))
    second = db.exec(select(Link).join(Ticket).where(Ticket.external_id == "2")).one().id
    links.judge(db, second, actor="Sam", at=DAWN, state="confirmed")
    read(db, zendesk, *(ticket(n, stamp=2) for n in ("1", "2")))
    assert found(db) == [("2", "confirmed", "tag")]
    assert db.exec(select(BugScore.tickets)).one() == 1


def test_a_tag_taken_away_from_a_ticket_that_still_mentions_the_bug_leaves_a_suggestion(
    db, zendesk, tracker
):
    read(db, zendesk, ticket("1", refs=[(KEY, "tag"), ("bug 12", "text")]))
    read(db, zendesk, ticket("1", stamp=2, refs=[("bug 12", "text")]))
    assert found(db) == [("1", "suggested", "text")]
    assert db.exec(select(BugScore)).all() == []


def test_incidents_follow_their_problem_and_leave_with_it(db, zendesk, tracker):
    problem = ticket("1", type="problem", refs=[(KEY, "tag")])
    read(db, zendesk, problem, ticket("2", type="incident", problem="1", requester="7"))
    assert found(db) == [("1", "confirmed", "tag"), ("2", "confirmed", "problem")]
    assert db.exec(select(BugScore.tickets)).one() == 2
    read(db, zendesk, ticket("2", stamp=2, type="incident", problem=None))
    assert found(db) == [("1", "confirmed", "tag")]
    assert db.exec(select(BugScore.tickets)).one() == 1
    read(db, zendesk, ticket("2", stamp=3, type="incident", problem="1"))
    read(db, zendesk, ticket("1", stamp=2, type="problem"))
    assert found(db) == []
    assert db.exec(select(BugScore)).all() == []


def test_an_incident_that_a_person_judged_stays(db, zendesk, tracker):
    problem = ticket("1", type="problem", refs=[(KEY, "tag")])
    read(db, zendesk, problem, ticket("2", type="incident", problem="1"))
    followed = db.exec(select(Link.id).where(Link.origin == "problem")).one()
    links.judge(db, followed, actor="Sam", at=DAWN, importance=3)
    read(db, zendesk, ticket("1", stamp=2, type="problem"))
    assert found(db) == [("2", "confirmed", "problem")]


def test_linking_by_hand_rescores_and_leaves_one_note(db):
    bug, made = make.bug(db), make.ticket(db)
    make.ranked(db)
    ids = links.link(db, [made.id], bug.id, importance=3, actor="Sam", at=DAWN)
    link = db.get(Link, ids[0])
    assert (link.state, link.importance, link.decided_by) == ("confirmed", 3, "Sam")
    score = db.get(BugScore, bug.id)
    assert (score.score, score.customers, score.tickets) == (3.0, 1, 1)
    assert db.exec(select(Activity.verb).order_by(Activity.id)).all() == ["ranked", "linked"]
    links.judge_tickets(db, [made.id], importance=1, actor="Sam", at=DAWN)
    db.expire_all()
    assert db.get(BugScore, bug.id).score == 1.0


def test_what_cannot_be_linked_is_refused_in_a_sentence(db):
    bug, made = make.bug(db), make.ticket(db)
    with pytest.raises(NotFound, match=r"There is no ticket 999\."):
        links.link(db, [made.id, 999], bug.id, actor="Sam", at=DAWN)
    with pytest.raises(NotFound, match=r"There is no bug 999\."):
        links.link(db, [made.id], 999, actor="Sam", at=DAWN)
    with pytest.raises(Invalid, match="between 1 and 500"):
        links.link(db, [], bug.id, actor="Sam", at=DAWN)
    with pytest.raises(Invalid, match="Importance is 3"):
        links.link(db, [made.id], bug.id, importance=4, actor="Sam", at=DAWN)
    with pytest.raises(NotFound, match="is not linked"):
        links.unlink(db, [made.id], bug.id, actor="Sam", at=DAWN)
    with pytest.raises(NotFound, match=r"There is no link 5\."):
        links.judge(db, 5, actor="Sam", at=DAWN, importance=2)
    db.rollback()
    assert db.exec(select(Link)).all() == []
