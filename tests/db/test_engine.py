"""How an engine of SQLite treats what it writes."""

from sqlalchemy import text

from app.db.engine import open_engine, repeatable
from app.db.models import Ticket
from app.db.queries.among import rows_among
from tests import make

FULL, NORMAL = 2, 1


def waits(engine):
    """Return SQLite's word for how long a commit of this engine waits for the disk."""
    with engine.begin() as connection:
        return connection.execute(text("PRAGMA synchronous")).scalar()


def test_only_what_a_source_still_has_is_committed_without_waiting_for_the_disk(empty_sqlite):
    engine = open_engine(f"sqlite:///{empty_sqlite}")
    assert [waits(engine), waits(repeatable(engine)), waits(engine)] == [FULL, NORMAL, FULL]
    assert engine.pool.checkedin() == 1, "Each was asked of the same connection."
    engine.dispose()


def test_a_thousand_values_are_one_parameter_and_foreign_ones_find_nothing(db):
    first = make.ticket(db, subject="a")
    other = make.ticket(db, subject="b")
    wanted = [first.external_id, "'; --", "\\", "ü", *map(str, range(10**6, 10**6 + 1000))]
    found = rows_among(db, Ticket, ("external_id", "id"), wanted, source_id=first.source_id)
    assert [tuple(row) for row in found] == [(first.external_id, first.id)]
    assert other.id != first.id
    assert rows_among(db, Ticket, ("external_id", "id"), wanted, source_id=999) == []
    assert rows_among(db, Ticket, ("external_id", "id"), [], source_id=first.source_id) == []
