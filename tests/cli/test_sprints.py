"""A whole sprint without the page: teams, ranking, plan, commit, report."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from app.core.vocabulary import ItemState
from app.db.engine import open_engine
from app.db.queries import sprints
from app.views.places import live_places
from tests import make

TEAMS = """
teams:
  - {key: mail, name: Mail, members: [{name: Ann, days: 10}]}
areas:
  - {key: mail, name: Mail, team: mail, matches: [mail]}
"""
TODAY = datetime.now(UTC).date()


@pytest.fixture
def filled(on_both, database_url, empty_home):
    """The command on three bugs of an area, with one, two and three customers."""
    (empty_home / "teams.yaml").write_text(TEAMS)
    on_both.done("teams", "import", "teams.yaml")
    engine = open_engine(database_url)
    with Session(engine) as db:
        for count in (1, 3, 2):
            bug = make.bug(db, f"=HYPERLINK {count}", area_id=1)
            for _ in range(count):
                make.ticket(db, bug)
        make.bug(db, "nobody asks for this")
        make.ranked(db, datetime.now(UTC))
    engine.dispose()
    return on_both


def test_the_list_is_in_the_order_of_the_board(filled, database_url):
    found = json.loads(filled.done("rank", "--json"))
    engine = open_engine(database_url)
    with Session(engine) as db:
        places = live_places(db)
    engine.dispose()
    assert {each["id"]: each["rank"] for each in found["items"]} == places
    assert [each["customers"] for each in found["items"]] == [3, 2, 1]
    assert found["total"] == 3


def test_a_later_instant_makes_everybody_wait_longer(filled):
    earlier = json.loads(filled.done("rank", "--as-of", "2026-02-01", "--json"))
    later = json.loads(filled.done("rank", "--as-of", "2026-12-01T00:00:00+01:00", "--json"))
    assert earlier["as_of"] == "2026-02-01T00:00:00Z"
    assert later["as_of"] == "2026-11-30T23:00:00Z"
    for before, after in zip(earlier["items"], later["items"], strict=True):
        assert after["score"] > before["score"]


def test_other_weights_are_tried_and_nothing_is_stored(filled):
    now = filled.done("rank", "--json")
    tried = json.loads(filled.done("rank", "--what-if", "beta=0", "--what-if", "gamma=0", "--json"))
    assert tried["items"][0]["score"] < json.loads(now)["items"][0]["score"]
    assert filled.done("rank", "--json") == now
    for words, said in (("betta=1", "no “betta”"), ("beta=x", "not a number")):
        refused = filled("rank", "--what-if", words)
        assert (refused.code, refused.err.count("\n")) == (1, 1)
        assert said in refused.err


def test_a_limit_shortens_the_list_but_not_its_total(filled):
    found = json.loads(filled.done("rank", "--limit", "1", "--json"))
    assert (len(found["items"]), found["total"]) == (1, 3)
    assert filled.done("rank", "--limit", "1").count("\n") == 1


def test_a_list_without_evidence_says_so(command):
    assert "No open bug" in command.done("rank")
    assert json.loads(command.done("rank", "--json"))["items"] == []


@pytest.fixture
def committed(filled, database_url):
    """The command after a sprint that began yesterday was committed and one bug fixed."""
    starts, ends = TODAY - timedelta(days=1), TODAY + timedelta(days=12)
    filled.done("sprint", "create", "Spring 2026", "--starts", starts, "--ends", ends)
    filled.done("sprint", "commit", "spring-2026")
    engine = open_engine(database_url)
    with Session(engine) as db:
        for item in sprints.items(db, 1)[:1]:
            item.state, item.resolved_at = ItemState.fixed, datetime.now(UTC)
            db.add(item)
        db.commit()
    engine.dispose()
    return filled


def test_a_plan_is_a_proposal_until_it_is_committed(filled):
    days = ("--starts", TODAY, "--ends", TODAY + timedelta(days=13))
    assert filled.done("sprint", "create", "Spring", *days) == "spring\n"
    proposal = json.loads(filled.done("plan", "spring", "--json"))
    assert (proposal["planned"], proposal["committed_at"]) == (3, None)
    assert "a proposal, 3 of 3 bugs" in filled.done("plan", "spring")
    filled.done("sprint", "commit", "spring")
    assert "committed" in filled.done("plan", "spring")
    assert filled("sprint", "commit", "spring").code == 1
    assert "spring  Spring" in filled.done("sprint", "list")


def test_the_csv_holds_every_fix_and_no_formula(committed, empty_home):
    committed.done("report", "spring-2026", "--format", "csv", "-o", "fixes.csv")
    text = (empty_home / "fixes.csv").read_text(encoding="utf-8")
    [fix] = csv.DictReader(io.StringIO(text))
    assert fix["title"].startswith("'=HYPERLINK")


def test_the_workbook_holds_no_formula(committed, empty_home):
    committed.done("report", "spring-2026", "--format", "xlsx", "-o", "impact.xlsx")
    with zipfile.ZipFile(empty_home / "impact.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 4
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert "HYPERLINK" in texts


def test_the_report_as_json_counts_the_fix(committed, empty_home):
    committed.done("report", "spring-2026", "--format", "json", "-o", "impact.json")
    found = json.loads((empty_home / "impact.json").read_text())
    assert (found["scope"], found["fixed"]) == (3, 1)


def test_the_report_as_a_page_needs_nothing_beside_it(committed, empty_home):
    committed.done("report", "spring-2026", "--format", "html", "-o", "impact.html")
    page = (empty_home / "impact.html").read_text(encoding="utf-8")
    assert "1 of 3 customer bugs fixed" in page
    assert "/static/" not in page
    assert "<script" not in page
    assert "<style" in page
    assert 'href="http://127.0.0.1:8400/bugs/' in page


def test_a_pdf_is_made_or_its_missing_part_is_named(committed, empty_home):
    said = committed("report", "spring-2026", "--format", "pdf", "-o", "impact.pdf")
    if said.code:
        assert "weasyprint" in said.err and said.err.count("\n") == 1
        assert not (empty_home / "impact.pdf").exists()
    else:
        assert (empty_home / "impact.pdf").read_bytes().startswith(b"%PDF")
