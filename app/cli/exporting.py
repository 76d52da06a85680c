"""`export`: everything as files that other programs can read."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.files import replacing
from app.cli.opening import open_desk
from app.cli.saying import plural, say
from app.core.errors import Invalid
from app.db.snapshots import snapshot
from app.views.exports import NOUNS, lines_of


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command()(export)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made when it is not there.")],
) -> None:
    """Write every noun as one JSON Lines file; the same state gives the same bytes."""
    if folder.exists() and not folder.is_dir():
        raise Invalid(f"{folder} is a file; name a folder to export into.")
    folder.mkdir(parents=True, exist_ok=True)
    with open_desk() as desk, snapshot(desk.engine) as db:
        for noun in NOUNS:
            count = 0
            with replacing(folder / f"{noun}.jsonl") as file:
                for line in lines_of(db, noun):
                    file.write(line)
                    count += 1
            say(f"{noun}.jsonl  {plural(count, 'line')}")
