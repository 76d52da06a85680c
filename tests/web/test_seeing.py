"""Who sees what: revenue, ticket text, and hostile words that must stay words."""

import csv
import io
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlmodel import select

from app.actions import claims
from app.core.vocabulary import Role
from app.db.models import Bug, Sprint
from app.web.live import encoded
from tests import make
from tests.actions.sources import Given, issue, page_of, run, ticket
from tests.web.conftest import NOON

MONEY = {Role.support_lead, Role.exec, Role.admin}
TEXT = {Role.support_lead, Role.admin}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "</title><script src=//evil.example></script>",
    "data: x\n\nevent: stale\ndata: y",
]


@pytest.mark.parametrize("role", Role)
def test_exact_revenue_is_told_to_those_who_may_know_it(sign_in, sample, role):
    visitor = sign_in(role)
    found = visitor.get(f"/api/v1/bugs/{sample.bug}").json()
    stakes = {stake["customer"]: stake for stake in found["why"]["stakes"]}
    assert stakes["Acme"]["arr"] == (1_234_567.0 if role in MONEY else None)
    assert stakes["Acme"]["arr_band"] == "1–10 M"
    report = visitor.get(f"/api/v1/reports/{sample.slug}/impact").json()
    assert (report["arr_touched"] is None) == (role not in MONEY)
    for path in (f"/bugs/{sample.bug}", f"/s/{sample.slug}/board", f"/s/{sample.slug}/impact"):
        assert ("1.2 M" in visitor.get(path).text) == (role in MONEY and "bugs" in path), path
    for path in ("/api/v1/board", f"/s/{sample.slug}/impact.csv"):
        assert "1234567" not in visitor.get(path).text.replace(",", "")


@pytest.mark.parametrize("role", Role)
def test_ticket_text_is_shown_to_those_who_may_read_it(sign_in, sample, role):
    visitor = sign_in(role)
    for path in (f"/bugs/{sample.bug}", f"/api/v1/bugs/{sample.bug}", "/tickets?show=all",
                 "/api/v1/tickets?show=all"):  # fmt: skip
        assert ("my secret words" in visitor.get(path).text) == (role in TEXT), path
    if role in TEXT | {Role.engineer}:
        matching = visitor.get("/api/v1/tickets?show=all&q=secret").json()["matching"]
        assert matching == (1 if role in TEXT else 0)


@pytest.mark.parametrize("role", [Role.viewer, Role.exec])
def test_who_reads_no_tickets_gets_none_of_a_bug(sign_in, sample, role):
    assert sign_in(role).get(f"/api/v1/bugs/{sample.bug}").json()["tickets"] == []


def test_hostile_words_stay_words_on_every_page(db, sign_in, sample):
    desk = make.source(db, name="zd2").id
    tracker = make.source(db, "github", name="gh2").id
    words = list(enumerate(HOSTILE, start=100))
    bugs = [
        issue(n, title=text, text=text, labels=(text,), url="javascript:alert(1)")
        for n, text in words
    ]
    tickets = [
        ticket(str(n), subject=text, text=text, tags=(text,), refs=[(f"acme/app#{n}", "tag")],
               url="javascript:alert(1)", requester_domain=text, customer=None)
        for n, text in words
    ]  # fmt: skip
    run(db, tracker, Given({"i": [page_of(*bugs)]}))
    run(db, desk, Given({"t": [page_of(*tickets)]}))
    sprint = db.exec(select(Sprint)).one()
    ids = list(db.exec(select(Bug.id).where(Bug.source_id == tracker)))
    for bug_id in ids:
        make.item(db, sprint, db.get(Bug, bug_id), team_id=sample.team, reasons=list(HOSTILE))
        claims.resolve(db, bug_id, actor=HOSTILE[0], at=NOON)
    db.rollback()
    visitor = sign_in(Role.admin, name=HOSTILE[1], team_id=sample.team)
    pages = [f"/s/{sample.slug}/{page}" for page in ("board", "plan", "impact")]
    pages += [f"/bugs/{number}" for number in ids]
    pages += ["/tickets?show=all", "/teams", "/audit", "/me", "/sources", "/sprints"]
    pages += [f"/s/{sample.slug}/board?q=%3Cscript%3E", "/tickets?q=%22%3E%3Cscript%3E"]
    for path in pages:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert Live(answer.text).found == [], path
    assert "&lt;script&gt;alert(1)" in visitor.get(f"/bugs/{ids[0]}").text


class Live(HTMLParser):
    """Collects what would run or load something that is not ours."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append((tag, name))
            if name in {"href", "src", "action"} and "script:" in (value or "").lower():
                self.found.append((tag, value))
        source = dict(attrs).get("src") or "/static/"
        if tag in {"img", "iframe", "object", "embed"} or not source.startswith("/static/"):
            self.found.append((tag, source))


def test_a_stream_frame_cannot_be_broken_by_a_title(db, sign_in, sample):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    bug = db.get(Bug, sample.bug)
    bug.title = HOSTILE[-1]
    db.commit()
    answer = visitor.post(f"/bugs/{sample.bug}/claim", headers={"hx-request": "1"})
    lines = encoded(7, answer.text).decode().rstrip("\n").split("\n")
    assert lines[0] == "id: 7"
    assert all(line.startswith("data: ") for line in lines[1:])


def test_no_cell_of_a_table_is_a_formula(db, sign_in, sample):
    titles = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1", '"=1"', "a,=1\n=2"]
    sprint = db.get(Sprint, sample.sprint)
    for title in titles:
        bug = make.bug(db, title)
        make.item(db, sprint, bug, team_id=sample.team)
        claims.resolve(db, bug.id, actor="Ana", at=NOON - timedelta(hours=1))
    db.rollback()
    answer = sign_in(Role.viewer).get(f"/s/{sample.slug}/impact.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert len(rows) >= len(titles) + 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=HYPERLINK(1)" in cells
