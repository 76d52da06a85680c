"""Which schema the database has, and how it gets the newest one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.core.errors import Invalid

ROOT = Path(__file__).parents[2]


def newest() -> str:
    """Return the revision this release was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(engine: Engine) -> str | None:
    """Return the revision the database has; None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision, in one transaction."""
    refuse_unknown(engine)
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the schema back to an older revision; only tests need this."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


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
