"""A fresh database of both kinds for every test that asks for one."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import Scheduling  # type: ignore[import-untyped]

from tests.engines import open_engine, share  # isort: split

from app.actions import passwords
from app.db.schema import upgrade
from tests.postgres import running_postgres
from tests.sizes import NIGHTLY, size
from tests.together import CostlyTestsTogether

FEW_COLLECTIONS = (20_000, 50, 50)
# Only what was used: to truncate sixty tables takes longer than most tests.
EMPTY = """
DO $$ DECLARE name text; used boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY string_to_array(current_setting('tests.tables'), ',') LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO used;
    IF used THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""


# By day the same examples in every run: what fails here failed before it was handed in.
settings.register_profile("sized", derandomize=not NIGHTLY, max_examples=size(60, 300))
settings.load_profile("sized")


def pytest_configure() -> None:
    """Look for no garbage while modules load: what they make stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from now on, as seldom as the product, and never among what stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*FEW_COLLECTIONS)
    gc.enable()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Give out single tests, and costly ones together (xdist's own groups miss pytest 9.2)."""
    if config.getvalue("dist") != "loadgroup":
        return None
    return CostlyTestsTogether(config, log)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()  # closing the last connection folds the write-ahead log into the file
    return file


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running PostgreSQL with our schema."""
    with running_postgres() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("empty_sqlite")
        return begun_anew(f"sqlite:///{file.with_name('test.db')}", file)
    url: str = request.getfixturevalue("postgres_url")
    return begun_anew(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database."""
    made = open_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session on an empty database."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with so little work that a hundred attempts take no minute."""
    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "_decoy", lambda: cheap.hash("nobody"))


def begun_anew(url: str, template: Path | None = None) -> str:
    """Empty the database that tests share at this address; a SQLite file is copied anew."""
    share(url)
    if template is None:
        empty(url)
        return url
    file = template.with_name("test.db")
    for old in file.parent.glob("test.db*"):
        old.unlink()
    shutil.copy(template, file)
    return url


def empty(url: str) -> None:
    """Take every row out of a PostgreSQL, and let its numbers begin anew."""
    names = [table.name for table in SQLModel.metadata.sorted_tables]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('tests.tables', %s, false)", (",".join(names),))
        connection.execute(EMPTY)
