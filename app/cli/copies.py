"""`migrate`, `backup`, `restore`: the schema, and copies of everything."""

from pathlib import Path
from typing import Annotated

import typer

from app.actions import erasing, restoring
from app.actions.vault import Vault
from app.cli.opening import ACTOR, Desk, now, open_desk
from app.cli.saying import plural, say
from app.core.errors import AppError, Invalid
from app.db import backup, journal_file, schema, upgrading
from app.db.queries import sources

KEY_TOO = (
    "The secrets of sources in it are encrypted: they also need the same BUGSPRINT_SECRET_KEY."
)
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.command()(migrate)
    program.command("backup")(back_up)
    program.command()(restore)


def migrate() -> None:
    """Bring the database to the newest schema; a copy of an older SQLite file is kept."""
    with open_desk(ready=False) as desk:
        told = upgrading.migrate(desk.engine)
        if told:
            say(told)
        say(f"The database has schema {schema.current(desk.engine)}, the newest one.")


def back_up(file: File) -> None:
    """Copy the database while it is in use; the copy counts only after it was checked."""
    with open_desk(ready=False) as desk:
        if schema.current(desk.engine) is None:
            raise Invalid("There is nothing to copy: the database is empty.")
        copied = backup.back_up(desk.engine, file)
        what = plural(copied.rows, "row" if _is_sqlite(desk) else "table")
        say(f"Copied to {file}: schema {copied.revision}, {what}, checked.")
        say(KEY_TOO)


def restore(
    file: File,
    *,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The journal of erasures; beside a SQLite file found."),
    ] = None,
) -> None:
    """Fill an empty database from a copy; sources stay paused until you resume them."""
    with open_desk(ready=False) as desk:
        written = _journal(desk, journal)
        copied = backup.restore(desk.engine, file)
        upgrading.migrate(desk.engine)
        with desk.writing() as db:
            paused = restoring.settle(db, actor=ACTOR, at=now())
        forgotten = _forget_again(desk, written)
        what = plural(copied.rows, "row" if _is_sqlite(desk) else "table")
        say(f"Restored from {file}: {what}.")
        if paused:
            say(f"{plural(paused, 'source')} paused; go on with `bugsprint source resume NAME`.")
        say(forgotten)
        say(_secrets(desk))


def _journal(desk: Desk, named: Path | None) -> restoring.Journal | None:
    """Read the journal before anything is restored, and see that it can be used."""
    beside = journal_file.beside(desk.engine)
    file = named or (beside if beside and beside.is_file() else None)
    if file is None:
        return None
    sealed, entries = journal_file.read(file)
    desk.vault.open(sealed)
    return sealed, entries


def _forget_again(desk: Desk, written: restoring.Journal | None) -> str:
    with desk.writing() as db:
        count = restoring.forget_again(db, desk.vault, written or ("", []), actor=ACTOR, at=now())
    left = erasing.scrub_now(desk.engine)
    if left:
        return f"Erased once more: {plural(count, 'ticket')}; {left}."
    if written is None:
        return "No journal of erasures was given; only those that the copy knows were replayed."
    return f"The journal of erasures was replayed: {plural(count, 'ticket')} forgotten once more."


def _secrets(desk: Desk) -> str:
    with desk.reading() as db:
        sealed = [each.secrets for each in sources.sources(db) if each.secrets]
    if not sealed:
        return "No source has secrets in it."
    return KEY_TOO if not _opens(desk.vault, sealed) else "This BUGSPRINT_SECRET_KEY opens them."


def _opens(vault: Vault, sealed: list[str]) -> bool:
    try:
        return all(vault.open(each) for each in sealed)
    except AppError:
        return False


def _is_sqlite(desk: Desk) -> bool:
    return desk.engine.dialect.name == "sqlite"
