"""Commands that can be killed, on databases of both kinds."""

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


@pytest.fixture
def deadly(empty_home: Path, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killer]:
    """Commands that can be killed, with PostgreSQL's own programs at hand."""
    monkeypatch.setenv("PATH", str(programs()), prepend=":")
    with killer() as lent:
        lent.url = template
        yield lent
