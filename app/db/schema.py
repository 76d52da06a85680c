"""Which schema the database has, and how it gets the newest one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.core.errors import Invalid
from app.db.engine import read_only

ROOT = Path(__file__).parents[2]


def newest() -> str:
    """Return the revision this release was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Return the revision the database has; None when it is empty."""
    with read_only(engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction."""
    refuse_unknown(engine)
    with _changing(engine) as config:
        command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to an older revision; only tests need this."""
    with _changing(engine) as config:
        command.downgrade(config, revision)


@contextmanager
def _changing(engine: Engine) -> Iterator[Config]:
    """Lend a configuration in whose one transaction tables may be made anew."""
    with engine.connect() as connection, _references_at_rest(connection), connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        yield config
        _refuse_broken(connection)


@contextmanager
def _references_at_rest(connection: Connection) -> Iterator[None]:
    # SQLite alters a table by making another one, and refuses to drop what rows refer to.  The
    # switch has no effect inside a transaction, so it is thrown before there is one.
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys = off")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = on")
        raw.close()


def _refuse_broken(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise Invalid(
                f"After the migration rows of “{broken[0]}” would refer to what is not there; "
                "nothing was changed. Run `bugsprint doctor`, or go back to a backup."
            )


def refuse_unknown(engine: Engine) -> None:
    """Stop before a database that a newer release has written."""
    found = current(engine)
    if found is not None and found not in _known():
        raise Invalid(
            f"The database has schema {found}, which this release does not know; "
            "use the release that wrote it, or a newer one."
        )


def refuse_unknown_copy(revision: str, file: Path) -> None:
    """Stop before a copy that a newer release has made, or that is of something else."""
    if revision not in _known():
        raise Invalid(
            f"{file} has schema {revision or 'none'}, which this release does not know; "
            "restore it with the release that made it, or a newer one."
        )


def refuse_old(engine: Engine) -> None:
    """Stop when the schema is not the newest; somebody has to decide when to migrate."""
    refuse_unknown(engine)
    if current(engine) != newest():
        raise Invalid("The database schema is not up to date; run `bugsprint migrate` first.")


def _known() -> set[str]:
    return {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config(attributes={"configure_logger": False})
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
