"""A row becomes the bug or customer it describes."""

import os
from datetime import UTC, date, datetime

import pytest

from integrations.errors import Misconfigured
from tests.integrations.file.conftest import everything, records, refusals


def bug(opened, **cells):
    cells = {"external_id": "7", "title": "Export hangs", **cells}
    (found,) = records(opened(";".join(cells) + "\n" + ";".join(cells.values()) + "\n"))
    return found


def test_every_field_of_a_bug_is_read(opened):
    found = bug(
        opened,
        key="WEB-7",
        text="It hangs.",
        severity="critical",
        labels="area:web, export",
        component="Export",
        url="https://bugs.example.com/7",
        created_at="2025-01-02",
        updated_at="2025-03-04T05:06:07Z",
        priority="P1",
        type="Bug",
        assignees="ana",
    )
    assert found.names == ("WEB-7", "7", "https://bugs.example.com/7")
    assert (found.key, found.severity, found.labels) == ("WEB-7", "S1", ("area:web", "export"))
    assert (found.components, found.assignees, found.priority_raw) == (("Export",), ("ana",), "P1")
    assert found.created_at == datetime(2025, 1, 2, tzinfo=UTC)
    assert found.updated_at == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert (found.status_category, found.resolution, found.closed_at) == ("open", None, None)


@pytest.mark.parametrize(
    ("status", "resolution", "closed_at", "category", "how"),
    [
        ("open", "", "", "open", None),
        ("In Progress", "", "", "in_progress", None),
        ("RESOLVED", "FIXED", "2026-01-01", "done", "fixed"),
        ("closed", "", "2026-01-01", "done", "unknown"),
        ("Done", "", "", "done", "unknown"),
        ("fixed", "", "", "done", "fixed"),
        ("wontfix", "", "", "done", "wontfix"),
        ("closed", "not planned", "", "done", "wontfix"),
        ("closed", "Something else", "", "done", "unknown"),
        ("", "", "2026-01-01", "done", "unknown"),
        ("", "duplicate", "", "done", "duplicate"),
        ("NEW", "---", "", "open", None),
        ("Parked", "", "", "open", None),
    ],
)
def test_state_and_resolution_come_from_known_words(
    opened, status, resolution, closed_at, category, how
):
    found = bug(opened, status=status, resolution=resolution, closed_at=closed_at)
    assert (found.status_category, found.resolution) == (category, how)
    assert (found.closed_at is not None) == (category == "done" and closed_at != "")


def test_a_reopened_bug_has_no_closing_date_and_no_resolution(opened):
    found = bug(opened, status="Reopened", resolution="FIXED", closed_at="2026-01-01")
    assert (found.status_category, found.resolution, found.closed_at) == ("open", None, None)


def test_a_duplicate_names_its_original_and_is_no_fix(opened):
    found = bug(opened, status="closed", duplicate_of="5")
    assert (found.resolution, found.duplicate_of) == ("duplicate", "5")


def test_a_bug_without_dates_was_created_when_the_file_was_written(opened):
    source = opened("external_id,title\n7,x\n")
    os.utime(source._options.path, (1_790_000_000, 1_790_000_000))
    (found,) = records(source)
    assert found.created_at == found.updated_at == datetime.fromtimestamp(1_790_000_000, UTC)


def test_text_is_left_out_when_it_shall_not_be_kept(opened):
    text = "external_id,title,text,created_at\n7,x,a secret,\n8,y,a secret,never\n"
    source = opened(text, keep_text=False)
    assert records(source)[0].text == ""
    (page,) = everything(source)
    assert "a secret" not in page.rejected[0].payload


def test_an_address_that_is_none_is_refused(opened):
    source = opened("external_id,title,url\n7,x,javascript:alert(1)\n")
    assert refusals(source) == [
        "Line 2: url “javascript:alert(1)” does not begin with https:// or http://."
    ]


def test_a_row_without_id_or_title_is_refused(opened):
    source = opened("external_id,title\n,x\n7,\n")
    assert refusals(source) == ["Line 2: external_id is empty.", "Line 3: title is empty."]


def test_every_field_of_a_customer_is_read(opened):
    text = "external_id,name,tier,arr,renewal_on,domains\n"
    text += 'c1,Acme,gold,"12,000.50",2027-03-01,"Acme.com; @acme.io"\n'
    (found,) = records(opened(text, "customers"))
    assert (found.external_id, found.name, found.tier) == ("c1", "Acme", "gold")
    assert (found.arr_cents, found.renewal_on) == (1_200_050, date(2027, 3, 1))
    assert found.domains == ("acme.com", "acme.io")


def test_a_bad_figure_is_refused_with_line_and_column(opened):
    source = opened("external_id,name,arr\nc1,Acme,abc\nc2,Beta,\n", "customers")
    assert refusals(source) == ["Line 2: arr “abc” is not a number."]
    assert records(source)[0].arr_cents is None


def test_an_unknown_option_is_refused_by_name(opened):
    with pytest.raises(Misconfigured, match="has no option noum"):
        opened("", noum="bugs")
    with pytest.raises(Misconfigured, match="The option noun of the source kind file is wrong"):
        opened("", "tickets")
