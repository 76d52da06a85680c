"""`erase` and `about`: forget somebody, down to the bytes, or say what is kept of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from app.actions import disclosing, erasing, journal
from app.actions.finding import Kind, Whom
from app.cli.files import replacing
from app.cli.opening import ACTOR, Desk, now, open_desk
from app.cli.saying import asked_on_terminal, note, plural, say
from app.core.errors import Invalid
from app.db import journal_file
from app.db.scrubbing import copies_beside
from app.views.about import about_whom

Name = Annotated[str, typer.Argument(metavar="ID", help="As the source calls them.")]
Source = Annotated[str | None, typer.Option(metavar="NAME", help="Only in this source.")]
File = Annotated[Path | None, typer.Option("-o", metavar="FILE", help="Else standard output.")]
FAILED = 1
tree = typer.Typer(help="Forget a customer or a person, down to the bytes.", no_args_is_help=True)
tellers = typer.Typer(help="Everything kept of a customer or a person.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(tree, name="erase")
    program.add_typer(tellers, name="about")


@tree.command("customer")
def erase_customer(name: Name, *, source: Source = None) -> None:
    """Forget a customer: its id or its name, its tickets' text, and whatever names it."""
    _erase("customer", name, source)


@tree.command("person")
def erase_person(name: Name, *, source: Source = None) -> None:
    """Forget a person: the number that the source gives them, or an e-mail address."""
    _erase("person", name, source)


@tree.command("journal")
def print_journal() -> None:
    """Print who was erased, under pseudonyms, for `bugsprint restore FILE --journal FILE`."""
    with open_desk() as desk, desk.reading() as db:
        for line in journal.lines(db):
            say(line)


@tellers.command("customer")
def about_customer(name: Name, *, source: Source = None, out: File = None) -> None:
    """Write everything that is kept of a customer as JSON."""
    _about("customer", name, source, out)


@tellers.command("person")
def about_person(name: Name, *, source: Source = None, out: File = None) -> None:
    """Write everything that is kept of a person as JSON."""
    _about("person", name, source, out)


def _erase(kind: Kind, name: str, source: str | None) -> None:
    if asked_on_terminal():
        typed: str = typer.prompt(f"Type “{name}” to erase this {kind}", err=True)
        if typed.strip() != name:
            raise Invalid("That is not the same; nothing was changed.")
    with open_desk() as desk:
        with desk.writing() as db:
            done = erasing.erase(db, desk.vault, Whom(kind, name, source), actor=ACTOR, at=now())
        for line in _told(done):
            say(line)
        left = erasing.scrub_now(desk.engine)
        say("The database's files were written anew." if left is None else f"Not yet: {left}.")
        for line in _not_reached(desk):
            say(line)
    if left:
        raise typer.Exit(FAILED)


def _told(done: erasing.Erased) -> Iterator[str]:
    counts = [(done.tickets, "ticket"), (done.customers, "customer"), (done.messages, "message")]
    counts += [(done.dead_letters, "unread record"), (done.notes, "note")]
    said = ", ".join(plural(count, noun) for count, noun in counts if count) or "nothing but a name"
    yield f"Erased: {said}."


def _not_reached(desk: Desk) -> Iterator[str]:
    yield "Not reached: backups and exports made before; let them go within 35 days."
    for copy in copies_beside(desk.engine):
        yield f"Not reached: {copy}; remove it when you no longer need it."
    if desk.engine.dialect.name == "postgresql":
        yield "Not reached: PostgreSQL's write-ahead log and its archive, which age out."
    file = journal_file.beside(desk.engine)
    if file:
        yield f"Keep {file}: a restore needs it to forget once more."
    else:
        yield "Keep `bugsprint erase journal > FILE`: a restore needs it to forget once more."


def _about(kind: Kind, name: str, source: str | None, out: Path | None) -> None:
    with open_desk() as desk, desk.writing() as db:
        whom = Whom(kind, name, source)
        found = disclosing.disclose(db, desk.vault, whom, actor=ACTOR, at=now())
        said = msgspec.json.format(msgspec.json.encode(about_whom(db, found)), indent=2)
        db.rollback()
    if out is None:
        say(said.decode())
        return
    with replacing(out) as file:
        file.write(said + b"\n")
    out.chmod(0o600)
    note(f"Written to {out}; it holds personal data.")
