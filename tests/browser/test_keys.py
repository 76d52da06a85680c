"""The keyboard alone, many at once, undo, and actions that are painted before they are true."""

from statistics import median

from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.board import (
    FEW,
    claim_elsewhere,
    focused,
    open_board,
    open_rows,
    row_is,
    said,
    team_of,
    walk_to,
)
from tests.browser.looking import FOCUS, boxes, moved

PAINTED_MS = 50
# What is ours of the time to the next frame: the script's work, style and layout.
PAINT = """(id) => {
  const row = document.getElementById(id), from = performance.now();
  row.querySelector('button.claim').click();
  const word = row.querySelector('.state').innerText.trim();
  const button = row.querySelector('.painted button.release').getBoundingClientRect();
  const shown = button.width > 0 && row.dataset.state === 'claimed' && word === 'claimed';
  return shown ? performance.now() - from : 1e6;
}"""


def test_claim_state_link_undo_and_report_are_reached_by_keys_alone(demo, open_page):
    page = open_board(open_page(demo, Role.support_lead), demo, FEW)
    row = open_rows(page)[0]
    walk_to(page, row)
    page.keyboard.press("c")
    row_is(page, row, "claimed")
    assert focused(page) == row
    page.keyboard.press("s")
    assert page.evaluate("() => document.activeElement.value") == "release"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    row_is(page, row, "fixed")
    said(page, "1 bug fixed.")
    assert focused(page) == row
    page.keyboard.press("z")
    row_is(page, row, "claimed")
    said(page, "You took back the fix of")
    assert focused(page) == row
    link_a_ticket(page, page.locator(f"#{row} td.bug small").get_attribute("title"))
    page.keyboard.press("z")
    said(page, "You took back the link to")
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.get_by_role("heading", level=1)).to_contain_text("fixed")


def link_a_ticket(page, key):
    """Link the newest ticket that waits to the bug whose row has the focus."""
    page.keyboard.press("t")
    expect(page.locator("#bulk-bug")).to_have_value(key)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#ticked")).to_have_text("1")
    stop = {"what": "the ticket"}
    while stop["what"] != "bulk-bug":  # backwards, as the field stands above the list
        page.keyboard.press("Shift+Tab")
        stop = page.evaluate(FOCUS)
        assert stop["ring"] and not stop["covered"], stop
    page.keyboard.press("Enter")
    expect(page.locator("#ticked")).to_have_text("0")


def test_a_selection_is_claimed_given_back_and_undone_without_moving_a_pixel(demo, open_page):
    page = open_board(open_page(demo), demo, "?team=mail")
    rows, before = open_rows(page)[:3], boxes(page)
    for row in rows[:2]:
        walk_to(page, row)
        page.keyboard.press("x")
    expect(page.locator("#selected")).to_have_text("2")
    claim_elsewhere(demo, rows[2], team_of(page, rows[2]))
    row_is(page, rows[2], "claimed")
    page.keyboard.press("c")
    for row in rows[:2]:
        row_is(page, row, "claimed")
    said(page, "2 bugs claimed.")
    expect(page.locator("#selected")).to_have_text("0")
    assert page.locator(".bulk-bar").is_hidden()
    assert focused(page) == rows[1]
    page.keyboard.press("Control+z")
    said(page, "2 bugs set back as before.")
    for row in rows[:2]:
        row_is(page, row, "open")
    assert focused(page) == rows[1]
    page.keyboard.press("Control+a")
    shown = page.locator("#board tbody tr").count()
    expect(page.locator("#selected")).to_have_text(str(shown))
    page.keyboard.press("Escape")  # the message first
    page.keyboard.press("Escape")
    expect(page.locator("#selected")).to_have_text("0")
    assert moved(before, boxes(page)) == []


def test_a_range_is_selected_and_stays_selected_when_a_row_changes(demo, open_page):
    page = open_board(open_page(demo), demo, "?team=release")
    rows = open_rows(page)[:4]
    walk_to(page, rows[0])
    page.keyboard.press("x")
    walk_to(page, rows[3])
    page.keyboard.press("Shift+X")
    every = page.evaluate(
        "() => [...document.querySelectorAll('#board tr:has(.pick :checked)')].map((r) => r.id)"
    )
    assert {rows[0], rows[3]} <= set(every)
    expect(page.locator("#selected")).to_have_text(str(len(every)))
    claim_elsewhere(demo, rows[1], team_of(page, rows[1]))
    row_is(page, rows[1], "claimed")
    expect(page.locator(f"#{rows[1]} .pick input")).to_be_checked()
    assert focused(page) == rows[3]


def test_a_claim_is_painted_within_50_ms(demo, open_page):
    page = open_board(open_page(demo), demo)
    before, rows = boxes(page), open_rows(page)[:10]
    took = [page.evaluate(PAINT, row) for row in rows]
    for row in rows:
        row_is(page, row, "claimed")
    print(f"claims painted in {[round(ms) for ms in took]} ms, median {median(took):.0f}")
    # What other processes take of a busy machine is not the page's: its quicker half is judged.
    assert median(sorted(took)[:5]) <= PAINTED_MS
    assert moved(before, boxes(page)) == []


def test_two_who_claim_at_once_both_see_the_winner_and_the_loser_reads_who(demo, open_page):
    first, second = (
        open_board(open_page(demo, role), demo) for role in (Role.admin, Role.support_lead)
    )
    row = open_rows(first)[0]
    title = first.locator(f"#{row} a.title").inner_text()
    before = boxes(second)
    second.locator("#live-state").click()  # has not heard of the other claim
    first.locator(f"#{row} button.claim").click()
    row_is(first, row, "claimed")
    owner = first.locator(f"#{row} td.team small").inner_text()
    walk_to(second, row)
    second.keyboard.press("c")
    said(second, f"“{title}” was claimed by {owner}")
    row_is(second, row, "claimed")
    assert second.locator(f"#{row} td.team small").inner_text() == owner
    assert focused(second) == row
    assert moved(before, boxes(second)) == []


def test_without_a_server_the_row_is_set_back_and_the_message_says_so(demo, open_page, seen):
    page = open_board(open_page(demo), demo, FEW)
    seen[0].expected += ("ERR_INTERNET_DISCONNECTED", "htmx:sse:error")
    row = open_rows(page)[0]
    before, words = boxes(page), page.locator(f"#{row}").inner_text()
    walk_to(page, row)
    page.context.set_offline(True)
    page.keyboard.press("c")
    said(page, "The server cannot be reached, so nothing was changed.")
    row_is(page, row, "open")
    assert page.locator(f"#{row}").inner_text() == words
    assert focused(page) == row
    assert moved(before, boxes(page)) == []
    page.context.set_offline(False)


def test_suggestions_are_accepted_and_refused_by_keys_in_the_inbox(demo, open_page):
    page = open_page(demo, Role.support_lead)
    page.goto("/tickets?show=suggested")
    page.keyboard.press("j")
    ticket = page.evaluate("() => document.activeElement.id")
    following = page.locator("li.ticket").nth(1).get_attribute("id")
    page.keyboard.press("1")
    gone = page.locator(f"#{ticket} li[data-link=suggested]")
    expect(gone).to_have_count(0, timeout=15_000)
    expect(page.locator(f"#{following}")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(f"#{following}")).to_have_count(0, timeout=15_000)
    page.keyboard.press("z")
    said(page, "You took back the verdict")
    expect(page.locator(f"#{following}")).to_have_count(1)


def test_many_at_once_and_undo_work_without_script(demo, open_page):
    page = open_page(demo, Role.support_lead, js=False)
    page.goto(f"/s/{demo.slug}/board?state=open")
    boxes_ = page.locator("#board .pick input")
    keys = [boxes_.nth(number).get_attribute("value") for number in (0, 1)]
    for number in (0, 1):
        boxes_.nth(number).check()
    page.locator("#bulk button[value=resolve]").click()
    expect(page.locator(f"#bug-{keys[0]}")).to_have_count(0)
    page.locator(".actions-menu summary").click()
    page.get_by_role("link", name="Last 10 actions").click()
    first = page.locator(".done-list li").first
    expect(first).to_contain_text("2 bugs fixed.")
    first.get_by_role("button", name="Undo").click()
    expect(page.locator(".done-list li").first).to_contain_text("Taken back.")
    page.goto(f"/s/{demo.slug}/board?state=open")
    for key in keys:
        expect(page.locator(f"#bug-{key}")).to_have_count(1)
    page.get_by_role("link", name="Go to").click()
    page.get_by_label("Words").fill("teams")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Teams").last.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
