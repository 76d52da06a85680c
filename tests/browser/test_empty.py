"""Where something is refused or not there: each page says what to do next."""

import pytest
from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.looking import faults

REFUSED = {
    "/bugs/999999": "There is no bug 999999.",
    "/nothing/here": "There is nothing at this address.",
    "/s/none/board": "There is no sprint",
}


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
