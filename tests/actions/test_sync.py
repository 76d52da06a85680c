"""A sync keeps what it read, says what it could not read, and never goes back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, func, select

from app.actions import leases
from app.actions.sync import Sync
from app.db.models import (
    Activity,
    Bug,
    BugScore,
    Customer,
    DeadLetter,
    Link,
    Source,
    Stream,
    Ticket,
)
from app.db.queries import rankings
from app.views.places import live_places
from integrations.contract import Rejected
from integrations.errors import Denied, Misconfigured, PartlyDenied, Unavailable
from tests import make
from tests.actions.sources import (
    VAULT,
    Given,
    counted,
    gone,
    issue,
    organisation,
    page_of,
    run,
    ticket,
)
from tests.make import DAWN

LATER = DAWN + timedelta(hours=1)
BEAT = timedelta(minutes=10)


@pytest.fixture
def zendesk(db):
    return make.source(db, "zendesk", name="zd")


@pytest.fixture
def tracker(db):
    return make.source(db, "github", name="gh")


def count(db, model):
    return db.exec(select(func.count()).select_from(model)).one()


def everything(db):
    """Every row that a reading may change, without when it was read."""
    db.expire_all()
    rows = []
    for model in (Ticket, Bug, Customer, Link, DeadLetter, BugScore):
        rows += [row.model_dump() for row in db.exec(select(model))]
    return rows


def stream(db, source, name):
    return db.get(Stream, (source.id, name))


def test_a_failure_on_the_second_page_keeps_the_first_and_goes_on_from_there(db, zendesk):
    pages = [page_of(ticket("1")), Unavailable("Zendesk is away.", 60), page_of(ticket("3"))]
    outcome = run(db, zendesk, Given({"tickets": pages}))
    assert (outcome.kept, outcome.failed) == (1, "Zendesk is away.")
    assert list(db.exec(select(Ticket.external_id))) == ["1"]
    place = stream(db, zendesk, "tickets")
    assert (place.position, place.state, place.kept) == ("1", "failing", 1)
    source = db.get(Source, zendesk.id)
    assert (source.state, source.note, source.good_at) == ("failing", "Zendesk is away.", None)
    pages[1] = page_of(ticket("2"))
    again = Given({"tickets": pages})
    assert run(db, zendesk, again, at=LATER).kept == 2
    assert again.read == [("tickets", 2), ("tickets", 3)]
    assert sorted(db.exec(select(Ticket.external_id))) == ["1", "2", "3"]
    assert db.get(Source, zendesk.id).good_at == LATER


def test_rows_and_position_of_a_page_commit_together(db, zendesk):
    broken = page_of(ticket("2", status="no such status"))
    with pytest.raises(Exception, match="no such status"):
        run(db, zendesk, Given({"tickets": [page_of(ticket("1")), broken]}))
    db.expire_all()
    assert list(db.exec(select(Ticket.external_id))) == ["1"]
    assert stream(db, zendesk, "tickets").position == "1"


def test_reading_everything_a_second_time_changes_nothing(db, zendesk, tracker):
    bugs = Given({"issues": [page_of(issue(12), issue(13, severity="S1"))]})
    named = [("acme/app#12", "tag"), ("acme/app#13", "text")]
    letters = [Rejected("9", "no date", "{}")]
    tickets = Given(
        {
            "customers": [page_of(organisation(arr_cents=500_000))],
            "tickets": [page_of(ticket("1", refs=named), ticket("2"), rejected=letters)],
        }
    )
    run(db, tracker, bugs)
    run(db, zendesk, tickets)
    before = everything(db)
    assert len(before) == 9
    run(db, tracker, bugs, full=True)
    run(db, zendesk, tickets, full=True)
    assert everything(db) == before


def test_an_older_version_of_a_ticket_never_overwrites_a_newer_one(db, zendesk, tracker):
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    new = ticket("1", stamp=5, status="solved", refs=[("acme/app#12", "tag")])
    old = ticket("1", stamp=4, status="open")
    run(db, zendesk, Given({"tickets": [page_of(new, old), page_of(old)]}))
    assert db.exec(select(Ticket.status)).one() == "solved"
    assert db.exec(select(Link.state)).one() == "confirmed"


def test_an_older_version_of_a_bug_never_overwrites_a_newer_one(db, tracker):
    old = issue(12, title="Old")
    new = issue(12, title="New", at=LATER, duplicate_of="I13")
    run(db, tracker, Given({"issues": [page_of(issue(13), new), page_of(old)]}))
    bug = db.exec(select(Bug).where(Bug.external_id == "I12")).one()
    root = db.exec(select(Bug.id).where(Bug.external_id == "I13")).one()
    assert (bug.title, bug.duplicate_of_id) == ("New", root)


def test_a_deleted_ticket_leaves_ranking_and_counts_and_stays_as_a_tombstone(db, zendesk, tracker):
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    named = [("acme/app#12", "tag")]
    first = Given({"tickets": [page_of(ticket("1", refs=named), ticket("2", refs=named))]})
    run(db, zendesk, first)
    assert db.exec(select(BugScore.tickets)).one() == 2
    for number, left in (("1", [1]), ("2", [])):
        dead = ticket(number, stamp=2, status="deleted", refs=named)
        run(db, zendesk, Given({"more" + number: [page_of(dead)]}))
        assert list(db.exec(select(BugScore.tickets))) == left
    assert count(db, Ticket) == 2


def test_a_bug_that_is_gone_leaves_the_ranking_at_once(db, zendesk, tracker):
    run(db, tracker, Given({"issues": [page_of(issue(12), issue(13))]}))
    refs = [("acme/app#12", "tag"), ("acme/app#13", "tag")]
    run(db, zendesk, Given({"tickets": [page_of(ticket(refs=refs))]}))
    assert len(live_places(db)) == 2
    run(db, tracker, Given({"gone": [page_of(gone(12))]}))
    kept = db.exec(select(Bug.id).where(Bug.external_id == "I13")).one()
    assert live_places(db) == {kept: 1}
    run(db, tracker, Given({"again": [page_of(issue(12, at=LATER))]}))
    assert len(live_places(db)) == 2


def test_a_dead_letter_is_kept_once_however_often_it_comes(db, zendesk):
    page = page_of(ticket(), rejected=[Rejected("7", "no subject", '{"id": 7}')] * 2)
    given = Given({"tickets": [page, page]})
    for _ in range(3):
        outcome = run(db, zendesk, given, full=True)
    assert (outcome.kept, outcome.rejected) == (2, 4)
    letter = db.exec(select(DeadLetter)).one()
    assert (letter.external_id, letter.reason, letter.stream) == ("7", "no subject", "tickets")


def test_a_dead_letter_goes_once_its_record_can_be_read(db, zendesk):
    letters = [Rejected("7", "no time", "{}"), Rejected("8", "no time", "[]")]
    both = {"ratings": [page_of(rejected=letters)], "tickets": [page_of(rejected=letters)]}
    run(db, zendesk, Given(both))
    other = {
        "ratings": [page_of(), page_of(ticket("8"))],
        "tickets": [page_of(), page_of(ticket("7"))],
    }
    run(db, zendesk, Given(other))
    left = sorted((each.stream, each.external_id) for each in db.exec(select(DeadLetter)))
    assert left == [("ratings", "7"), ("tickets", "8")]


def test_a_row_refused_for_a_later_one_of_its_name_stays_a_dead_letter(db, tracker):
    twice = [page_of(rejected=[Rejected("I12", "comes again", "{}")]), page_of(issue(12))]
    for _ in range(2):
        run(db, tracker, Given({"issues": twice}), full=True)
    assert db.exec(select(DeadLetter.external_id)).one() == "I12"


def test_a_stream_that_is_closed_to_us_degrades_itself_only(db, zendesk):
    given = Given(
        {
            "ratings": [Denied("This plan has no ratings.")],
            "tickets": [page_of(ticket())],
        }
    )
    outcome = run(db, zendesk, given)
    assert (outcome.failed, outcome.degraded) == (None, ["This plan has no ratings."])
    states = {each.name: each.state for each in db.exec(select(Stream))}
    assert states == {"ratings": "degraded", "tickets": "ok"}
    source = db.get(Source, zendesk.id)
    assert (source.state, source.note, source.good_at) == (
        "degraded",
        "This plan has no ratings.",
        DAWN,
    )
    assert count(db, Ticket) == 1


def test_a_source_of_which_every_part_is_closed_was_not_read(db, zendesk):
    closed = Denied("The token may not read acme/app.")
    outcome = run(db, zendesk, Given({"issues": [closed], "census": [closed]}))
    assert (outcome.failed, outcome.degraded) == ("The token may not read acme/app.", [])
    source = db.get(Source, zendesk.id)
    assert (source.state, source.note) == ("failing", "The token may not read acme/app.")
    assert source.good_at is None


def test_a_source_of_which_a_part_of_every_stream_is_closed_was_read_in_part(db, zendesk):
    closed = PartlyDenied("The token may not read acme/app.")
    given = Given({"issues": [page_of(issue(12)), closed], "census": [closed]})
    outcome = run(db, zendesk, given)
    assert (outcome.failed, outcome.degraded) == (None, ["The token may not read acme/app."])
    assert db.get(Source, zendesk.id).good_at == DAWN


def test_a_dry_run_goes_on_past_what_is_closed(db, zendesk):
    closed = [Denied("This plan has no ratings.")]
    found = counted(db, zendesk, Given({"ratings": closed, "tickets": [page_of(ticket())]}))
    assert found.counts == {"tickets": 1, "refused": 0}
    assert found.closed == ["This plan has no ratings."]
    with pytest.raises(Denied, match="no ratings"):
        counted(db, zendesk, Given({"ratings": closed}))
    assert count(db, Ticket) == 0


def test_any_other_failure_ends_the_run(db, zendesk):
    given = Given({"a": [Misconfigured("The token is wrong.")], "b": [page_of(ticket())]})
    assert run(db, zendesk, given).failed == "The token is wrong."
    assert count(db, Ticket) == 0
    assert [each.name for each in db.exec(select(Stream))] == ["a"]


def test_a_run_that_found_nothing_leaves_no_note(db, zendesk):
    run(db, zendesk, Given({"tickets": []}))
    assert count(db, Activity) == 0
    run(db, zendesk, Given({"tickets": [page_of(ticket())]}))
    note = db.exec(select(Activity)).one()
    assert (note.verb, note.actor, note.detail) == ("synced", "zd", "1 record")


def test_a_sync_leaves_no_score_stale(db, zendesk, tracker):
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    run(db, zendesk, Given({"tickets": [page_of(ticket(refs=[("acme/app#12", "tag")]))]}))
    assert rankings.take_stale(db, 10) == []
    db.rollback()


def test_a_run_that_lost_its_lease_in_the_middle_writes_nothing_more(db, zendesk):
    def take(at):
        with Session(engine) as own:
            return leases.take(own, "sync:zd", holder="me", at=at, length=BEAT, every=BEAT)

    def guard(own):
        leases.hold(own, "sync:zd", fence, until=DAWN + BEAT)

    engine, number = db.get_bind(), zendesk.id
    db.rollback()
    fence = take(DAWN)
    pages = Given({"tickets": [page_of(ticket(each)) for each in ("1", "2", "3")]})
    run = Sync(engine, number, pages, VAULT, lambda: DAWN, guard=guard)
    run.progress = lambda _stream, kept, _total: kept < 2 or take(DAWN + 2 * BEAT)
    with pytest.raises(leases.LeaseLost):
        run.run()
    assert count(db, Ticket) == 2
    assert count(db, Activity) == 0
    place = db.get(Stream, (number, "tickets"))
    assert (place.position, place.state) == ("2", "never")
