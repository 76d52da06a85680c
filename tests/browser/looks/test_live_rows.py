"""What the stream brings changes rows in place, and never under the reader's hands."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from app.web.rendering import render
from tests.browser.looks.stage import Stage
from tests.browser.watching import watch
from tests.web import given

BOXES = """[...document.querySelectorAll('tr')].map(row => {
    const box = row.getBoundingClientRect(); return [row.id, box.x, box.y, box.height]; })"""


def frame(*rows, notes=()):
    view = SimpleNamespace(rows=rows, header=given.header(fixed=48), notes=notes)
    return render("board/frame.html", view=view)


def claimed(number, **more):
    return given.row(number, **({"state": "claimed", "owner": "Ana", "version": 2} | more))


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    rows = [given.row(n, state="open") for n in range(1, 31)]
    made.pages["board"] = render(
        "board/page.html",
        view=given.board(rows=rows, total=30, matching=30, next=None),
        shell=given.shell(),
    )
    yield made
    made.close()


@pytest.fixture
def page(chromium, stage) -> Iterator[Page]:
    with chromium.new_context() as context:
        shown = context.new_page()
        shown.goto(f"{stage.base}/board")
        expect(shown.locator("#live-state")).to_have_text("live")
        yield shown


def test_a_pushed_row_changes_in_place_and_moves_nothing(stage, page):
    before = page.evaluate(BOXES)
    stage.push(frame(claimed(3), notes=[given.note(901)]))
    expect(page.locator("#bug-3")).to_have_attribute("data-state", "claimed")
    expect(page.locator("#board-header dd").first).to_contain_text("48")
    assert page.evaluate(BOXES) == before


def test_the_own_claim_keeps_the_focus_and_shows_its_note_once(stage, page):
    both = frame(claimed(4), notes=[given.note(902)])
    stage.answers["/bugs/4/claim"] = (200, both)
    before = page.evaluate(BOXES)
    page.click("#do-4")
    stage.push(both)
    stage.push(frame(claimed(5)))
    expect(page.locator("#bug-5")).to_have_attribute("data-state", "claimed")
    assert page.evaluate("document.activeElement.id") == "do-4"
    assert page.locator('[data-note="902"]').count() == 1
    assert page.evaluate(BOXES) == before


def test_a_refusal_says_who_won_and_moves_nothing(stage, page):
    title = "“Export hangs” was claimed by Ben 3 s ago."
    stage.answers["/bugs/6/claim"] = (
        409,
        render("refused.html", view={"status": 409, "title": title}),
    )
    before = page.evaluate(BOXES)
    page.click("#do-6")
    expect(page.get_by_role("status").get_by_text(title)).to_be_visible()
    assert page.evaluate(BOXES) == before
    page.click("[data-dismiss]")
    expect(page.get_by_text(title)).to_have_count(0)


def test_an_older_row_does_not_undo_a_newer_one(stage, page):
    stage.push(frame(claimed(7, version=5)))
    expect(page.locator("#bug-7")).to_have_attribute("data-state", "claimed")
    stage.push(frame(given.row(7, state="open", version=4), claimed(8)))
    expect(page.locator("#bug-8")).to_have_attribute("data-state", "claimed")
    expect(page.locator("#bug-7")).to_have_attribute("data-state", "claimed")


def test_a_change_of_a_bug_that_is_not_shown_is_counted_and_not_inserted(stage, page):
    stage.push(frame(claimed(777)))
    expect(page.locator("#elsewhere")).to_have_text("1 change — show")
    assert page.locator("#bug-777").count() == 0


def test_a_pause_holds_everything_until_it_ends(stage, page):
    page.click("#live-state")
    stage.push(frame(claimed(9)))
    expect(page.locator("#live-state")).to_have_text("paused · 1")
    expect(page.locator("#bug-9")).to_have_attribute("data-state", "open")
    page.click("#live-state")
    expect(page.locator("#bug-9")).to_have_attribute("data-state", "claimed")


def test_swapping_breaks_no_rule_of_the_policy(stage, chromium):
    with chromium.new_context() as context:
        shown = context.new_page()
        seen = watch(context, stage.base)
        shown.goto(f"{stage.base}/board")
        expect(shown.locator("#live-state")).to_have_text("live")
        stage.push(frame(claimed(2, title="<img src=x onerror=alert(1)>")))
        expect(shown.locator("#bug-2")).to_have_attribute("data-state", "claimed")
        assert seen.complaints() == []


def test_a_stream_begins_even_when_its_script_comes_late(stage, chromium):
    with chromium.new_context() as context:
        shown = context.new_page()

        def late(route):
            shown.wait_for_timeout(400)
            route.continue_()

        shown.route("**/hx-sse*", late)
        shown.goto(f"{stage.base}/board")
        expect(shown.locator("#live-state")).to_have_text("live")


def test_the_focus_stays_in_its_row_when_the_pressed_button_is_gone(stage, page):
    stage.push(frame(claimed(10)))
    expect(page.locator("#also-10")).to_be_visible()
    stage.answers["/bugs/10/resolve"] = (200, frame(claimed(10, state="fixed", version=3)))
    page.click("#also-10")
    expect(page.locator("#bug-10")).to_have_attribute("data-state", "fixed")
    expect(page.locator("#do-10")).to_be_focused()
