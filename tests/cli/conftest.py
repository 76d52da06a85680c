"""The command in an empty working directory, with a database of its own."""

import logging
import os

import pytest

from tests.cli.desk import ROOT, Command


@pytest.fixture
def empty_home(tmp_path, monkeypatch):
    """A working directory without settings but a secret key; the default database is in it."""
    for name in list(os.environ):
        if name.startswith("BUGSPRINT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BUGSPRINT_SECRET_KEY", "a key for tests only, 32 letters")
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for processes of their own
    monkeypatch.chdir(home)
    yield home
    logging.getLogger().setLevel(logging.WARNING)


@pytest.fixture
def command(empty_home, capsys):
    """The command on the default database."""
    return Command(capsys)


@pytest.fixture
def on_both(command, database_url, monkeypatch):
    """The command on an empty database of either kind."""
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", database_url)
    return command
