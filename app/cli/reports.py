"""`report`: what a sprint did, as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app.cli.files import replacing
from app.cli.opening import now, open_desk
from app.cli.options import one_of
from app.cli.printing import as_html, as_pdf
from app.cli.saying import say
from app.cli.sheets import workbook
from app.core.errors import Invalid
from app.views.reports.impact import Impact, fixes_csv, report


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
    kind: Annotated[
        Format,
        typer.Option(
            "--format",
            parser=one_of(Format),
            metavar="FORMAT",
            help=f"What kind of file: {', '.join(Format)}.",
        ),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE")],
) -> None:
    """Write the report of a sprint into a file."""
    if not output.absolute().parent.is_dir():
        raise Invalid(f"There is no folder {output.absolute().parent} to put the report into.")
    with open_desk() as desk, desk.reading() as db:
        content = MADE[kind](Asked(db, sprint, now(), desk.settings.base_url))
    with replacing(output) as file:
        file.write(content)
    say(f"Wrote {output}.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report is wanted, and where its pages are."""

    db: Session
    sprint: str
    at: datetime
    base_url: str

    def report(self) -> Impact:
        """Count it; whoever runs the command may know exact revenue."""
        return report(self.db, self.sprint, money=True, at=self.at)

    def fixes(self) -> str:
        """List every fix as CSV."""
        return fixes_csv(self.db, self.sprint)


MADE: dict[Format, Callable[[Asked], bytes]] = {
    Format.html: lambda asked: as_html(asked.report(), asked.base_url).encode(),
    Format.pdf: lambda asked: as_pdf(asked.report(), asked.base_url),
    Format.xlsx: lambda asked: workbook(asked.report(), asked.fixes()),
    Format.csv: lambda asked: asked.fixes().encode(),
    Format.json: lambda asked: (asked.report().model_dump_json(indent=2) + "\n").encode(),
}
