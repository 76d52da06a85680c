"""Databases of their own, without any table, and databases as a former release left them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url, text

from app.db.engine import open_engine

SCHEMAS = Path(__file__).parent / "schemas"
RELEASED = sorted({file.name.split(".")[0] for file in SCHEMAS.glob("*.sql")})


@contextmanager
def fresh_database(beside: str, folder: Path, like: str | None = None) -> Iterator[str]:
    """Yield the address of a new database: on the server `beside`, or a file in the folder.

    With `like` it holds what that one holds, which nobody may use meanwhile.
    """
    if not beside.startswith("postgresql"):
        file = folder / f"{uuid4().hex[:12]}.db"
        if like:
            shutil.copy(str(make_url(like).database), file)
        yield f"sqlite:///{file}"
        return
    name = f"fresh_{uuid4().hex[:12]}"
    template = f" TEMPLATE {make_url(like).database}" if like else ""
    _outside_a_transaction(beside, f"CREATE DATABASE {name}{template}")
    try:
        yield make_url(beside).set(database=name).render_as_string(hide_password=False)
    finally:
        _outside_a_transaction(beside, f"DROP DATABASE {name} WITH (FORCE)")


def lay(url: str, revision: str) -> None:
    """Fill a new database with what a former release left in it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        script = (SCHEMAS / f"{revision}.sqlite.sql").read_text("utf-8")
        with closing(sqlite3.connect(str(address.database))) as db:
            db.executescript(script)
        return
    script = (SCHEMAS / f"{revision}.postgresql.sql").read_text("utf-8")
    with psycopg.connect(url) as connection:
        connection.execute(script.encode())


def _outside_a_transaction(url: str, statement: str) -> None:
    engine = open_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()
