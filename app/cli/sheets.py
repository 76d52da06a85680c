"""The report as a workbook, in which no text is ever taken for a formula."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter
from pydantic import BaseModel

from app.views.reports.impact import Impact
from app.views.reports.impact_sheet import Leftover, TeamLine

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]


def workbook(report: Impact, fixes: str) -> bytes:
    """Return the figures, every fix (given as CSV), the teams, and what is left."""
    pages: dict[str, Rows] = {
        "Figures": _figures(report),
        "Fixes": [[_number(cell) for cell in row] for row in csv.reader(io.StringIO(fixes))],
        "Teams": _rows(TeamLine, report.teams, demo=report.sprint.demo),
        "Not fixed": _rows(Leftover, report.leftovers, demo=report.sprint.demo),
    }
    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format({"bold": True})
        for name, rows in pages.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row, None if number else bold)
            sheet.autofit()
    return made.getvalue()


def _figures(report: Impact) -> Rows:
    facts = report.model_dump(mode="json", exclude={"sprint", "burnup"})
    plain = {name: value for name, value in facts.items() if not isinstance(value, list)}
    mark = [["data", "SYNTHETIC"]] if report.sprint.demo else []
    named = [[name.replace("_", " "), value] for name, value in plain.items()]
    return [["figure", "value"], ["sprint", report.sprint.name], *mark, *named]


def _rows(model: type[BaseModel], lines: Sequence[BaseModel], *, demo: bool) -> Rows:
    names = [name for name in model.model_fields if name != "bug_id"]
    mark, heading = (["SYNTHETIC"], ["data"]) if demo else ([], [])
    rows = [[*(getattr(line, name) for name in names), *mark] for line in lines]
    # A sheet without a line has to say it as well.
    return [[*names, *heading], *(rows or [mark])]


def _number(cell: str) -> Cell:
    return int(cell) if cell.isdecimal() and len(cell) < 16 else cell
