"""A fresh database of both kinds for every test that asks for one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import Scheduling  # type: ignore[import-untyped]

from app.db.engine import open_engine
from app.db.schema import upgrade
from tests.postgres import running_postgres
from tests.together import BrowserTestsTogether


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Give out single tests, and the browser's together (xdist's own groups miss pytest 9.2)."""
    if config.getvalue("dist") != "loadgroup":
        return None
    return BrowserTestsTogether(config, log)


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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database."""
    if request.param == "sqlite":
        file = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), file)
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("postgres_url")
    empty(url)
    return url


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


def empty(url: str) -> None:
    """Take every row out of a PostgreSQL."""
    engine = open_engine(url)
    names = ", ".join(f'"{table.name}"' for table in SQLModel.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
