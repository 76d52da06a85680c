"""The workbook of a demo says on every sheet that its figures are made up."""

import io
import re
import zipfile

import pytest

from app.cli.sheets import workbook
from tests.web import given, given_work


def sheets(made):
    """The texts of each sheet."""
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        strings = re.findall(
            r"<si><t[^>]*>(.*?)</t></si>", book.read("xl/sharedStrings.xml").decode()
        )
        pages = [book.read(name).decode() for name in book.namelist() if "worksheets/" in name]
    return [{strings[int(n)] for n in re.findall(r't="s"><v>(\d+)</v>', page)} for page in pages]


@pytest.mark.parametrize("lists", [{}, {"teams": [], "leftovers": []}], ids=["full", "empty"])
@pytest.mark.parametrize("demo", [True, False], ids=["demo", "real"])
def test_every_sheet_is_marked_in_the_demo_and_none_elsewhere(demo, lists):
    sprint = given.SPRINT.model_copy(update={"demo": demo})
    fixes = "key,data\r\nX-1,SYNTHETIC\r\n" if demo else "key\r\nX-1\r\n"
    made = workbook(given_work.impact(sprint=sprint, **lists), fixes)
    assert ["SYNTHETIC" in texts for texts in sheets(made)] == [demo] * 4
