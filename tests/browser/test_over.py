"""What lies over the page: a look at a bug, the palette, the list of keys; and no key too many."""

from playwright.sync_api import expect

from tests.browser.board import FEW, focused, open_board, open_rows, row_is, walk_to
from tests.browser.looking import FOCUS, axe, boxes, moved, sideways


def test_a_look_at_a_bug_moves_along_acts_and_gives_the_focus_back(demo, open_page):
    page = open_board(open_page(demo), demo, FEW)
    row, following = open_rows(page)[:2]
    before = boxes(page)
    walk_to(page, row)
    page.keyboard.press("Enter")
    title = page.locator("#peek h2")
    expect(title).to_have_text(page.locator(f"#{row} a.title").inner_text())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert axe(page, "#peek") == []
    while focused(page) != following:
        page.keyboard.press("j")
    expect(title).to_have_text(page.locator(f"#{following} a.title").inner_text())
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "peek"
    page.locator("#peek [data-press=claim]").click()
    row_is(page, following, "claimed")
    expect(page.locator("#peek .state")).to_have_text("claimed")
    assert moved(before, boxes(page)) == []
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    assert focused(page) == following


def test_a_click_on_empty_space_looks_at_a_bug_and_a_narrow_page_opens_it(demo, open_page):
    page = open_board(open_page(demo), demo, FEW)
    row, title = open_rows(page)[0], page.locator("#peek h2")
    page.locator(f"#{row} td.hurts").click(position={"x": 2, "y": 2})
    expect(title).to_have_text(page.locator(f"#{row} a.title").inner_text())
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 900, "height": 860})
    page.locator(f"#{row} a.title").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".bug-head h1")).to_be_visible()


def test_l_shows_the_area_with_its_rule_beside_the_board_or_on_the_bugs_page(demo, open_page):
    page = open_board(open_page(demo), demo, FEW)
    row = open_rows(page)[0]
    walk_to(page, row)
    page.keyboard.press("l")
    area = page.locator("#peek-area")
    expect(area).to_be_focused()
    expect(area).to_contain_text("Its rule ")
    expect(area.get_by_role("link", name="Its bugs on the board")).to_be_visible()
    page.keyboard.press("Escape")
    assert focused(page) == row
    page.set_viewport_size({"width": 900, "height": 860})
    page.keyboard.press("l")
    expect(page.locator("#area")).to_contain_text("Its rule ")
    page.keyboard.press("l")
    expect(page.locator("#area")).to_be_focused()


def test_the_palette_finds_pages_at_once_and_bugs_from_the_server(demo, open_page):
    page = open_board(open_page(demo), demo, FEW)
    row = open_rows(page)[0]
    walk_to(page, row)
    page.keyboard.press("Control+k")
    assert page.evaluate("() => document.activeElement.getAttribute('role')") == "combobox"
    first = page.locator("#palette-list [aria-selected=true]")
    expect(first).to_contain_text("Claim: ")
    page.keyboard.type("teams")
    expect(first).to_contain_text("Teams")
    expect(first.locator("kbd")).to_have_text("g m")
    active = page.locator("#palette input").get_attribute("aria-activedescendant")
    assert active == first.get_attribute("id")
    page.locator("#palette input").fill("")
    page.keyboard.type("composer")
    found = page.locator("#palette-list li")
    expect(page.locator("#palette-list li[data-href^='/bugs/']").first).to_be_attached()
    assert 1 < found.count() <= 20
    page.keyboard.press("ArrowDown")
    second = first.locator(".place-name").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_have_text(second.removeprefix("Open: "))
    page.locator(".palette-open").click()
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.classList.contains('palette-open')")


def test_what_lies_over_the_page_is_accessible_wide_and_narrow(demo, open_page):
    page = open_board(open_page(demo, reduced_motion="reduce"), demo, FEW)
    wrong = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 860})
            for key, over in (("?", "#key-help"), ("Control+k", "#palette")):
                page.keyboard.press(key)
                expect(page.locator(over)).to_be_visible()
                wrong += axe(page, over) + sideways(page)
                page.keyboard.press("Escape")
            page.locator("#board .pick input").first.check()
            page.locator(".actions-menu summary").click()
            expect(page.locator(".menu-fill > *").first).to_be_visible()
            wrong += axe(page, ".top") + axe(page, ".bulk-bar") + axe(page, "#board tbody")
            wrong += sideways(page)
            page.locator("#board .pick input").first.uncheck()
            page.keyboard.press("Escape")
    assert wrong == []


def test_no_key_does_anything_in_a_field_with_a_modifier_or_switched_off(demo, open_page):
    page = open_board(open_page(demo), demo, FEW)
    page.locator("#find").focus()
    page.keyboard.type("jxc?gtz")
    assert "jxc?gtz" in page.locator("#find").input_value()
    row = open_rows(open_board(page, demo, FEW))[0]
    page.locator(f"#{row} a.title").focus()
    for key in ("Alt+c", "Control+x", "Control+c", "Meta+j"):
        page.keyboard.press(key)
    assert page.evaluate(FOCUS)["row"] == row
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch the keys off").click()
    page.keyboard.press("Escape")
    for key in ("c", "x", "j", "?", "Control+k"):
        page.keyboard.press(key)
    assert page.locator("dialog[open]").count() == 0
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "open")
    expect(page.locator("#selected")).to_have_text("0")
    page.locator(".keys-open").click()
    page.get_by_role("button", name="Switch the keys on").click()
    page.keyboard.press("Escape")
    page.locator(f"#{row} a.title").focus()
    page.keyboard.press("x")
    expect(page.locator("#selected")).to_have_text("1")
