"""Copies are whole although somebody writes, and come back as they were, with sources paused."""

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.actions import tickets
from app.db import schema
from app.db.backup import verify
from app.db.engine import open_engine
from tests import make
from tests.cli.desk import lines, programs
from tests.conftest import empty

AT = datetime(2026, 1, 7, tzinfo=UTC)
DEFAULT = "sqlite:///var/bugsprint.db"


class Writer(threading.Thread):
    """Tags a ticket again and again: each time the tags and a note, in one transaction."""

    def __init__(self, engine, ticket_id) -> None:
        super().__init__()
        self.engine, self.ticket_id = engine, ticket_id
        self.ended, self.written = threading.Event(), 0

    def run(self) -> None:
        while not self.ended.is_set():
            with Session(self.engine) as db:
                tickets.tag(db, [self.ticket_id], add=[f"t{self.written}"], actor="Ann", at=AT)
            self.written += 1


@pytest.fixture
def filled(command, empty_home):
    """An engine on the default database with a source, a bug and its ticket."""
    command.done("migrate")
    engine = open_engine(DEFAULT)
    with Session(engine) as db:
        make.ticket(db, make.bug(db))
    yield engine
    engine.dispose()


def test_a_copy_taken_while_somebody_writes_is_whole(command, filled, tmp_path):
    writer = Writer(filled, 1)
    writer.start()
    try:
        while writer.written < 5:
            pass
        before = writer.written
        assert "checked" in command.done("backup", tmp_path / "copy.db")
        after = writer.written
    finally:
        writer.ended.set()
        writer.join()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        tags = copy.execute("SELECT json_array_length(own_tags) FROM ticket").fetchone()[0]
        notes = copy.execute("SELECT count(*) FROM activity WHERE verb = 'tagged'").fetchone()[0]
    assert tags == notes
    assert before <= notes <= after + 1


def test_a_copy_waits_for_nobody_who_writes(command, filled, tmp_path):
    with closing(sqlite3.connect("var/bugsprint.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "checked" in command.done("backup", tmp_path / "copy.db")


def test_a_copy_comes_back_as_it_was_with_its_sources_paused(
    command, filled, tmp_path, monkeypatch
):
    command.done("backup", tmp_path / "copy.db")
    command.done("export", tmp_path / "before")
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    printed = command.done("restore", tmp_path / "copy.db")
    command.done("export", tmp_path / "after")
    assert "2 sources paused" in printed
    for noun in (
        "tickets",
        "bugs",
        "customers",
        "links",
        "teams",
        "sprints",
        "outgoing",
        "dead_letters",
    ):
        assert lines(tmp_path / "after", noun) == lines(tmp_path / "before", noun)
    assert lines(tmp_path / "after", "activity")[-1]["verb"] == "restored"
    assert "paused" in command.done("source", "list")


def test_a_database_with_rows_is_not_overwritten(command, filled, tmp_path):
    command.done("backup", tmp_path / "copy.db")
    said = command("restore", tmp_path / "copy.db")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "not empty" in said.err


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_cut_copy_is_refused(command, filled, tmp_path, monkeypatch, part):
    command.done("backup", tmp_path / "copy.db")
    content = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(content[: int(len(content) * part)])
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    said = command("restore", tmp_path / "cut.db")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "cut.db" in said.err


def test_a_copy_never_takes_the_place_of_another_file(command, filled, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    assert command("backup", tmp_path / "copy.db").code == 1
    assert (tmp_path / "copy.db").read_text() == "mine"
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_an_older_database_is_copied_before_it_is_migrated(
    command, filled, empty_home, tmp_path, monkeypatch
):
    shutil.copytree(schema.ROOT / "migrations", tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "next.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = 'next', '{schema.newest()}'\n"
        "def upgrade():\n    op.execute('DELETE FROM bug_name')\n"
    )
    former = schema.newest()
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    said = command("source", "list")
    copy = empty_home / "var" / "bugsprint.db.before-next.bak"
    assert said.code == 0
    assert copy.name in said.err
    assert verify(copy).revision == former
    assert schema.current(filled) == "next"


def test_a_database_of_something_else_is_left_alone(command, tmp_path, monkeypatch):
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE stranger (id INTEGER)")
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    said = command("source", "list")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "holds a table “stranger”" in said.err


def test_a_schema_of_a_newer_release_is_refused(command, filled, tmp_path):
    with filled.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = command("source", "list")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "9999" in said.err


@pytest.fixture
def postgres(postgres_url, command, monkeypatch):
    """The command on a PostgreSQL, with that server's own programs on PATH."""
    monkeypatch.setenv("PATH", f"{programs()}:/usr/bin:/bin")
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", postgres_url)
    empty(postgres_url)
    yield command
    empty(postgres_url)


def test_a_postgresql_comes_back_through_its_own_programs(postgres, postgres_url, tmp_path):
    engine = open_engine(postgres_url)
    with Session(engine) as db:
        make.ticket(db, make.bug(db))
    engine.dispose()
    postgres.done("export", tmp_path / "before")
    assert "checked" in postgres.done("backup", tmp_path / "copy.dump")
    assert "not empty" in postgres("restore", tmp_path / "copy.dump").err
    empty(postgres_url)
    assert "2 sources paused" in postgres.done("restore", tmp_path / "copy.dump")
    postgres.done("export", tmp_path / "after")
    assert lines(tmp_path / "after", "tickets") == lines(tmp_path / "before", "tickets")


def test_a_missing_program_of_postgresql_is_named(postgres, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = postgres("backup", tmp_path / "copy.dump")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "pg_dump is not on PATH" in said.err


def test_a_copy_of_the_other_kind_is_refused(postgres, empty_home, tmp_path, monkeypatch):
    postgres.done("backup", tmp_path / "copy.dump")
    monkeypatch.setenv("BUGSPRINT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    said = postgres("restore", tmp_path / "copy.dump")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "PostgreSQL" in said.err


def test_a_postgresql_is_migrated_only_when_somebody_says_so(postgres, postgres_url):
    engine = open_engine(postgres_url)
    schema.downgrade(engine, "base")
    said = postgres("source", "list")
    postgres.done("migrate")
    engine.dispose()
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "bugsprint migrate" in said.err
    postgres.done("source", "list")
