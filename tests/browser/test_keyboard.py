"""Everything without a mouse: the focus is always somewhere, seen, and where one left it."""

import pytest
from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.board import claim_elsewhere, open_board, open_rows, team_of
from tests.browser.looking import FOCUS


def tab_to(page, selector, most=400):
    """Press Tab until something has the focus, and look at each stop on the way."""
    unseen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if not stop["ring"] or stop["covered"]:
            unseen.append(stop["what"])
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return unseen
    raise AssertionError(f"Tab never came to {selector}.")


def test_tab_and_enter_claim_a_bug_and_the_focus_stays_in_its_row(demo, open_page):
    page = open_board(open_page(demo), demo, "?state=open")
    row = open_rows(page)[0]
    unseen = tab_to(page, f"#{row} button.claim")
    assert not unseen, f"The focus could not be seen at {unseen}."
    page.keyboard.press("Enter")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    page.wait_for_timeout(400)
    stop = page.evaluate(FOCUS)
    assert stop["row"] == row, f"The focus went to {stop['what']}."
    assert stop["ring"]
    assert not stop["covered"]
    assert page.evaluate("() => document.activeElement.classList.contains('release')")


def test_the_whole_way_claim_fix_and_reopen_is_walked_with_enter_alone(demo, open_page):
    page = open_board(open_page(demo), demo)
    row = open_rows(page)[1]
    page.locator(f"#{row} button.claim").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    page.wait_for_timeout(300)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "fixed")
    page.wait_for_timeout(300)
    assert page.evaluate(FOCUS)["row"] == row
    page.keyboard.press("Enter")
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "reopened")


def test_another_persons_change_never_takes_the_focus_out_of_a_field(demo, open_page):
    page = open_board(open_page(demo, Role.viewer), demo)
    row = open_rows(page)[0]
    page.locator("#find").fill("sort:ran")
    claim_elsewhere(demo, row, team_of(page, row))
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    page.wait_for_timeout(200)
    page.keyboard.type("k")
    assert page.locator("#find").input_value() == "sort:rank"


def test_another_persons_claim_leaves_the_focus_in_the_row_it_was_in(demo, open_page):
    page = open_board(open_page(demo), demo)
    row = open_rows(page)[0]
    page.locator(f"#{row} button.claim").focus()
    claim_elsewhere(demo, row, team_of(page, row))
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    page.wait_for_timeout(200)
    assert page.evaluate(FOCUS)["row"] == row


def test_j_k_and_c_work_and_can_be_switched_off(demo, open_page):
    page = open_board(open_page(demo), demo)
    first, second = page.evaluate(
        "() => [...document.querySelectorAll('#board tbody tr')].slice(0, 2).map((row) => row.id)"
    )
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUS)["row"] == second
    page.keyboard.press("k")
    assert page.evaluate(FOCUS)["row"] == first
    page.goto("/me")
    page.locator("#keys").uncheck()
    open_board(page, demo)
    page.keyboard.press("j")
    assert page.evaluate(FOCUS)["row"] == ""


@pytest.mark.parametrize("address", ["/s/{slug}/board", "/tickets", "/s/{slug}/plan", "/bugs/3"])
def test_the_skip_link_is_the_first_stop_and_goes_to_the_content(address, demo, open_page):
    page = open_page(demo)
    page.goto(address.format(slug=demo.slug))
    page.keyboard.press("Tab")
    stop = page.evaluate(FOCUS)
    assert stop["what"] == "skip"
    assert not stop["covered"]
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
