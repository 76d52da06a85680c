"""Tables that leave the product: CSV that a spreadsheet cannot be tricked with."""

import csv
import io
from collections.abc import Iterable, Sequence

DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
UNSEEN = "\ufeff\u200b\x00 \t\r\n\x0b\x0c\u00a0\u3000"
"""What a spreadsheet passes over before it looks for a formula."""


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if not isinstance(value, str):
        return value
    shown = value.lstrip(UNSEEN)
    return f"'{value}" if shown.startswith(DANGEROUS) or value[:1] in ("\t", "\r") else value


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV with a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return out.getvalue()
