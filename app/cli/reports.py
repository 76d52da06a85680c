"""`report`: what a sprint did, as a file."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.cli import sheets
from app.cli.files import replacing
from app.cli.opening import now, open_desk
from app.cli.printing import as_html, as_pdf
from app.cli.saying import say
from app.core.errors import Invalid
from app.views.reports.impact import fixes_csv, report


class Format(StrEnum):
    """What kind of file."""

    html = "html"
    pdf = "pdf"
    xlsx = "xlsx"
    csv = "csv"
    json = "json"


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command("report")(write)


def write(
    sprint: Annotated[str, typer.Argument(metavar="SPRINT", help="The sprint's address word.")],
    *,
    kind: Annotated[Format, typer.Option("--format", help="What kind of file.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")],
) -> None:
    """Write the report of a sprint into a file."""
    if not output.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {output.absolute().parent} to put the report into.")
    with open_desk() as desk, desk.reading() as db:
        content = MADE[kind](db, sprint, now())
    with replacing(output) as file:
        file.write(content)
    say(f"Wrote {output}.")


def _html(db: Session, sprint: str, at: datetime) -> bytes:
    return as_html(report(db, sprint, money=True, at=at)).encode()


def _pdf(db: Session, sprint: str, at: datetime) -> bytes:
    return as_pdf(report(db, sprint, money=True, at=at))


def _xlsx(db: Session, sprint: str, at: datetime) -> bytes:
    return sheets.workbook(report(db, sprint, money=True, at=at), fixes_csv(db, sprint))


def _csv(db: Session, sprint: str, _at: datetime) -> bytes:
    return fixes_csv(db, sprint).encode()


def _json(db: Session, sprint: str, at: datetime) -> bytes:
    return (report(db, sprint, money=True, at=at).model_dump_json(indent=2) + "\n").encode()


MADE: dict[Format, Callable[[Session, str, datetime], bytes]] = {
    Format.html: _html,
    Format.pdf: _pdf,
    Format.xlsx: _xlsx,
    Format.csv: _csv,
    Format.json: _json,
}
