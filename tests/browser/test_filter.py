"""The filter under the hands: typed, completed, picked, mended, kept; with and without script."""

import pytest
from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.board import LIVE, open_board
from tests.browser.looking import FOCUS, axe, sideways


def rows(page):
    return page.locator("#board tbody tr")


def test_the_list_follows_the_text_and_the_text_is_completed_from_the_keyboard(demo, open_page):
    page = open_board(open_page(demo), demo)
    whole = rows(page).count()
    page.evaluate("() => { window.stayed = true; }")
    write_a_term(page)
    expect(page.locator("#find")).to_have_value("state:open ")
    expect(page.locator("#board tbody tr:not([data-state=open])")).to_have_count(0)
    expect(page.locator(".chips .chip")).to_have_text(["state:open"])
    expect(page.locator("select[name=state]")).to_have_value("open")
    expect(page.locator("#board")).to_have_attribute("data-query", "state:open")
    page.wait_for_function("() => location.search.includes('state')")
    assert page.evaluate("() => window.stayed"), "The page was loaded anew."
    assert page.evaluate(FOCUS)["what"] == "find"
    assert 0 < rows(page).count() < whole
    claim = rows(page).first.get_attribute("id")
    page.locator(f"#{claim} button.claim").click()
    expect(page.locator(f"#{claim}")).to_have_attribute("data-state", "claimed")
    picks_and_marks(page)


def write_a_term(page):
    """Write state:open with as few letters as it takes."""
    page.keyboard.press("/")
    page.keyboard.type("sta")
    options = page.locator("#filter-options [role=option]")
    expect(options.first).to_contain_text("state:")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("state:")
    page.keyboard.type("ope")
    expect(options).to_have_text(["state:open", "state:reopened"])
    assert not axe(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#find")).to_have_attribute("aria-activedescendant", "filter-option-0")
    page.keyboard.press("Enter")


def picks_and_marks(page):
    """A choice from a list becomes a term, and each row can be held against the text."""
    page.keyboard.press("Escape")
    page.locator("select[name=state]").select_option("fixed")
    expect(page.locator("#find")).to_have_value("state:fixed")
    expect(page.locator("#board tbody tr:not([data-state=fixed])")).to_have_count(0)
    dim = page.evaluate(
        "() => [...document.querySelectorAll('#board tbody tr')].map(window.bugsprint.matches)"
    )
    assert dim and all(dim)
    page.locator("#find").fill("team:mail -state:open")
    expect(page.locator("#board")).to_have_attribute("data-query", "team:mail -state:open")
    matches = "(row) => window.bugsprint.matches(row)"
    row = rows(page).first
    assert row.evaluate(matches)
    row.evaluate("(row) => { row.dataset.state = 'open'; }")
    assert not row.evaluate(matches)
    page.reload()
    expect(page.locator("#find")).to_have_value("team:mail -state:open")
    expect(page.locator(LIVE)).to_be_visible()


@pytest.mark.parametrize("theme, width", [("light", 1280), ("dark", 390)])
def test_an_odd_term_is_mended_by_its_link_and_an_empty_list_opened_by_one(
    demo, open_page, theme, width
):
    page = open_board(open_page(demo, theme=theme, width=width), demo)
    whole = rows(page).count()
    page.locator("#find").fill("stat:told severity:S1 quuxquux")
    expect(page.locator(".mends")).to_contain_text("There is no field “stat”.")
    expect(page.locator(".empty")).to_contain_text("No bug matches")
    wrong = [*axe(page), *sideways(page)]
    page.locator(".less a", has_text="quuxquux").click()
    expect(page.locator("#find")).to_have_value("severity:S1 stat:told")
    assert 0 < rows(page).count() < whole
    wrong += [*axe(page), *sideways(page)]
    page.get_by_role("link", name="state:told").click()
    expect(page.locator("#find")).to_have_value("severity:S1 state:told")
    page.get_by_role("link", name="Remove severity:S1").click()
    page.get_by_role("link", name="Remove state:told").click()
    expect(rows(page)).to_have_count(whole)
    page.get_by_text("Save this view").click()
    wrong += [*axe(page), *sideways(page)]
    assert not wrong, "\n".join(wrong)


def test_a_view_is_kept_opened_changed_and_brought_back_without_script(demo, open_page):
    page = open_page(demo, Role.engineer, js=False)
    page.goto(f"/s/{demo.slug}/board")
    page.locator("#find").fill("state:open -sort:waiting")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator(".chips .chip")).to_have_text(["state:open", "-sort:waiting"])
    page.get_by_text("Save this view").click()
    page.locator(".view-menu").first.get_by_label("Name").fill("Waits longest")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#find")).to_have_value("state:open -sort:waiting")
    link = page.locator(".view-links a[aria-current]")
    expect(link).to_have_text("Waits longest")
    change_a_view(page)


def change_a_view(page):
    """Open it, call it something else, let it go, bring it back, let it go."""
    page.get_by_role("link", name="All bugs").click()
    page.get_by_role("link", name="Waits longest").click()
    expect(page.locator("#find")).to_have_value("state:open -sort:waiting")
    page.get_by_text("Change views").click()
    page.get_by_label("Name of the view Waits longest").fill("Oldest")
    page.get_by_role("button", name="Rename Waits longest").click()
    expect(page.locator(".view-links")).to_contain_text("Oldest")
    page.get_by_text("Change views").click()
    page.get_by_role("button", name="Delete Oldest").click()
    expect(page.locator(".view-line", has_text="“Oldest” is deleted.")).to_have_count(1)
    page.get_by_text("Change views").click()
    page.get_by_role("button", name="Bring it back Oldest").click()
    expect(page.locator(".view-links")).to_contain_text("Oldest")
    page.get_by_text("Change views").click()
    page.get_by_role("button", name="Delete Oldest").click()
    expect(page.locator(".view-line", has_text="“Oldest” is deleted.")).to_have_count(1)
