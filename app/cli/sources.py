"""`source`: connect a Zendesk, a tracker or a file, try it, pause it, let it go."""

from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from app.actions import rotating
from app.actions import sources as action
from app.cli.opening import ACTOR, Desk, now, open_desk
from app.cli.options import pairs, plain_options, secret_options
from app.cli.saying import plural, say
from app.core.errors import Conflict, Invalid, NotFound
from app.db.models import Source
from app.db.queries import sources
from app.views.sources import SourceCard, source_cards
from integrations.contract import Identity
from integrations.file import File, Preview

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")]
Pairs = list[str] | None
tree = typer.Typer(help="Connect a Zendesk, a tracker or a file.", no_args_is_help=True)


def add_to(program: typer.Typer) -> None:
    """Add these commands."""
    program.add_typer(tree, name="source")


@tree.command()
def add(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="zendesk, github or file.")],
    name: Name,
    *,
    given: Annotated[Pairs, typer.Option("--set", metavar="NAME=VALUE")] = None,
    secret: Annotated[Pairs, typer.Option("--secret", metavar="NAME=@env:VAR|@file:PATH|-")] = None,
) -> None:
    """Add a source; its options are checked before anything is stored."""
    plain, hidden = pairs(given or [], "--set"), pairs(secret or [], "--secret")
    with open_desk() as desk:
        options = plain_options(kind, plain)
        secrets = secret_options(kind, hidden)
        new = action.checked(kind, name, options, secrets)
        with desk.writing() as db:
            action.add(db, new, vault=desk.vault, actor=ACTOR, at=now())
    say(f"Added {kind} source {name}; try it with `bugsprint source test {name}`.")


@tree.command("list")
def list_sources(*, json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every source and how it stands; secrets are never shown."""
    with open_desk() as desk, desk.reading() as db:
        shown = source_cards(db, desk.vault.tails, now())
    if json:
        say(shown.model_dump_json())
        return
    if not shown.items:
        say("There is no source yet; add one with `bugsprint source add KIND NAME …`.")
    for card in shown.items:
        say(_line(card))


def _line(card: SourceCard) -> str:
    read = f"read {card.good_at:%Y-%m-%d %H:%M} UTC" if card.good_at else "never read"
    kept = plural(sum(each.kept for each in card.streams), "record")
    unread = f"{plural(card.dead, 'record')} could not be read" if card.dead else ""
    alarm = card.hook.alarm if card.hook else ""
    said = [card.state_word, read, kept, unread, card.note, alarm]
    parts = [card.name, card.kind, card.address, *said]
    return "  ".join(part for part in parts if part)


@tree.command()
def test(name: Name) -> None:
    """Try the connection, and say who we are there and what we may do."""
    with open_desk() as desk:
        connector = desk.connect.to(_stored(desk, name), hurry=True)
        try:
            found = connector.check()
        finally:
            connector.close()
    for line in _identity(name, found):
        say(line)


def _identity(name: str, found: Identity) -> Iterator[str]:
    yield f"{name} answers; we are {found.who}."
    if found.scopes:
        yield f"Allowed: {', '.join(found.scopes)}."
    if found.quota:
        yield f"Left: {found.quota}."
    if found.clock_skew_seconds is not None:
        yield f"Clocks differ by {abs(found.clock_skew_seconds):.0f} s."
    for sample in found.samples:
        yield f"Sample: {sample}"
    for warning in found.warnings:
        yield f"Warning: {warning}"


@tree.command()
def preview(name: Name) -> None:
    """Show what a file would bring, before it is read."""
    with open_desk() as desk:
        connector = desk.connect.to(_stored(desk, name))
        if not isinstance(connector, File):
            raise Invalid(
                f"Only files have a preview; `bugsprint sync {name} --dry-run` counts what "
                "a run would bring."
            )
        found = connector.preview()
    for line in _preview(found):
        say(line)


def _preview(found: Preview) -> Iterator[str]:
    counts = f"{found.kept:,} {found.noun} readable, {found.refused:,} not"
    yield f"{plural(found.read, 'row')}: {counts}."
    for ours, theirs in found.mapped.items():
        yield f"{ours} comes from {theirs}"
    for column in found.unmapped:
        yield f"column {column} feeds nothing"
    for word in found.unknown_words:
        yield f"unknown word: {word}"
    for reason in found.reasons:
        yield f"not readable: {reason}"


@tree.command()
def pause(name: Name) -> None:
    """Stop reading a source by itself."""
    _set_paused(name, paused=True)
    say(f"{name} is paused.")


@tree.command()
def resume(name: Name) -> None:
    """Read a paused source again."""
    _set_paused(name, paused=False)
    say(f"{name} is read again.")


def _set_paused(name: str, *, paused: bool) -> None:
    with open_desk() as desk, desk.writing() as db:
        action.pause(db, name, paused=paused, actor=ACTOR, at=now())


@tree.command()
def rotate(
    name: Name,
    *,
    secret: Annotated[Pairs, typer.Option("--secret", metavar="NAME=@env:VAR|@file:PATH|-")] = None,
    finish: Annotated[bool, typer.Option(help="Let former secrets go.")] = False,
) -> None:
    """Replace secrets; a former one still verifies webhooks until --finish."""
    hidden = pairs(secret or [], "--secret")
    if not hidden and not finish:
        raise typer.BadParameter("give --secret NAME=…, or --finish", param_hint="--secret")
    with open_desk() as desk:
        given = secret_options(_stored(desk, name).kind, hidden)
        kept: list[str] = []
        if given:
            with desk.writing() as db:
                kept = rotating.rotate(db, name, given, vault=desk.vault, actor=ACTOR, at=now())
            say(_rotated(name, given, kept))
        if finish and (kept or not given):
            with desk.writing() as db:
                gone = rotating.finish(db, name, vault=desk.vault, actor=ACTOR, at=now())
            say(f"The former {', '.join(gone)} of {name} is let go.")


def _rotated(name: str, given: Iterable[str], kept: Iterable[str]) -> str:
    said = f"Replaced {', '.join(sorted(given))} of {name}."
    former = ", ".join(kept)
    if not former:
        return said
    return (
        f"{said} The former {former} still verifies webhooks; let it go with "
        f"`bugsprint source rotate {name} --finish`."
    )


@tree.command()
def remove(name: Name) -> None:
    """Forget a source's secrets and never read it again; what was read is kept."""
    if "~" in name:
        raise Conflict(f"{name} is removed already.")
    with open_desk() as desk, desk.writing() as db:
        action.remove(db, name, actor=ACTOR, at=now())
    say(f"{name} is removed; what was read from it is kept.")


def _stored(desk: Desk, name: str) -> Source:
    with desk.reading() as db:
        found = sources.source_by_name(db, name)
        if found is None or "~" in name:
            known = ", ".join(s.name for s in sources.sources(db) if "~" not in s.name)
            raise NotFound(f"There is no source “{name}”; known sources: {known or 'none yet'}.")
        db.expunge(found)
        return found
