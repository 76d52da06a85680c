"""Any usual CSV, and JSON Lines, are cut into the rows that were meant."""

import pytest

from integrations.errors import Misconfigured
from integrations.file import rows
from tests.integrations.file.conftest import everything, records, refusals

HEAD = "external_id,title\n"


def refused(source):
    with pytest.raises(Misconfigured) as caught:
        everything(source)
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_is_found_by_the_header(opened, delimiter):
    text = f"external_id{delimiter}title\n7{delimiter}Export hangs\n"
    assert [(r.external_id, r.title) for r in records(opened(text))] == [("7", "Export hangs")]


def test_commas_in_a_semicolon_file_do_not_mislead(opened):
    found = records(opened("external_id;title;a,b,c,d\n7;Export, then hang, twice;x\n"))
    assert found[0].title == "Export, then hang, twice"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_names(opened):
    found = records(opened(b"\xef\xbb\xbfexternal_id,title\r\n7,Caf\xc3\xa9\r\n"))
    assert found[0].title == "Café"


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_ends(opened):
    found = records(opened('external_id,title,text\n7,"a ""b"", c","one\r\ntwo\n"\n8,x,y\n'))
    assert (found[0].title, found[0].text) == ('a "b", c', "one\r\ntwo")
    assert found[1].external_id == "8"


def test_line_numbers_count_line_ends_inside_cells(opened):
    text = 'external_id,title,created_at\n7,"two\nlines",2026-01-01\n8,x,yesterday\n'
    assert refusals(opened(text)) == [
        "Line 4: created_at “yesterday” is not a date like 2026-11-30."
    ]


def test_blank_lines_are_no_rows(opened):
    assert len(records(opened(HEAD + "\n7,x\n\n,\n8,y\n\n"))) == 2


def test_a_header_without_rows_is_an_empty_list(opened):
    (page,) = everything(opened(HEAD))
    assert (page.records, page.total) == ([], 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "list.csv is empty"),
        (b"\xef\xbb\xbf \n", "list.csv is empty"),
        (b"PK\x03\x04rest", "a workbook or archive; save it as CSV"),
        (b"\xff\xfee\x00", "UTF-16"),
        (HEAD.encode() + b"7,Caf\xe9\n", "line 2 is not UTF-8"),
        (HEAD.encode() + b"7,a\0b\n", "line 2 holds bytes that are no text"),
        (b"7,Export hangs\n8,Import hangs\n", "line 1 has no column external_id"),
        (b"external_id,name\n7,x\n", "no column title"),
        (b"external_id,title,title\n7,x,y\n", "the column “title” twice"),
        (HEAD.encode() + b"7,a,b\n", "line 2 has 3 columns where the header has 2"),
        (HEAD.encode() + b'7,x\n8,"open\n9,y\n', "line 3 is not CSV"),
        (HEAD.encode() + b'7,"x"y\n', "line 2 is not CSV"),
        (b'[{"external_id": 1}]', "write one JSON object a line"),
        (b'\n{"cut": \n{"cut": \n', "line 2 cannot be read: it is not one whole JSON object"),
        (b'{"id": 1}\n{"title": "x"}\n', "list.csv has no column external_id: name one so, or say"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_what_to_mend(opened, content, said):
    assert said in refused(opened(content))


def test_a_file_that_is_not_there_is_named(opened):
    source = opened(HEAD)
    source._options.path.unlink()
    assert "There is no file" in refused(source)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(opened, monkeypatch):
    monkeypatch.setattr(rows, "LONGEST", 1000)
    assert "line 2 is longer" in refused(opened(HEAD + "7," + "x" * 2000))


def test_a_row_with_too_few_cells_is_refused_alone(opened):
    source = opened(HEAD + "7\n8,x\n")
    assert refusals(source) == ["Line 2: it has 1 of 2 columns."]
    assert len(records(source)) == 1


def test_json_lines_are_read_and_a_broken_line_is_refused_alone(opened):
    text = '{"external_id": 7, "title": "x", "labels": ["a", "b"]}\n{"cut": \n\n[1]\n'
    source = opened(text + '{"external_id": "8", "title": "y"}\n', name="list.jsonl")
    assert [(r.external_id, r.labels) for r in records(source)] == [("7", ("a", "b")), ("8", ())]
    assert refusals(source) == [
        "Line 2: it is not one whole JSON object.",
        "Line 4: it is JSON, but not an object.",
    ]
