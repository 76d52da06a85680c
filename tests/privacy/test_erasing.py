"""Erased means erased: in the rows, in the bytes, after the next reading, and for nobody else."""

import gc

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, select

from app.actions import auditing, erasing, finding
from app.actions.finding import Whom
from app.core.errors import Invalid, NotFound
from app.db import scrubbing
from app.db.models import (
    Activity,
    Customer,
    DeadLetter,
    Erasure,
    IdempotencyKey,
    Link,
    Mention,
    Outgoing,
    Rating,
    Ticket,
)
from tests import make
from tests.actions.sources import VAULT, Given, page_of, run, ticket
from tests.make import DAWN
from tests.privacy import people
from tests.privacy.canary import in_database
from tests.privacy.people import ANN, BOB, BYSTANDER, CANARY, LATER, known


def erase(db, kind, name, source=None):
    db.rollback()
    with Session(db.get_bind()) as own:
        done = erasing.erase(own, VAULT, Whom(kind, name, source), actor="Adi", at=LATER)
    db.expire_all()
    return done


def forget_all_three(db):
    """Erase both people and the organisation, which is everybody who has the canary."""
    for kind, name in (("person", ANN), ("person", BOB), ("customer", "org-1")):
        erase(db, kind, name)


def left(db):
    """Let go of every connection, as a process would that ends, and look at the bytes."""
    engine = db.get_bind()
    db.close()
    gc.collect()
    return in_database(engine, [CANARY])


def test_a_person_is_gone_from_every_row_and_nobody_else_is(db):
    known(db)
    done = erase(db, "person", ANN)
    assert (done.tickets, done.dead_letters, done.messages, done.notes) == (1, 1, 1, 1)
    ann = db.exec(select(Ticket).where(Ticket.external_id == "1")).one()
    assert (ann.subject, ann.text, ann.url, ann.tags, ann.own_tags, ann.requester) == (
        "[erased]", "", None, [], [], None,
    )  # fmt: skip
    assert db.exec(select(Rating)).all() == []
    assert db.exec(select(Mention).where(Mention.ticket_id == ann.id)).all() == []
    assert [x.state for x in db.exec(select(Link).where(Link.ticket_id == ann.id))] == ["confirmed"]
    letters = {row.payload for row in db.exec(select(DeadLetter))}
    assert sum(CANARY in payload for payload in letters) == 1
    others = {row.external_id: row.text for row in db.exec(select(Ticket))}
    assert others["3"] == BYSTANDER and CANARY in others["2"]
    messages = {row.transition: (row.state, row.body) for row in db.exec(select(Outgoing))}
    assert messages["t0"] == ("cancelled", "[erased]")
    assert messages["t2"] == ("draft", BYSTANDER)


def test_the_number_of_one_person_is_not_found_inside_anothers(db):
    known(db)
    erase(db, "person", ANN)
    assert any("9001" in row.payload for row in db.exec(select(DeadLetter)))


def test_a_customer_is_gone_with_name_revenue_and_tickets(db):
    known(db)
    done = erase(db, "customer", f"{CANARY} Ltd")
    assert (done.tickets, done.customers) == (2, 1)
    row = db.exec(select(Customer).where(Customer.name == "Erased customer")).one()
    assert (row.arr_cents, row.domains, row.deleted, row.tier) == (None, [], True, None)
    assert row.external_id.startswith("erased:")


def test_a_kept_answer_that_names_a_customer_is_emptied_and_still_not_done_twice(db):
    known(db)
    erase(db, "customer", "org-1")
    kept = {
        row.key: (row.status, row.body, row.fingerprint) for row in db.exec(select(IdempotencyKey))
    }
    assert kept == {"about acme": (200, "", "f"), "other": (200, BYSTANDER, "f")}


def test_what_somebody_was_answered_here_goes_with_their_address(db):
    known(db)
    user = make.user(db, email="ann@acme.example")
    for key, who, body in (("k1", f"person {user.id}", "hers"), ("k2", "person 999", "of others"),
                           ("k3", "person 999", '"to Ann@Acme.example"')):  # fmt: skip
        db.add(IdempotencyKey(who=who, key=key, fingerprint="f", status=200, body=body, at=LATER))
    db.commit()
    erase(db, "person", "ann@acme.example")
    left = {row.key: row.body for row in db.exec(select(IdempotencyKey))}
    assert (left["k1"], left["k2"], left["k3"]) == ("", "of others", "")


def test_the_log_still_verifies_and_says_who_erased(db):
    known(db)
    erase(db, "person", ANN)
    verdict = auditing.check(db)
    assert (verdict.broken_at, verdict.erased) == (None, 1)
    last = db.exec(select(Activity).order_by(Activity.id.desc())).first()
    assert (last.actor, last.verb) == ("Adi", "erased")
    assert f"person {ANN}" not in last.detail


@pytest.mark.parametrize("full", [False, True])
def test_the_next_reading_does_not_bring_anybody_back(db, full):
    found = known(db)
    forget_all_three(db)
    confirmed = len(db.exec(select(Link)).all())
    assert confirmed >= 1
    again = page_of(
        *people.page(stamp=2).records,
        ticket("4", requester=ANN, subject=CANARY, text=CANARY, stamp=2),
        ticket("5", requester=BOB, customer=None, subject=CANARY, text=CANARY, stamp=2),
        people.acme(),
        people.rated("r2"),
        rejected=people.page().rejected,
    )
    run(db, found.source, Given({"tickets": [again], "more": [again]}), full=full)
    db.expire_all()
    everything = [row.model_dump_json() for m in (Ticket, Customer, DeadLetter, Rating, Mention)
                  for row in db.exec(select(m))]  # fmt: skip
    assert len(everything) >= 7
    assert [row for row in everything if CANARY in row] == []
    assert db.exec(select(Ticket.text).where(Ticket.external_id == "3")).one() == ""
    assert len(db.exec(select(Customer).where(Customer.name == "Erased customer")).all()) == 2
    assert [link.state for link in db.exec(select(Link))] == ["confirmed"] * confirmed


def test_a_ticket_that_its_source_deletes_later_brings_nobody_back(db):
    found = known(db)
    erase(db, "person", ANN)
    gone = ticket("1", requester=None, status="deleted", subject=CANARY, text="", stamp=3)
    run(db, found.source, Given({"more": [page_of(gone)]}))
    row = db.exec(select(Ticket).where(Ticket.external_id == "1")).one()
    db.refresh(row)
    assert (row.status, row.subject) == ("deleted", "[erased]")


def test_a_deleted_ticket_is_still_known_to_be_somebodys(db):
    found = known(db)
    gone = ticket("1", requester=None, status="deleted", subject=CANARY, text="", stamp=3)
    run(db, found.source, Given({"more": [page_of(gone)]}))
    assert erase(db, "person", ANN).tickets == 1


def test_a_source_connected_anew_remembers_whom_it_forgot(db):
    known(db)
    erase(db, "person", ANN)
    other = make.source(db, "zendesk", name="zd2", options={"subdomain": "acme"})
    stranger = make.source(db, "zendesk", name="zd3", options={"subdomain": "other"})
    for source in (other, stranger):
        run(db, source, Given({"tickets": [page_of(ticket("1", requester=ANN, text="words"))]}))
    texts = dict(
        db.exec(select(Ticket.source_id, Ticket.text).where(Ticket.external_id == "1")).all()
    )
    assert (texts[other.id], texts[stranger.id]) == ("", "words")


@pytest.fixture
def careless(db):
    """A SQLite that leaves deleted rows where they were, as most builds do; this one may not."""
    engine = db.get_bind()

    def leave_them(connection, _record):
        connection.execute("PRAGMA secure_delete = off")

    if engine.dialect.name == "sqlite":
        db.close()
        engine.dispose()
        event.listen(engine, "connect", leave_them)


def test_not_a_byte_is_left_in_the_database(db, careless):
    known(db)
    engine = db.get_bind()
    with engine.begin() as connection:  # so that the statistics have samples of it, too
        connection.execute(text("ANALYZE"))
    db.close()
    before = in_database(engine, [CANARY])
    assert sum(before.values()) >= 8
    forget_all_three(db)
    db.close()
    assert erasing.scrub_now(engine) is None
    assert left(db) == {}


@pytest.mark.parametrize("missing", ["VACUUM", "checkpoint"])
def test_without_rewriting_the_files_the_bytes_would_still_be_there(
    db, careless, monkeypatch, missing
):
    """The proof that the test above can see what it looks for."""
    known(db)
    engine = db.get_bind()
    forget_all_three(db)
    db.close()
    with monkeypatch.context() as planted:
        planted.setattr(scrubbing, "_scrub_postgres", half if missing == "checkpoint" else nothing)
        planted.setattr(scrubbing, "_scrub_sqlite", without(missing))
        assert erasing.scrub_now(engine) is None
    keeper = engine.connect()  # the last connection to close would cut the log by itself
    found = in_database(engine, [CANARY])
    keeper.close()
    assert sum(found.values()) >= 1


def nothing(_engine):
    """Leave PostgreSQL's files as they are."""


def half(engine):
    """Only mark the space as free, as VACUUM alone does."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in scrubbing.TABLES:
            connection.execute(text(f"VACUUM {table}"))


def without(missing):
    """Return the rewriting of a SQLite file with a step left out."""

    def scrub(file):
        with scrubbing.closing(scrubbing.sqlite3.connect(file, isolation_level=None)) as connection:
            if missing != "VACUUM":
                connection.execute("VACUUM")
            if missing != "checkpoint":
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return scrub


def test_whoever_is_not_here_is_refused_and_nothing_changes(db):
    known(db)
    for kind, name in (("person", "77"), ("person", "x@y.example"), ("customer", "Nobody Ltd")):
        with pytest.raises(NotFound, match="nothing was changed"):
            erase(db, kind, name)
    db.rollback()
    assert db.exec(select(Erasure)).all() == []


def test_a_number_that_two_sources_use_needs_the_source_named(db):
    known(db)
    second = make.source(db, "file", name="sheet", options={"path": "sheet.csv"})
    run(db, second, Given({"tickets": [page_of(ticket("1", requester=ANN, text="of another"))]}))
    with pytest.raises(Invalid, match="sheet"):
        erase(db, "person", ANN)
    assert erase(db, "person", ANN, "zd").tickets == 1
    assert "of another" in db.exec(select(Ticket.text)).all()


def test_an_address_finds_unread_records_and_notes(db):
    source = make.source(db, "zendesk", name="zd")
    db.add(DeadLetter(source_id=source.id, stream="t", reason="no date", at=DAWN,
                      payload='{"email": "Ann@Acme.example"}', payload_hash="h"))  # fmt: skip
    db.commit()
    assert erase(db, "person", "ann@acme.example").dead_letters == 1
    assert db.exec(select(DeadLetter.payload)).one() == "[erased]"
    assert len(db.exec(select(Erasure)).all()) == 1


def test_the_same_person_is_found_for_an_export(db):
    known(db)
    with Session(db.get_bind()) as own:
        match = finding.find(own, VAULT, Whom("person", BOB), at=LATER)
    assert len(match.found.tickets) == 1
