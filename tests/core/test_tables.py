"""No text in a table that leaves the product is taken for a formula, whatever it is."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from app.core.tables import csv_text

WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
STARTS = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\n=", "\ufeff=", "＝", '"=', ""]
)
CELLS = st.builds(lambda start, rest: start + rest, STARTS, WORDS)
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def read(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=4))
@example([["\n=1+1", "\ufeff=1+1"], [" =1+1", "\u00a0@SUM(A1)"]])
def test_no_cell_is_a_formula_and_none_is_lost(rows):
    found = read(csv_text(["a", "b"], rows))[1:]
    assert [len(row) for row in found] == [len(row) for row in rows]
    for row, given_row in zip(found, rows, strict=True):
        for cell, given_cell in zip(row, given_row, strict=True):
            assert not bare(cell).startswith(FORMULA), repr(cell)
            assert cell.removeprefix("'") == given_cell.removeprefix("'")


def test_numbers_stay_numbers():
    assert read(csv_text(["a", "b"], [[-5, 1.5]]))[1] == ["-5", "1.5"]


def bare(cell):
    """What a spreadsheet looks at: it skips blanks, and marks that are not seen."""
    return cell.lstrip("\ufeff\u200b\x00 \t\r\n\x0b\x0c\u00a0\u3000")
