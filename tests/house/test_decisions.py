"""What docs/decisions promise and no other test looks at."""

import re
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.actions.limits import SharedLimiter
from app.actions.vault import Vault
from app.db.engine import is_busy, open_engine, read_only
from tests.house.tree import ROOT, files, imported, name_of, of_package

ASYNC_DRIVERS = {"aiosqlite", "asyncpg", "psycopg-async", "aiomysql"}
UNSAFE_VERBS = re.compile(r"\.(?:post_json|post|put|patch|delete)\(\s*[\"'](?P<path>/[^\"']*)")


def test_no_asynchronous_database_driver_is_installed():
    text_ = (ROOT / "requirements/base.txt").read_text()
    names = {line.split("==")[0] for line in text_.splitlines() if "==" in line}
    assert names & ASYNC_DRIVERS == set()


def test_the_live_stream_knows_no_database_session():
    names = imported(ROOT / "app/web/live.py")
    assert of_package(names, "sqlalchemy") | of_package(names, "sqlmodel") == set()
    assert {name for name in names if name.startswith(("app.db", "app.views"))} == set()


def test_connectors_write_nothing_but_messages_and_a_request_for_a_token():
    connectors = [p for p in files("integrations", suffix=".py") if "simulators" not in p.parts]
    written = {
        (name_of(path), found["path"])
        for path in connectors
        for found in UNSAFE_VERBS.finditer(path.read_text(encoding="utf-8"))
    }
    assert written == {("integrations/zendesk/session.py", "/oauth/tokens")}
    verbs = re.findall(r'method="(\w+)"', (ROOT / "integrations/http.py").read_text())
    assert set(verbs) == {"GET", "POST", "PUT"}
    assert naming(connectors, "put_json(") == {
        "integrations/http.py",
        "integrations/zendesk/session.py",
    }
    assert naming(connectors, "_session.put(") == {"integrations/zendesk/push.py"}
    assert naming(connectors, "writes=True") == {"integrations/zendesk/push.py"}


def test_only_the_sender_makes_what_can_write():
    product = files("app", "integrations", suffix=".py")
    assert naming(product, ".messenger(") == {"app/actions/sending.py"}
    assert naming(product, "MESSENGERS[") == {"app/actions/connect.py"}
    importing = {name_of(p) for p in product if any(".push" in n for n in imported(p))}
    assert importing == set()


def naming(paths, words):
    return {name_of(path) for path in paths if words in path.read_text(encoding="utf-8")}


@pytest.fixture
def sqlite(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'locks.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (n INTEGER)"))
        connection.execute(text("INSERT INTO one VALUES (1)"))
    yield engine
    engine.dispose()


def test_sqlite_synchronises_fully_and_checks_references(sqlite):
    with sqlite.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("synchronous", "foreign_keys", "journal_mode", "busy_timeout")
        }
    assert found == {
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_mode": "wal",
        "busy_timeout": 1500,
    }


def test_a_writer_takes_the_lock_before_it_reads_and_readers_read_on(sqlite):
    with sqlite.connect() as writer, writer.begin():
        with read_only(sqlite).connect() as reader:
            assert reader.execute(text("SELECT n FROM one")).scalar_one() == 1
        with sqlite.connect() as second, pytest.raises(OperationalError) as refused:
            second.execute(text("SELECT n FROM one"))
    assert is_busy(refused.value)


class Clock:
    """A clock that a sleeper moves on."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_a_vendors_limit_holds_over_several_engines_in_any_60_seconds(database_url):
    clock, passed = Clock(), []
    engines = [open_engine(database_url) for _ in range(2)]
    limiters = [SharedLimiter(engine, clock, clock.sleep) for engine in engines]
    for turn in range(12):
        limiters[turn % 2].wait("zendesk:example:incremental", 5)
        passed.append(clock.now)
        clock.now += 1.0
    for engine in engines:
        engine.dispose()
    assert all(later - first >= 60 for first, later in zip(passed, passed[5:], strict=False))
    assert all(first <= later for first, later in pairwise(passed))
    assert passed[-1] - passed[0] < 180


def test_a_pseudonym_is_the_same_with_a_key_and_another_with_another():
    one, other = Vault("a secret key of length"), Vault("another key of length")
    assert one.pseudonym("requester 12") == one.pseudonym("requester 12")
    assert one.pseudonym("requester 12") != other.pseudonym("requester 12")
    assert one.pseudonym("12") != "12"
