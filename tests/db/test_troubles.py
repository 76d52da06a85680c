"""What stands in the way for a while is told apart from a defect, by the database's own codes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.errors import Invalid
from app.db.engine import open_engine, trouble


@pytest.fixture
def postgres(postgres_url):
    engine = open_engine(postgres_url)
    yield engine
    engine.dispose()


def word_of(engine, statement):
    with pytest.raises(OperationalError) as caught, engine.connect() as connection:
        connection.execute(text(statement))
    found = trouble(caught.value)
    return found and found[0]


@pytest.mark.parametrize(
    ("state", "word"), [("53100", "full"), ("55P03", "busy"), ("40P01", "busy"), ("58000", None)]
)
def test_postgresql_says_what_is_wrong_by_a_code(postgres, state, word):
    raised = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"
    assert word_of(postgres, raised) == word


def test_a_connection_that_was_cut_is_away_and_the_next_one_works(postgres):
    assert word_of(postgres, "SELECT pg_terminate_backend(pg_backend_pid())") == "away"
    with postgres.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_server_that_is_not_there_is_away():
    assert word_of(open_engine("postgresql://me@127.0.0.1:1/none"), "SELECT 1") == "away"


@pytest.mark.parametrize(
    ("url", "hosts", "ports"),
    [
        ("postgresql://me:x@a:1,b:2/db?target_session_attrs=read-write", "a,b", "1,2"),
        ("postgresql://me@a,b:6000/db", "a,b", "5432,6000"),
        ("postgresql://me@[::1]:1,b/db", "::1,b", "1,5432"),
    ],
)
def test_an_address_may_name_several_servers(url, hosts, ports):
    engine = open_engine(url)
    told = engine.dialect.create_connect_args(engine.url)[1]
    assert (told["host"], told["port"], told["user"], told["dbname"]) == (hosts, ports, "me", "db")
    assert told["connect_timeout"] == "3"


def test_a_port_that_is_none_is_refused_in_a_sentence():
    with pytest.raises(Invalid, match="BUGSPRINT_DATABASE_URL must look like"):
        open_engine("postgresql://me@a:one/db")
