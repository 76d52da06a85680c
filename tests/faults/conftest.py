"""Commands that can be killed, on a database of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import command, empty_home
from tests.cli.desk import programs
from tests.faults.killing import Killer, killer
from tests.fresh import fresh_database

__all__ = ["command", "empty_home"]


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


@pytest.fixture
def migrated(deadly: Killer, database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a new database with our tables, on which those commands work."""
    with fresh_database(database_url, tmp_path, database_url) as url:
        deadly.url = url
        yield url
