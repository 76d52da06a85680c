"""A consistent copy of the database while it is in use, and the way back from it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from app.core.errors import Conflict, Invalid
from app.db import backup_postgres, contents, schema

HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a verified copy holds."""

    revision: str
    rows: int


def back_up(engine: Engine, file: Path) -> Copied:
    """Copy the database into a file, which appears only after the copy was opened and checked."""
    if file.exists() and file.stat().st_size:
        raise Conflict(f"There is a file {file} already; choose another name or remove it first.")
    if not file.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {file.absolute().parent} to put the copy into.")
    partial = file.with_name(f"{file.name}.part")
    _forget(partial)  # an earlier try may have been killed
    try:
        if engine.dialect.name == "sqlite":
            _copy_sqlite(_path(engine), partial)
            copied = verify(partial)
        else:
            rows = backup_postgres.dump(engine, partial)
            copied = Copied(backup_postgres.revision(partial), rows)
        partial.chmod(0o600)
        _sync(partial)
        os.replace(partial, file)
    finally:
        _forget(partial)
    return copied


def restore(engine: Engine, file: Path) -> Copied:
    """Fill an empty database from a copy; its schema may be older than this release."""
    with file.open("rb") as opened:
        is_sqlite = opened.read(len(HEADER)) == HEADER
    if is_sqlite != (engine.dialect.name == "sqlite"):
        other = "SQLite" if is_sqlite else "PostgreSQL"
        raise Invalid(f"{file} is not a copy of this kind of database, but perhaps of {other}.")
    taken = contents.first_with_rows(engine)
    if taken:
        raise Conflict(
            f"The database is not empty (there are rows in “{taken}”); "
            "restore into a new one, and set BUGSPRINT_DATABASE_URL to it."
        )
    if not is_sqlite:
        return _restore_postgres(engine, file)
    copied = verify(file)
    schema.refuse_unknown_copy(copied.revision, file)
    engine.dispose()
    _copy_sqlite(file, _path(engine), wal=True)
    return copied


def _restore_postgres(engine: Engine, file: Path) -> Copied:
    backup_postgres.tables(file)
    revision = backup_postgres.revision(file)
    schema.refuse_unknown_copy(revision, file)
    if schema.current(engine) is not None:
        # Tables that the copy does not know would stand in the way of its own and of a migration.
        schema.downgrade(engine, "base")
    return Copied(revision, backup_postgres.fill(engine, file))


def verify(file: Path) -> Copied:
    """Open a SQLite copy and check its pages, references, schema and rows."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        try:
            state = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = sum(contents.count_sqlite(copy).values())
        except sqlite3.DatabaseError as error:
            raise Invalid(f"{file} is not a whole copy of a Bugsprint database: {error}.") from None
    if state != "ok" or broken:
        raise Invalid(
            f"{file} is damaged and cannot be used: {state if state != 'ok' else broken}."
        )
    return Copied(str(revision[0]) if revision else "", rows)


def _copy_sqlite(source: Path, target: Path, *, wal: bool = False) -> None:
    with _opened(source) as old, _opened(target) as new:
        old.backup(new)
        # A copy is one file; a database in use has its log beside it.
        new.execute(f"PRAGMA journal_mode = {'wal' if wal else 'delete'}")


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as connection:
        yield connection


def _path(engine: Engine) -> Path:
    if not engine.url.database:
        raise Invalid("A database in memory cannot be copied.")
    return Path(engine.url.database)


def _forget(partial: Path) -> None:
    for name in (partial.name, f"{partial.name}-journal", f"{partial.name}-wal"):
        partial.with_name(name).unlink(missing_ok=True)


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
