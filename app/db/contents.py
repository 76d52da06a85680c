"""How many rows each table holds."""

import sqlite3

from sqlalchemy import Engine, inspect, table
from sqlalchemy import select as rows_of

from app.db.engine import read_only

IGNORED = {"alembic_version", "sqlite_sequence"}


def first_with_rows(engine: Engine) -> str | None:
    """Return a table that holds something; None when the database is empty."""
    names = sorted(set(inspect(engine).get_table_names()) - IGNORED)
    with read_only(engine).connect() as connection:
        for name in names:
            if connection.execute(rows_of(1).select_from(table(name)).limit(1)).first():
                return name
    return None


def count_sqlite(copy: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table of an open SQLite file."""
    found = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [name for (name,) in found if name not in IGNORED]
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in names}
    # Names of tables cannot be bound; these come from the file's own list, quoted.
    return {
        name: int(copy.execute(f"SELECT count(*) FROM {quoted[name]}").fetchone()[0])  # noqa: S608
        for name in names
    }
