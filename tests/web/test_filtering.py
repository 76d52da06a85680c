"""The board by a filter: its page, its JSON and its sheet, and what is said of an odd text."""

import csv
import io
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings

from app.core.vocabulary import ItemState, Role
from app.db.models import Sprint
from tests import make
from tests.core.filter_texts import texts
from tests.sizes import size


@pytest.fixture
def many(db, sample):
    """Ten more bugs on the board, some of them taken, one called like a formula."""
    sprint, core = db.get(Sprint, sample.sprint), make.team(db, "Core")
    area = make.area(db, "mail")
    for number in range(10):
        title = "=1+1" if number == 0 else f"Draft {number} lost"
        bug = make.bug(db, title, area_id=area.id, labels=["wontfix"] if number > 7 else [])
        taken = number % 3 == 0
        make.item(
            db, sprint, bug, team_id=core.id, frozen_rank=10 + number,
            state=ItemState.claimed if taken else ItemState.open,
            claimed_by="Bo" if taken else None, claimed_at=make.DAWN if taken else None,
        )  # fmt: skip
    db.rollback()
    return f"/s/{sample.slug}/board"


def titles(visitor, q, **more):
    answer = visitor.get("/api/v1/board", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def test_page_json_and_sheet_show_the_same_bugs_in_the_same_order(sign_in, many):
    visitor = sign_in(Role.viewer)
    for q in (
        "state:claimed",
        "team:core -label:wontfix -sort:rank",
        "draft owner:none",
        "rank>12",
    ):
        wanted = titles(visitor, q)
        assert 0 < len(wanted) < 12
        sheet = visitor.get("/api/v1/board.csv", params={"q": q})
        assert sheet.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
        assert [row["title"].removeprefix("'") for row in rows] == wanted
        assert not any(row["title"].startswith("=") for row in rows)
        page = visitor.get(many, params={"q": q}).text
        places = [page.index(f'dir="auto">{title}<') for title in wanted]
        assert places == sorted(places)
        assert page.count("<tr id=") == len(wanted)


def test_a_list_goes_on_behind_its_last_row_in_any_order(sign_in, many):
    visitor = sign_in(Role.viewer)
    for q in ("", "sort:age", "-sort:waiting", "team:core -sort:rank"):
        whole, found, after = titles(visitor, q), [], ""
        while after is not None:
            answer = visitor.get("/api/v1/board", params={"q": q, "limit": 5, "after": after})
            found += [item["title"] for item in answer.json()["items"]]
            after = answer.json()["next"]
        assert found == whole
    for odd in ("x", "1-2", "0", "99999", "1" * 40, "१"):
        assert visitor.get("/api/v1/board", params={"after": odd}).status_code == 404


def test_an_odd_term_is_left_out_and_named_on_the_page_and_refused_by_the_api(sign_in, many):
    visitor = sign_in(Role.viewer)
    page = visitor.get(many, params={"q": "state:claimed tem:core"}).text
    assert page.count("<tr id=") == 4
    assert "<u>tem:core</u>" in page
    assert "There is no field “tem”." in page
    assert f'href="?q={quote("state:claimed team:core")}"' in page
    for path in ("/api/v1/board", "/api/v1/board.csv"):
        answer = visitor.get(path, params={"q": "state:claimed tem:core"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert "tem" in answer.json()["title"] and "team:core" in answer.json()["title"]


def test_an_empty_list_says_what_each_term_leaves_out(sign_in, many):
    page = sign_in(Role.viewer).get(many, params={"q": "state:told team:core"}).text
    assert "No bug matches these filters." in page
    first = page.index("team:core</a> 0 bugs; alone it has 10")
    second = page.index("state:told</a> 10 bugs; alone it has 0")
    assert second < first
    assert f'href="?q={quote("team:core")}"' in page


@pytest.mark.parametrize("role", Role)
def test_a_role_asks_for_what_it_may_read_only(sign_in, sample, many, role):
    visitor = sign_in(role)
    reads = role in {Role.support_lead, Role.admin}
    assert bool(titles(visitor, "secret")) == reads
    asked = visitor.get("/api/v1/board", params={"q": "customer:Acme"})
    assert asked.status_code == (200 if reads or role == Role.engineer else 422)
    if asked.status_code == 422:
        assert "There is no field “customer”." in asked.json()["title"]
        options = visitor.get("/filters/complete", params={"q": "cust"}).json()["options"]
        assert [each["text"] for each in options] == ["customers:"]
        assert visitor.get("/filters/complete", params={"q": "customer:A"}).json()["options"] == []


def test_lists_without_script_are_said_in_the_one_text(sign_in, many):
    visitor = sign_in(Role.viewer)
    for asked, text in (
        ("state=open&team=core", "state:open team:core"),
        ("q=draft&was=draft&state=claimed&team=&lane=", "draft state:claimed"),
        ("q=state:open+x&was=state:open&state=&team=&lane=", "x"),
        ("q=state:claimed&was=state:open&state=open&team=&lane=", "state:claimed"),
        ("q=tem:x+state:open&was=&state=&team=core&lane=", "state:open team:core tem:x"),
        ("state=odd", "state:odd"),
        ("q=&was=&state=&team=&lane=", ""),
    ):
        answer = visitor.get(f"{many}?{asked}")
        there = f"{many}?q={text.replace(' ', '+').replace(':', '%3A')}" if text else many
        assert (answer.status_code, answer.headers["location"]) == (303, there), asked
    assert titles(visitor, "", state="claimed", team="core") == titles(visitor, "state:claimed")
    assert visitor.get("/api/v1/board?state=odd").status_code == 422


def test_names_are_offered_while_they_are_written(sign_in, sample, many):
    visitor = sign_in(Role.engineer, team_id=sample.team)

    def offered(q, at=500):
        answer = visitor.get("/filters/complete", params={"q": q, "at": at}).json()
        return answer["start"], answer["end"], [each["text"] for each in answer["options"]]

    assert offered("x -te") == (2, 5, ["-team:"])
    assert offered("team:co") == (0, 7, ["team:core"])
    assert offered("state:open,cl")[2][0] == "state:open,claimed"
    assert offered("state:o draft", 7)[:2] == (0, 7)
    assert offered("label:won")[2] == ["label:wontfix"]
    assert offered("-sort:ra")[2] == ["-sort:rank"]
    assert "state:" in offered("")[2]
    assert offered("is:m")[2] == ["is:mine"]


def test_whatever_is_asked_the_page_is_drawn_and_the_api_answers(sign_in, many):
    visitor = sign_in(Role.support_lead)

    @settings(
        max_examples=size(15, 1_000),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(texts)
    def answered(text):
        try:
            text.encode()
        except UnicodeEncodeError:
            return
        page = visitor.get(many, params={"q": text})
        assert page.status_code == 200, (text, page.text)
        assert visitor.get("/api/v1/board.csv", params={"q": text}).status_code in {200, 422}
        assert visitor.get("/filters/complete", params={"q": text}).status_code == 200

    answered()
    assert visitor.get(many, params={"q": "x" * 501}).status_code == 422


def test_an_unchanged_filtered_page_is_not_sent_twice(sign_in, sample, many):
    visitor = sign_in(Role.engineer, team_id=sample.team)
    first = visitor.get(many, params={"q": "state:open"})
    tag = {"if-none-match": first.headers["etag"]}
    assert visitor.get(many, params={"q": "state:open"}, headers=tag).status_code == 304
    assert visitor.get(many, params={"q": "state:told"}, headers=tag).status_code == 200
    assert visitor.post(f"/bugs/{sample.bug}/claim").status_code == 303
    assert visitor.get(many, params={"q": "state:open"}, headers=tag).status_code == 200
