"""PostgreSQL knows how large its tables are as soon as a reading has filled them."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.db.table_sizes import GROWING, MANY_ROWS
from tests import make
from tests.actions.sources import Given, page_of, run, ticket
from tests.conftest import begun_anew
from tests.engines import open_engine

# What stays of a table that was looked at after it was emptied, and before it was filled again.
EMPTIED = "UPDATE pg_class SET reltuples = 0, relpages = 3 WHERE relname = ANY(:names)"
BELIEVED = "SELECT reltuples FROM pg_class WHERE relname = 'ticket'"


@pytest.fixture
def emptied(postgres_url):
    """A session on a PostgreSQL that believes its tables to be empty."""
    with Session(open_engine(begun_anew(postgres_url))) as db:
        db.execute(text(EMPTIED), {"names": GROWING.split(", ")})
        db.commit()
        yield db


def test_a_reading_of_many_records_is_believed_at_once(emptied):
    zendesk = make.source(emptied, "zendesk")
    tickets = [ticket(str(number)) for number in range(MANY_ROWS)]
    run(emptied, zendesk, Given({"tickets": [page_of(*tickets)]}))
    assert emptied.execute(text(BELIEVED)).scalar_one() == MANY_ROWS
