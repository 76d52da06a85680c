"""The board as columns and as a map of areas: the same bugs, counted the same."""

import re
from html import unescape

import pytest

from app.core.vocabulary import ItemState, Role
from app.db.models import Sprint
from app.views import boards, shapes
from app.views.shapes import CARDS, WAY
from tests import make

STATES = {
    ItemState.open: 3,
    ItemState.claimed: 2,
    ItemState.reopened: 1,
    ItemState.fixed: 2,
    ItemState.released: 1,
    ItemState.confirmed: 1,
    ItemState.declined: 1,
}


@pytest.fixture
def filled(db, sample):
    """The sample's sprint with more bugs in several states; every second one is of an area."""
    area = make.area(db, "mail")
    sprint = db.get(Sprint, sample.sprint)
    number = 0
    for state, count in STATES.items():
        for _ in range(count):
            number += 1
            more = {"area_id": area.id} if number % 2 else {}
            bug = make.bug(db, f"Export {number} hangs", **more)
            who = "Ana" if state == ItemState.claimed else None
            make.item(db, sprint, bug, state=state, claimed_by=who, frozen_rank=10 + number)
    make.ranked(db)
    db.rollback()
    return f"/s/{sample.slug}/board"


def test_each_column_has_its_bugs_with_the_reopened_among_the_open(filled, sign_in):
    page = sign_in(Role.viewer).get(f"{filled}?shape=columns").text
    columns = page.split('<section class="column" data-state="')[1:]
    assert [each.split('"')[0] for each in columns] == [state.value for state in WAY]
    cards = [re.findall(r'class="bug-card" id="card-\d+" data-state="(\w+)"', c) for c in columns]
    assert [len(each) for each in cards] == [6, 2, 2, 1, 0, 1]
    assert cards[0].count("reopened") == 1
    assert [re.findall(r'class="muted">(\d+)</span></h2>', each) for each in columns] == [
        [str(len(each))] for each in cards
    ]


def test_a_long_column_shows_the_worst_and_leads_to_the_rest(filled, sign_in, monkeypatch):
    assert CARDS * len(WAY) <= 300
    monkeypatch.setattr(shapes, "CARDS", 2)
    page = sign_in(Role.viewer).get(f"{filled}?shape=columns&q=export").text
    assert page.count('class="bug-card"') == 2 + 2 + 2 + 1 + 1
    rest = "?q=export%20state%3Ahanded_back%2Copen%2Creopened"
    assert f'href="{rest}">all 5 in the list</a>' in page


def test_the_map_counts_every_bug_once_and_each_cell_leads_to_its_bugs(filled, sign_in):
    page = sign_in(Role.viewer).get(f"{filled}?shape=areas").text
    lines = page.split('<tr><th scope="row">')[1:]
    assert [line.split("<")[0] for line in lines] == ["Mail", "No area"]
    numbers = [[int(n) for n in re.findall(r">(\d+)(?=</a>|</td>|</b>)", line)] for line in lines]
    assert sum(line[-1] for line in numbers) == 13
    assert all(sum(line[:-1]) == line[-1] for line in numbers)
    for line, area in zip(lines, ("mail", "none"), strict=True):
        assert f'<a href="?q=area%3A{area}%20state%3Aclaimed">' in line


def test_a_cell_of_the_map_keeps_the_filter_and_leads_to_as_many_bugs_as_it_says(filled, sign_in):
    visitor = sign_in(Role.viewer)
    page = visitor.get(f"{filled}?shape=areas&q=export").text
    cells = re.findall(r'<a href="([^"]+)"><span class="unseen">[^<]+</span>(\d+)</a>', page)
    assert len(cells) >= 8
    for link, count in cells:
        assert link.startswith("?q=export%20area%3A")
        found = visitor.get(filled + unescape(link)).text
        assert len(re.findall(r'<tr id="bug-', found)) == int(count), link


def test_the_filter_is_read_once_for_a_page_of_any_shape(filled, sign_in, monkeypatch):
    read = []
    real = boards.understood
    monkeypatch.setattr(boards, "understood", lambda *given: read.append(given[2]) or real(*given))
    visitor = sign_in(Role.viewer)
    for shape in ("list", "columns", "areas"):
        visitor.get(f"{filled}?shape={shape}&q=export")
    assert read == ["export"] * 3


def test_what_narrows_the_filter_keeps_the_shape(filled, sign_in):
    visitor = sign_in(Role.viewer)
    for shape in ("columns", "areas"):
        page = visitor.get(f"{filled}?shape={shape}&q=export+stat:told").text
        assert f'<input type="hidden" name="shape" value="{shape}">' in page
        for rest in ("stat%3Atold", "export%20state%3Atold"):  # without a term, and mended
            assert f'href="?q={rest}&amp;shape={shape}"' in page
        asked = visitor.get(f"{filled}?shape={shape}&q=export&was=export&state=open&team=&lane=")
        assert asked.headers["location"].endswith(f"&shape={shape}")
    assert 'name="shape"' not in visitor.get(filled).text


def test_an_empty_filter_says_so_in_every_shape(filled, sign_in):
    visitor = sign_in(Role.viewer)
    for shape in ("list", "columns", "areas"):
        page = visitor.get(f"{filled}?shape={shape}&q=quuxquux").text
        assert "No bug matches these filters." in page, shape
    assert visitor.get(f"{filled}?shape=circle").status_code == 422


def test_a_kept_page_of_one_shape_is_not_sent_for_another(filled, sign_in):
    visitor = sign_in(Role.viewer)
    tags = {
        visitor.get(f"{filled}?shape={each}").headers["etag"]
        for each in ("list", "columns", "areas")
    }
    assert len(tags) == 3
