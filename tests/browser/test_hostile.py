"""Foreign text is shown as text: no dialog, no report of the policy, no request to elsewhere."""

import shutil
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.attacked import packed, plant
from tests.browser.board import claim_elsewhere, open_board, open_rows
from tests.browser.corpus import corpus
from tests.browser.poking import poked
from tests.browser.worlds import bare_world
from tests.sizes import size

FLOOR = 300


@pytest.fixture(scope="module")
def attacked(empty_sqlite, tmp_path_factory):
    """An installation whose every name and text is an attack, and the bugs that show them all."""
    file = tmp_path_factory.mktemp("attacked") / "attacked.db"
    shutil.copy(empty_sqlite, file)
    with bare_world(file) as world:
        yield world, plant(world, corpus())


def test_nothing_that_anybody_writes_or_asks_runs_or_calls_home(attacked, open_page):
    world, bugs = attacked
    page, alive, seen = open_page(world), [], 0
    page.set_default_timeout(60_000)
    for address in [*_shown(bugs), *_asked()]:
        while address:
            page.goto(address)
            alive += poked(page)
            seen += 1
            older = page.locator("a[rel=next]")
            address = older.first.get_attribute("href") if older.count() else None
    print(f"{len(corpus())} attacks on {seen} pages")
    assert alive == []
    assert len(corpus()) >= FLOOR and seen >= size(38, 60)


def test_each_attack_is_shown_in_full(attacked, open_page):
    world, _ = attacked
    page, titles = open_page(world, Role.viewer), []
    address = f"/s/{world.slug}/board"
    while address:
        page.goto(address)
        titles += page.locator("#board a.title").all_text_contents()
        older = page.locator("a[rel=next]")
        address = older.first.get_attribute("href") if older.count() else None
    assert {_plain(title) for title in titles} == {_plain(attack) for attack in corpus()}


def _shown(bugs):
    yield from ("/s/now/board", "/s/now/plan", "/s/next/plan", "/s/now/impact", "/teams")
    yield from ("/tickets?show=all", "/sources", "/sprints", "/audit", "/me")
    yield from (f"/bugs/{bug}" for bug in bugs)


def _asked():
    """Attacks that come back out of the address, on its page and on the page that refuses it."""
    places = ("/sign-in?next=/", "/s/now/board?q=", "/tickets?q=", "/nowhere/", "/tickets?show=")
    for number, pack in enumerate(packed(corpus()[:: size(12, 4)], 4)):
        yield places[number % len(places)] + quote(" ".join(pack)[:190])


def _plain(text):
    return " ".join(text.replace("\u0000", "").split())


def test_what_comes_by_the_stream_is_shown_as_text_too(attacked, open_page):
    world, _ = attacked
    page = open_board(open_page(world, Role.viewer), world)
    row = open_rows(page)[0]
    before = page.locator("#board tbody tr").count()
    claim_elsewhere(world, row, 1, actor="<img src=x onerror=alert(92)>")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    expect(page.locator(f"#{row} td.team")).to_contain_text("<img src=x onerror=alert(92)>")
    page.wait_for_timeout(200)
    assert page.locator("#board tbody tr").count() == before
