"""Make the database's own files forget what its tables have forgotten.

A deleted row stays on disk until its page is used again, and in the log until that is cut.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

PATIENCE_SECONDS = 30
TABLES = (
    "ticket",
    "customer",
    "rating",
    "mention",
    "link",
    "dead_letter",
    "outgoing",
    "activity",
    "sign_in_failure",
    "idempotency_key",
    "pg_catalog.pg_statistic",
)
"""What is written anew on PostgreSQL: the last one has samples of what stood in the others."""
STILL_THERE = "the old bytes are still in the database's files ({}); it is tried again by itself"


def scrub(engine: Engine) -> str | None:
    """Write the files anew, without what was erased; returns what is still to be done."""
    try:
        if engine.dialect.name == "sqlite":
            return _scrub_sqlite(Path(engine.url.database or ""))
        _scrub_postgres(engine)
    except (sqlite3.OperationalError, DBAPIError) as error:
        return STILL_THERE.format(str(getattr(error, "orig", error)).strip().splitlines()[0])
    return None


def copies_beside(engine: Engine) -> list[str]:
    """Return copies that earlier upgrades left beside a SQLite file; no erasure reaches them."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return []
    file = Path(engine.url.database)
    return sorted(str(copy) for copy in file.parent.glob(f"{file.name}.*.bak"))


def _scrub_sqlite(file: Path) -> str | None:
    # A connection of its own: the whole file goes through it, and that is no one's cache.
    with closing(
        sqlite3.connect(file, timeout=PATIENCE_SECONDS, isolation_level=None)
    ) as connection:
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return STILL_THERE.format("somebody is still reading") if busy else None


def _scrub_postgres(engine: Engine) -> None:
    # Plain VACUUM only marks the space as free, and the bytes stay in it.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{PATIENCE_SECONDS}s'"))
        for table in TABLES:
            more = "" if table.startswith("pg_catalog") else ", ANALYZE"
            connection.execute(text(f"VACUUM (FULL{more}) {table}"))
        connection.execute(text("RESET lock_timeout"))
    # What was replaced is taken off the disk by the next checkpoint, which may not be ours to ask.
