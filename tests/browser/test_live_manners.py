"""What a live page does besides changing rows: offers, polls, speaks, outlives an upgrade."""

import pytest
from playwright.sync_api import expect

from app.core.vocabulary import Role
from tests.browser.board import claim_elsewhere, open_board, open_rows, team_of
from tests.browser.looking import FOCUS, axe, boxes, moved


def test_changes_that_come_or_go_are_counted_and_shown_when_one_asks(demo, open_page):
    everything = open_board(open_page(demo, Role.viewer), demo)
    page = open_board(open_page(demo, Role.viewer), demo, "?state=open")
    rows = open_rows(everything)[:3]
    before = boxes(page)
    for row in rows[:2]:
        claim_elsewhere(demo, row, team_of(everything, row))
        expect(page.locator(f"#{row}.gone")).to_have_count(1)
    expect(page.locator("#elsewhere")).to_have_text("2 changes — show")
    assert moved(before, boxes(page)) == []
    page.locator(f"#{rows[2]} a.title").focus()
    top = page.locator(f"#{rows[2]}").bounding_box()["y"]
    page.keyboard.press("r")
    expect(page.locator(f"#{rows[0]}")).to_have_count(0)
    expect(page.locator("#elsewhere")).to_be_hidden()
    assert page.evaluate(FOCUS)["row"] == rows[2]
    least = page.evaluate("() => scrollY") == 0  # at the very top there is nothing to scroll away
    assert least or abs(page.locator(f"#{rows[2]}").bounding_box()["y"] - top) <= 2


def test_without_a_stream_the_page_polls_and_goes_back_to_the_stream(demo, open_page, seen):
    page = open_page(demo, Role.viewer)
    page.route("**/board", lambda route: _sooner(route))
    open_board(page, demo)
    seen[0].expected += ("ERR_FAILED", "htmx:sse:error")
    page.route("**/live?*", lambda route: route.abort())
    row = open_rows(page)[0]
    demo.cut_streams()
    word = page.locator("#live-state .live-word")
    expect(word).to_have_text("every 10 s", timeout=20_000)
    claim_elsewhere(demo, row, team_of(page, row))
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed", timeout=20_000)
    page.unroute("**/live?*")
    expect(word).to_have_text("live", timeout=60_000)


def _sooner(route):
    answer = route.fetch()
    body = answer.text().replace(
        'id="live"', 'id="live" data-poll-after="200" data-poll-every="500"'
    )
    route.fulfill(response=answer, body=body)


def test_too_much_was_missed_and_only_the_list_is_read_anew(demo, open_page):
    page = open_board(open_page(demo, Role.viewer), demo)
    page.evaluate("() => { window.sameDocument = true; }")
    row = open_rows(page)[0]
    page.locator(f"#{row} a.title").focus()
    page.evaluate("() => { document.getElementById('board').dataset.old = 'yes'; }")
    page.evaluate(
        "() => document.getElementById('live').dispatchEvent("
        "new CustomEvent('stale', { detail: { data: 'reload', id: '1' } }))"
    )
    page.wait_for_function("() => !document.getElementById('board').dataset.old")
    page.wait_for_function("(id) => document.activeElement.closest('tr')?.id === id", arg=row)
    assert page.evaluate("() => window.sameDocument")


def test_after_an_upgrade_the_page_works_on_and_offers_the_new_version(
    demo, open_page, monkeypatch
):
    page = open_board(open_page(demo), demo)
    expect(page.locator("#newer")).to_be_hidden()
    monkeypatch.setattr(demo.app.state.broadcast, "edition", "another")
    demo.cut_streams()
    offer = page.get_by_role("link", name="A new version is here — reload")
    expect(offer).to_be_visible(timeout=20_000)
    assert axe(page) == []
    row = open_rows(page)[0]
    page.locator(f"#{row} button.claim").click()
    expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")


@pytest.mark.parametrize("wanted", [True, False])
def test_a_screen_reader_is_told_at_most_once_in_ten_seconds_if_it_wants(wanted, demo, open_page):
    page = open_page(demo, Role.viewer)
    page.goto("/me")
    page.get_by_label("Have changes read out").set_checked(wanted)
    page.get_by_role("button", name="Save").click()
    open_board(page, demo)
    page.evaluate(
        """() => { window.said = []; const place = document.getElementById('live-summary');
           new MutationObserver(() => window.said.push(place.textContent))
             .observe(place, { childList: true }); }"""
    )
    for row in open_rows(page)[:3]:
        claim_elsewhere(demo, row, team_of(page, row))
        expect(page.locator(f"#{row}")).to_have_attribute("data-state", "claimed")
    said = page.evaluate("() => window.said")
    assert len(said) <= 1 if wanted else said == []
    if wanted:
        page.wait_for_function("() => window.said.length", timeout=20_000)
        assert "claimed" in page.evaluate("() => window.said[0]")


def test_columns_follow_a_claim_unless_one_has_them_in_hand(demo, open_page):
    page = open_board(open_page(demo, Role.viewer), demo, "?shape=columns")
    cards = page.evaluate(
        "() => [...document.querySelectorAll('.bug-card[data-state=open]')]"
        ".slice(0, 2).map((card) => [card.id, Number(card.dataset.team) || 1])"
    )
    (first, team), (second, other) = cards
    claim_elsewhere(demo, first.replace("card", "bug"), team)
    expect(page.locator(f".column[data-state=claimed] #{first}")).to_have_count(1)
    page.locator(f"#{second} a.title").focus()
    claim_elsewhere(demo, second.replace("card", "bug"), other)
    expect(page.locator("#elsewhere")).to_have_text("1 change — show")
    expect(page.locator(f".column[data-state=open] #{second}")).to_have_count(1)
    page.locator("#elsewhere").click()
    expect(page.locator(f".column[data-state=claimed] #{second}")).to_have_count(1)
