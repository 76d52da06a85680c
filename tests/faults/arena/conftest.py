"""Two servers over one database of either kind, at which many compete."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.db.engine import open_engine
from tests.conftest import empty
from tests.faults.servers import Server, World, serving, world
from tests.sizes import size

BUGS = size(320, 1600)
PROGRAMS = 20


@dataclass
class Arena:
    """Where people compete: two servers, the world they show, and its database."""

    servers: list[Server]
    world: World
    engine: Engine
    taken: int = 0

    def take(self, count: int) -> list[int]:
        """Return so many bugs that no test has had: none meets what another one left."""
        found = self.world.bugs[self.taken :][:count]
        assert len(found) == count, "The arena has too few bugs."
        self.taken += count
        return found


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def arena(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arena]:
    """Two servers on a database with many open bugs."""
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
