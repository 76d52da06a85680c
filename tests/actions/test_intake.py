"""What becomes of records: customers, masked text, a census, and what a bug means for a sprint."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.keys import keyed
from app.db.models import (
    Bug,
    BugScore,
    Customer,
    Link,
    Source,
    SprintItem,
    StaleScore,
    Stream,
    Ticket,
)
from integrations.contract import Rating
from tests import make
from tests.actions.sources import VAULT, Given, gone, issue, organisation, page_of, run, ticket
from tests.make import DAWN

LATER = DAWN + timedelta(hours=1)


@pytest.fixture
def zendesk(db):
    return make.source(db, "zendesk", name="zd").id


@pytest.fixture
def tracker(db):
    return make.source(db, "github", name="gh").id


def test_customers_that_only_a_ticket_names_are_made(db, zendesk):
    unknown = {"customer": None, "requester_domain": None}
    page = page_of(
        ticket("1", customer="org-9"),
        ticket("2", customer=None, requester_domain="acme.example"),
        ticket("3", requester="jane", **unknown),
        ticket("4", requester="jane", **unknown),
        ticket("5", requester=None, **unknown),
    )
    run(db, zendesk, Given({"tickets": [page]}))
    made = {row.external_id: row for row in db.exec(select(Customer))}
    vault = keyed(db, VAULT, at=DAWN)
    jane = f"requester:{vault.pseudonym('jane')}"
    assert made.keys() == {
        "org-9",
        "domain:acme.example",
        jane,
        f"requester:{vault.pseudonym('5')}",
    }
    assert [made[key].kind for key in ("org-9", "domain:acme.example", jane)] == [
        "organization",
        "domain",
        "requester",
    ]
    assert "jane" not in made[jane].name
    whose = dict(db.exec(select(Ticket.external_id, Ticket.customer_id)).all())
    assert whose["3"] == whose["4"] == made[jane].id


def test_an_organisation_that_comes_after_its_tickets_takes_their_place(db, zendesk):
    run(db, zendesk, Given({"tickets": [page_of(ticket("1"))]}))
    assert db.exec(select(Customer.name)).one() == "Organisation org-1"
    known = organisation(name="Acme", tier="gold", arr_cents=100, domains=("acme.example",))
    run(db, zendesk, Given({"customers": [page_of(known)], "more": [page_of(ticket("2"))]}))
    row = db.exec(select(Customer)).one()
    assert (row.name, row.tier, row.arr_cents, row.domains) == (
        "Acme",
        "gold",
        100,
        ["acme.example"],
    )
    assert set(db.exec(select(Ticket.customer_id))) == {row.id}


def test_a_changed_revenue_rescores_the_customers_bugs(db, zendesk, tracker):
    run(db, tracker, Given({"issues": [page_of(issue(12))]}))
    small = organisation(arr_cents=100_000)
    run(
        db,
        zendesk,
        Given({"a": [page_of(small)], "b": [page_of(ticket(refs=[("acme/app#12", "tag")]))]}),
    )
    before = db.exec(select(BugScore)).one().model_dump()
    run(db, zendesk, Given({"c": [page_of(organisation(arr_cents=800_000))]}))
    after = db.exec(select(BugScore)).one()
    assert after.score > before["score"]
    assert (before["arr_cents"], after.arr_cents) == (100_000, 800_000)
    assert db.exec(select(StaleScore)).all() == []


def test_a_source_that_keeps_no_text_keeps_subjects_only(db):
    options = {"keep_text": False}
    desk = make.source(db, name="zd", options=options).id
    tracker = make.source(db, "github", name="gh", options=options).id
    run(db, desk, Given({"t": [page_of(ticket(subject="Export", text="private"))]}))
    run(db, tracker, Given({"i": [page_of(issue(text="private"))]}))
    assert db.exec(select(Ticket.subject, Ticket.text)).one() == ("Export", "")
    assert db.exec(select(Bug.title, Bug.text)).one() == ("Export hangs", "")


def test_addresses_numbers_and_secrets_are_masked_on_the_way_in(db, zendesk, tracker):
    told = "Write to jane.doe@acme.example, card 4111 1111 1111 1111, ghp_abcdefghijklmnopqrstuvwx"
    run(db, zendesk, Given({"t": [page_of(ticket(subject=told, text=told))]}))
    run(db, tracker, Given({"i": [page_of(issue(title=told, text=told))]}))
    stored = [*db.exec(select(Ticket.subject, Ticket.text)).one()]
    stored += [*db.exec(select(Bug.title, Bug.text)).one()]
    for text in stored:
        assert text == "Write to [email], card [card], [token]"


def test_a_character_that_postgresql_cannot_store_does_not_stop_the_source(db, zendesk, tracker):
    odd = ticket(
        "1", subject="a\x00b", text="c\x00", tags=("d\x00",), refs=[("acme/app#12\x00", "tag")]
    )
    assert run(db, zendesk, Given({"t": [page_of(odd, organisation(name="e\x00"))]})).kept == 2
    assert (
        run(db, tracker, Given({"i": [page_of(issue(title="f\x00g", labels=("h\x00",)))]})).kept
        == 1
    )
    assert db.exec(select(Ticket.subject)).one().replace("\x00", "") == "ab"
    assert db.exec(select(Bug.title)).one().replace("\x00", "") == "fg"


def test_a_census_asks_for_each_bug_it_misses(db, tracker):
    run(db, tracker, Given({"issues": [page_of(*(issue(n) for n in range(1, 5)))]}))
    present = frozenset({"I1", "I2"})
    moved = issue(4, key="acme/new#4", at=LATER)
    census = Given({"census": [page_of(present=present)]}, found=[gone(3, "forbidden"), moved])
    run(db, tracker, census)
    assert sorted(key for key, _ in census.asked) == ["I3", "I4"]
    assert "https://github.test/acme/app/issues/3" in dict(census.asked)["I3"]
    seen = dict(db.exec(select(Bug.external_id, Bug.visibility)).all())
    assert seen == {"I1": "ok", "I2": "ok", "I3": "forbidden", "I4": "ok"}
    assert db.exec(select(Bug.key).where(Bug.external_id == "I4")).one() == "acme/new#4"


def test_most_bugs_gone_at_once_is_taken_for_a_lost_permission_and_buries_nothing(db, tracker):
    run(db, tracker, Given({"issues": [page_of(*(issue(n) for n in range(30)))]}))
    present = frozenset(f"I{n}" for n in range(14))
    census = Given(
        {"issues": [], "census": [page_of(present=present)]}, found=[gone(n) for n in range(30)]
    )
    outcome = run(db, tracker, census)
    assert outcome.failed is None
    assert "lost permission" in outcome.degraded[0]
    assert census.asked == []
    assert set(db.exec(select(Bug.visibility))) == {"ok"}
    assert db.get(Stream, (tracker, "census")).state == "degraded"
    assert db.get(Source, tracker).state == "degraded"
    fewer = Given(
        {"census2": [page_of(present=frozenset(f"I{n}" for n in range(18)))]},
        found=census.found.values(),
    )
    run(db, tracker, fewer)
    assert list(db.exec(select(Bug.visibility))).count("deleted") == 12


def test_a_bug_closed_in_its_tracker_ends_its_place_in_the_sprint(db, tracker):
    endings = {
        "fixed": "fixed",
        "wontfix": "wontfix",
        "duplicate": "duplicate",
        "invalid": "wontfix",
    }
    numbers = dict(enumerate([*endings, "unknown"], start=1))
    run(db, tracker, Given({"issues": [page_of(*(issue(n) for n in numbers))]}))
    make.sprint(db, *db.exec(select(Bug).order_by(Bug.external_id)).all())
    done = {"status_category": "done", "closed_at": LATER, "at": LATER}
    closed = [issue(n, resolution=how, **done) for n, how in numbers.items()]
    run(db, tracker, Given({"closed": [page_of(*closed)]}), at=LATER)
    items = db.exec(select(SprintItem).order_by(SprintItem.bug_id)).all()
    assert [item.state for item in items] == [*endings.values(), "open"]
    assert items[0].resolved_at == LATER
    reopened = issue(1, at=LATER + timedelta(hours=1))
    run(db, tracker, Given({"again": [page_of(reopened)]}))
    item = db.exec(select(SprintItem).order_by(SprintItem.bug_id)).first()
    assert (item.state, item.resolved_at) == ("reopened", None)


def test_ratings_are_kept_once_and_links_of_unknown_tickets_wait_for_nobody(db, zendesk):
    rating = Rating(ticket="1", external_id="r1", score="bad", system="legacy", at=DAWN)
    given = Given({"ratings": [page_of(rating, rating)]})
    run(db, zendesk, given)
    run(db, zendesk, given, full=True)
    assert db.exec(select(Link)).all() == []
