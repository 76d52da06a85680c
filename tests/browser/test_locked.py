"""A board while somebody else holds the database: the page takes nothing for done that is not."""

import sqlite3
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.browser.board import open_board, open_rows
from tests.browser.looking import boxes, moved

LOCKED = "Failed to load resource: the server responded with a status of 503"


@contextmanager
def locked(world):
    """Hold the database's write lock from outside, and make sure that it is held."""
    holder = sqlite3.connect(world.engine.url.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


def test_a_claim_at_a_locked_database_is_undone_on_the_page_with_a_message(demo, open_page, seen):
    page = open_board(open_page(demo), demo)
    seen[0].expected += (LOCKED,)
    row = open_rows(page)[4]
    before, words = boxes(page), page.locator(f"#{row}").inner_text()
    with locked(demo):
        page.locator(f"#{row} button.claim").click()
        message = page.locator("#messages")
        expect(message).to_contain_text("Nothing was changed; trying again in 1 s.", timeout=15_000)
        assert page.locator(f"#{row}").get_attribute("data-state") == "claimed"
        expect(message).to_contain_text("nothing was changed; try again", timeout=15_000)
        expect(page.locator(f"#{row}")).to_have_attribute("data-state", "open")
        expect(page.locator(f"#{row} button.claim")).to_be_enabled()
        assert page.locator(f"#{row}").inner_text() == words
        assert moved(before, boxes(page)) == []
    page.locator(f"#{row} button.claim").click()
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")


def test_a_claim_is_sent_once_more_and_holds_when_the_database_is_free_again(demo, open_page, seen):
    page = open_board(open_page(demo), demo)
    seen[0].expected += (LOCKED,)
    row = open_rows(page)[5]
    before = boxes(page)
    with locked(demo):
        page.locator(f"#{row} button.claim").click()
        expect(page.locator("#messages")).to_contain_text("trying again in 1 s", timeout=15_000)
    expect(page.locator(f"#{row}:not([data-painted])")).to_have_attribute(
        "data-state", "claimed", timeout=15_000
    )
    expect(page.locator("#messages")).to_be_empty()
    assert moved(before, boxes(page)) == []


def test_pages_are_read_on_while_the_database_is_locked(demo, open_page):
    page, slug = open_page(demo), demo.slug
    with locked(demo):
        for path in (f"/s/{slug}/board", "/tickets", "/teams", f"/s/{slug}/impact"):
            answer = page.goto(path)
            assert answer is not None and answer.status == 200, path
            expect(page.locator("main h1").first).to_be_attached()
