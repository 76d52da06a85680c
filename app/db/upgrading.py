"""Bring a database to the newest schema: SQLite by itself, after a copy; PostgreSQL when asked."""

from pathlib import Path

from sqlalchemy import Engine, inspect

from app.core.errors import Invalid
from app.db import schema
from app.db.backup import back_up


def bring_up(engine: Engine) -> str | None:
    """Make SQLite's schema the newest one, and refuse an old one on PostgreSQL.

    Returns a sentence when a copy of an older database was left beside it.
    """
    if engine.dialect.name != "sqlite":
        schema.refuse_old(engine)
        return None
    return migrate(engine)


def migrate(engine: Engine) -> str | None:
    """Bring any database to the newest schema; SQLite is copied first when it holds something."""
    schema.refuse_unknown(engine)
    found, wanted = schema.current(engine), schema.newest()
    if found == wanted:
        return None
    copy = None
    if found is None:
        _refuse_foreign(engine)
    elif engine.dialect.name == "sqlite":
        copy = _copy_beside(engine, wanted)
    schema.upgrade(engine)
    return f"The database was migrated to {wanted}; its former state is {copy}." if copy else None


def _copy_beside(engine: Engine, revision: str) -> Path | None:
    if not engine.url.database:
        return None
    file = Path(engine.url.database)
    copy = file.with_name(f"{file.name}.before-{revision}.bak")
    if copy.exists():  # an earlier try was cut short: its copy is the older, better one
        return copy
    back_up(engine, copy)
    return copy


def _refuse_foreign(engine: Engine) -> None:
    tables = set(inspect(engine).get_table_names()) - {"alembic_version"}
    if tables:
        raise Invalid(
            f"The database holds a table “{min(tables)}” but no Bugsprint schema; "
            "give Bugsprint a database of its own."
        )
