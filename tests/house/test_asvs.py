"""The papers on security name tests that are there, and leave no requirement out."""

import ast
import csv
import re
from collections import Counter
from datetime import date

import pytest

from tests.house.tree import ROOT, files, name_of, parsed

COLUMNS = ["id", "level", "state", "evidence", "reason", "date"]
WORDS = re.compile(r"[^a-z0-9 -]")


def requirements():
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as paper:
        return list(csv.DictReader(paper))


def existing_tests():
    return {
        f"{name_of(path)}::{node.name}"
        for path in files("tests", suffix=".py")
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def existing_sections():
    return {
        f"{name_of(path)}#{WORDS.sub('', title.lower()).replace(' ', '-')}"
        for path in files("docs", suffix=".md")
        for title in re.findall(r"^##+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_requirement_of_the_first_two_levels_is_there_once():
    rows = requirements()
    assert list(rows[0]) == COLUMNS
    assert Counter(row["level"] for row in rows) == {"1": 70, "2": 183}
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"V\d+\.\d+\.\d+", row["id"]) for row in rows)
    order = [[int(part) for part in row["id"][1:].split(".")] for row in rows]
    assert order == sorted(order)


def test_what_is_met_names_a_test_or_a_review_that_is_there():
    there = existing_tests() | existing_sections()
    met = {row["id"]: row["evidence"] for row in requirements() if row["state"] == "met"}
    assert {number: named for number, named in met.items() if named not in there} == {}


def test_what_is_not_met_has_a_reason_and_a_gap_its_date():
    for row in requirements():
        assert row["state"] in {"met", "n/a", "gap"}, row["id"]
        assert (row["state"] == "met") is bool(row["evidence"]), row["id"]
        assert (row["state"] == "met") is not bool(row["reason"]), row["id"]
        assert (row["state"] == "gap") is bool(row["date"]), row["id"]
        if row["date"]:
            date.fromisoformat(row["date"])


@pytest.mark.parametrize("paper", ["docs/threats.md", "docs/security-model.md", "SECURITY.md"])
def test_the_papers_name_only_tests_that_are_there(paper):
    said = (ROOT / paper).read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w./-]+)`", said)
    assert named or paper != "docs/threats.md"
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_register_of_threats_has_thirty_rows_each_with_a_test():
    said = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*$", said, re.MULTILINE)
    assert [int(number) for number in rows] == list(range(1, 31))
    for row in re.findall(r"^\| \d+ \|.*$", said, re.MULTILINE):
        assert re.search(r"`(tests/[\w./-]+|make fuzz)`", row), row
