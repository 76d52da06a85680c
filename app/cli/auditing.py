"""`audit` and `rekey`: is the record whole, and which key seals what."""

from typing import Annotated

import typer

from app.actions import auditing, keys
from app.cli.opening import ACTOR, now, open_desk
from app.cli.saying import plural, say
from app.core.errors import Conflict, Invalid

tree = typer.Typer(help="The record of what happened.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(tree, name="audit")
    program.command()(rekey)


@tree.callback()
def _record() -> None:
    """Keep `verify` a word of its own although it is the only one."""


@tree.command()
def verify(
    *,
    head: Annotated[
        str, typer.Option(metavar="SEAL", help="A head that was logged once; it must be there.")
    ] = "",
) -> None:
    """Walk along every note; exit 1 names the first one that does not fit."""
    if head and len(head) < 12:
        raise Invalid("Give at least 12 characters of the head.")
    with open_desk() as desk, desk.reading() as db:
        verdict = auditing.check(db, head=head)
    if verdict.broken_at is not None:
        raise Conflict(auditing.said(verdict))
    say(auditing.said(verdict))


def rekey() -> None:
    """Seal with BUGSPRINT_SECRET_KEY whatever a key of BUGSPRINT_OLD_SECRET_KEYS sealed."""
    with open_desk() as desk, desk.writing() as db:
        if desk.settings.secret_key is None:
            raise Invalid("Set BUGSPRINT_SECRET_KEY first: it is the key to seal with.")
        count = keys.rekey(db, desk.vault, actor=ACTOR, at=now())
    say(f"{plural(count, 'secret')} sealed anew; BUGSPRINT_OLD_SECRET_KEYS can go.")
