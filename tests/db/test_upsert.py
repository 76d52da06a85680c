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


def test_an_instant_of_another_zone_is_kept_as_the_same_instant(db):
    abroad = MOMENT.astimezone(timezone(timedelta(hours=2)))
    upsert(db, Ticket, [row(make.source(db), created_at=abroad)], keys=KEYS)
    db.commit()
    assert db.exec(select(Ticket.created_at)).one() == MOMENT


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
