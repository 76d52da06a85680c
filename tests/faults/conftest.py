"""Commands that can be killed, and two servers over one database, of either kind."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.db.engine import open_engine
from tests.cli.conftest import command, empty_home
from tests.cli.desk import programs
from tests.conftest import empty
from tests.faults.killing import Killer, killer
from tests.faults.servers import Server, World, serving, world
from tests.fresh import fresh_database
from tests.sizes import size

__all__ = ["command", "empty_home"]
BUGS = size(320, 1600)
PROGRAMS = 20


@pytest.fixture
def template(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a new database of either kind, without any table."""
    with fresh_database(database_url, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def one_killer() -> Iterator[Killer]:
    """The process that has the product loaded: to load it takes longer than most commands."""
    with killer() as lent:
        yield lent


@pytest.fixture
def deadly(
    one_killer: Killer, empty_home: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> Killer:
    """Commands that can be killed, with PostgreSQL's own programs at hand."""
    monkeypatch.setenv("PATH", str(programs()), prepend=":")
    one_killer.url = template
    return one_killer


@dataclass(frozen=True)
class Arena:
    """Where people compete: two servers, the world they show, and its database."""

    servers: list[Server]
    world: World
    engine: Engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def arena(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arena]:
    """Two servers on a database with many open bugs; each test takes bugs of its own."""
    home: Path = tmp_path_factory.mktemp("arena")
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("empty_sqlite"), home / "arena.db")
        url = f"sqlite:///{file}"
    else:
        url = request.getfixturevalue("postgres_url")
        empty(url)
    engine = open_engine(url)
    prepared = world(engine, bugs=BUGS, programs=PROGRAMS)
    with serving(url, home, count=2) as servers:
        yield Arena(servers, prepared, engine)
    engine.dispose()
