from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlmodel import select

from app.core.vocabulary import CustomerKind, TicketStatus
from app.db.models import Customer, Ticket
from app.db.queries.upsert import upsert
from tests import make

MOMENT = datetime(2026, 3, 29, 1, 59, 59, 120, tzinfo=UTC)
KEYS = ("source_id", "external_id")


def row(source, **more):
    stored = Ticket(source_id=source.id, external_id="1", subject="é “x”", status=TicketStatus.open)
    stored.created_at, stored.updated_at = MOMENT, make.DAWN
    stored.tags = ["a", "ü", '"']
    kept = stored.model_dump(exclude={"id", "own_tags"})
    return kept | more


def test_rows_written_in_bulk_are_kept_as_the_model_keeps_them(db):
    source, other = make.source(db), make.source(db)
    upsert(db, Ticket, [row(source)], keys=KEYS, newer="stamp")
    db.add(Ticket(**row(other)))
    db.commit()
    columns = "subject, status, tags, own_tags, created_at, updated_at, solved_at, reopens"
    raw = db.execute(text(f"SELECT {columns} FROM ticket ORDER BY source_id")).all()
    assert raw[0] == raw[1]


@pytest.mark.parametrize("moment", [MOMENT, MOMENT.replace(microsecond=0)])
def test_an_instant_of_another_zone_is_kept_as_the_same_instant(db, moment):
    abroad = moment.astimezone(timezone(timedelta(hours=2)))
    upsert(db, Ticket, [row(make.source(db), created_at=abroad)], keys=KEYS)
    db.commit()
    assert db.exec(select(Ticket.created_at)).one() == moment


@pytest.mark.parametrize("moments", [[make.DAWN, None, make.DAWN], [MOMENT, None, make.DAWN]])
def test_instants_of_a_page_are_kept_with_and_without_parts_of_a_second(db, moments):
    source = make.source(db)
    rows = [row(source, external_id=str(n), solved_at=at) for n, at in enumerate(moments)]
    upsert(db, Ticket, rows, keys=KEYS)
    other = make.source(db)
    for each in rows:
        db.add(Ticket(**each | {"source_id": other.id}))
    db.commit()
    kept = stored(db, "external_id, solved_at")
    assert kept[:3] == kept[3:]


def test_a_word_that_is_none_of_ours_is_refused(db):
    with pytest.raises(Exception, match="no such"):
        upsert(db, Ticket, [row(make.source(db), status="no such")], keys=KEYS)


def test_days_and_lists_come_back_as_they_were(db):
    kept = Customer(
        source_id=make.source(db).id, external_id="1", kind=CustomerKind.organization, name="Acme"
    ).model_dump(exclude={"id"})
    kept |= {"renewal_on": date(2026, 2, 28), "domains": ["acme.example"]}
    upsert(db, Customer, [kept], keys=KEYS)
    db.commit()
    found = db.exec(select(Customer)).one()
    assert (found.renewal_on, found.domains) == (date(2026, 2, 28), ["acme.example"])


def many(source, **more):
    given = row(source, **more)
    return [given | {"external_id": str(number), "reopens": number} for number in range(60)]


def stored(db, columns):
    return db.execute(text(f"SELECT {columns} FROM ticket ORDER BY id")).all()


def test_a_page_written_at_once_is_kept_as_rows_written_one_by_one(db):
    source, other = make.source(db), make.source(db)
    upsert(db, Ticket, many(source), keys=KEYS, newer="stamp")
    for each in many(other):
        upsert(db, Ticket, [each], keys=KEYS, newer="stamp")
    db.commit()
    columns = "external_id, subject, status, tags, own_tags, created_at, solved_at, reopens, stamp"
    kept = stored(db, columns)
    assert (len(kept), kept[:60]) == (120, kept[60:])


def test_a_page_of_older_versions_changes_nothing_and_a_newer_one_all(db):
    source = make.source(db)
    upsert(db, Ticket, many(source, stamp=5), keys=KEYS, newer="stamp")
    upsert(db, Ticket, many(source, stamp=4, subject="old"), keys=KEYS, newer="stamp")
    assert {subject for (subject,) in stored(db, "subject")} == {"é “x”"}
    upsert(db, Ticket, many(source, stamp=6, subject="new"), keys=KEYS, newer="stamp")
    assert {subject for (subject,) in stored(db, "subject")} == {"new"}


@pytest.mark.parametrize(
    "strange",
    ["", "'; DROP TABLE ticket; --", '{"$[0]": 1}', "\\u0000", "\u2028\U0001f41e", "null", "1e400"],
)
def test_strange_text_in_a_page_comes_back_to_the_letter(db, strange):
    upsert(db, Ticket, many(make.source(db), subject=strange, text=strange), keys=KEYS)
    db.commit()
    assert set(db.exec(select(Ticket.subject, Ticket.text))) == {(strange, strange)}


def test_a_text_in_a_page_does_not_end_at_a_nul(db):
    if db.get_bind().dialect.name == "sqlite":  # the other database refuses it, and sync drops it
        upsert(db, Ticket, many(make.source(db), subject="before\x00after"), keys=KEYS)
        db.commit()
        kept = set(db.exec(select(Ticket.subject)))
        assert {subject.replace("\x00", "") for subject in kept} == {"beforeafter"}


def test_large_ids_in_a_page_are_kept_exactly(db):
    largest = 2**63 - 1
    upsert(db, Ticket, many(make.source(db), stamp=largest), keys=KEYS)
    db.commit()
    assert set(db.exec(select(Ticket.stamp))) == {largest}
