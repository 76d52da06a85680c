"""Before anything has happened, and where something is refused: each page says what to do next."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.vocabulary import Phase, Role
from tests import make
from tests.browser.test_pages import faults

EMPTY = {
    "/sprints": "No sprint yet.",
    "/tickets": "No tickets yet.",
    "/sources": "No source yet.",
    "/teams": "No teams yet.",
}
REFUSED = {
    "/bugs/999999": "There is no bug 999999.",
    "/nothing/here": "There is nothing at this address.",
    "/s/none/board": "There is no sprint",
}


def test_an_empty_installation_says_on_each_page_what_comes_first(empty, open_page):
    page = open_page(empty)
    wrong = []
    for address, said in EMPTY.items():
        page.goto(address)
        expect(page.locator(".empty")).to_contain_text(said)
        wrong += [f"{address}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


def test_a_sprint_without_bugs_leads_from_the_board_to_the_plan(empty, open_page):
    today = datetime.now(UTC).date()
    with Session(empty.engine) as db:
        make.sprint(db, phase=Phase.prepare, starts_on=today, ends_on=today)
    page = open_page(empty)
    page.goto("/board")
    expect(page.locator(".empty")).to_contain_text("The sprint has no bugs yet.")
    wrong = faults(page)
    page.get_by_role("link", name="Look at the plan").click()
    expect(page.locator(".empty")).to_contain_text("There is no team to plan for.")
    wrong += faults(page)
    page.goto(f"/s/{empty.slug}/impact")
    expect(page.locator("main")).to_contain_text("No bug is fixed yet.")
    wrong += faults(page)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_there_is_said_in_words_with_a_way_back(address, demo, open_page):
    page = open_page(demo)
    answer = page.goto(address)
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_contain_text(REFUSED[address])
    page.get_by_role("link", name="To the board").click()
    expect(page).to_have_url(f"{demo.url}/s/{demo.slug}/board")


def test_a_viewer_is_told_which_role_may_see_the_sources(demo, open_page):
    page = open_page(demo, Role.viewer)
    assert page.goto("/sources").status == 403
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your role, viewer, may not")
    assert not faults(page)


def test_a_strange_cursor_is_refused_without_a_failure(demo, open_page):
    page = open_page(demo)
    for address in (f"/s/{demo.slug}/board?after=-1'", "/tickets?after=x", "/audit?after=%00"):
        assert page.goto(address).status in {200, 404, 422}
        assert page.locator("main h1").count() == 1
    assert not faults(page)
