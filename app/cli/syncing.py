"""`sync`: read sources now."""

from collections.abc import Sequence
from typing import Annotated

import typer

from app.actions import sources as action
from app.actions.outcomes import DryRun, Outcome
from app.actions.sync import Sync
from app.cli.opening import Desk, now, open_desk
from app.cli.progress import shown_progress
from app.cli.saying import note, plural, say
from app.core.errors import AppError, Invalid, NotFound
from app.db.models import Source
from app.db.queries import sources
from integrations.errors import SourceError

FAILED = 1


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command()(sync)


def sync(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="Read everything anew.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, store nothing.")] = False,
) -> None:
    """Read the sources named, or all that are not paused; what was read is kept in any case."""
    with open_desk() as desk:
        wanted = _wanted(desk, names or [])
        good = [_one(desk, source, full=full, dry_run=dry_run) for source in wanted]
    if not all(good):
        raise typer.Exit(FAILED)


def _wanted(desk: Desk, names: Sequence[str]) -> list[Source]:
    with desk.reading() as db:
        known = {s.name: s for s in sources.sources(db) if "~" not in s.name}
        db.expunge_all()
    if not known:
        raise Invalid("There is no source yet; add one with `bugsprint source add KIND NAME …`.")
    for name in names:
        if name not in known:
            raise NotFound(f"There is no source “{name}”; known sources: {', '.join(known)}.")
    if names:
        return [known[name] for name in dict.fromkeys(names)]
    for source in known.values():
        if not _is_read(source):
            say(f"{source.name} is paused and left out")
    return [source for source in known.values() if _is_read(source)]


def _is_read(source: Source) -> bool:
    return not source.paused and bool(source.options.get("enabled", True))


def _one(desk: Desk, source: Source, *, full: bool, dry_run: bool) -> bool:
    assert source.id is not None
    try:
        connector = desk.connect.to(source)
    except (AppError, SourceError) as error:
        with desk.writing() as db:
            action.mark_failing(db, source.name, str(error), at=now())
        note(f"{source.name}: {error}")
        return False
    try:
        with shown_progress(source.name) as told:
            run = Sync(desk.engine, source.id, connector, desk.vault, now, told)
            if dry_run:
                found = _dry(run)
            else:
                outcome = run.run(full=full)
    finally:
        connector.close()
    return _counted(source.name, found) if dry_run else _told(source.name, outcome)


def _dry(run: Sync) -> DryRun | str:
    try:
        return run.dry_run()
    except SourceError as error:
        return str(error)


def _counted(name: str, found: DryRun | str) -> bool:
    if isinstance(found, str):
        note(f"{name}: {found}")
        return False
    for stream, count in found.counts.items():
        say(f"{name} {stream} {count} would come")
    for sentence in found.closed:
        note(f"{name}: {sentence}")
    say(f"{name}: nothing was stored.")
    return True


def _told(name: str, outcome: Outcome) -> bool:
    refused = f", {outcome.rejected:,} could not be read" if outcome.rejected else ""
    say(f"{name}: {plural(outcome.kept, 'record')} kept{refused}.")
    for sentence in outcome.degraded:
        note(f"{name}: {sentence}")
    if outcome.failed:
        note(f"{name}: {outcome.failed}")
    return outcome.failed is None
