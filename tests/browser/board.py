"""What the tests do with a board: find open bugs, claim them, wait for the other screen."""

from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from sqlmodel import Session

from app.actions import claims
from tests.browser.looking import FOCUS
from tests.browser.worlds import World

FEW = "?team=composer"  # eight bugs: every step is quicker, and nothing else is different
LIVE = "#live-state .live-word:text-is('live')"


def open_board(page: Page, world: World, query: str = "") -> Page:
    """Go to the board and wait until its stream is there."""
    page.goto(f"/s/{world.slug}/board{query}")
    page.locator(LIVE).wait_for()
    return page


def open_rows(page: Page) -> list[str]:
    """Return the ids of the rows that can be claimed, in their order."""
    found: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('#board tr[data-state=open]')].map((row) => row.id)"
    )
    return found


def team_of(page: Page, row: str) -> int:
    """Return the team a row's bug was given to."""
    return int(page.locator(f"#{row}").get_attribute("data-team") or 0)


def claim_elsewhere(world: World, row: str, team: int, actor: str = "Berta Elsewhere") -> None:
    """Claim a bug as another process of the same installation does."""
    with Session(world.engine) as db:
        bug = int(row.removeprefix("bug-"))
        claims.claim(db, bug, team_id=team, actor=actor, at=datetime.now(UTC))


def row_is(page, row, state):
    """Wait until the server's own row shows a state, and see that the focus is somewhere."""
    settled = page.locator(f"#{row}:not([data-painted])")
    expect(settled).to_have_attribute("data-state", state, timeout=15_000)


def focused(page):
    """Return the row that has the focus, which must be seen and not covered.

    The bar for selected bugs gives it back a moment after the answer shows.
    """
    page.wait_for_function("() => document.activeElement.closest('tr')", timeout=5_000)
    stop = page.evaluate(FOCUS)
    assert stop["ring"], stop
    assert not stop["covered"], stop
    return stop["row"]


def walk_to(page, row):
    """Press j until a row has the focus."""
    for _ in range(120):
        page.keyboard.press("j")
        if page.evaluate("() => document.activeElement.closest('tr')?.id") == row:
            return
    raise AssertionError(f"j never came to {row}.")


def said(page, words):
    expect(page.locator("#messages")).to_contain_text(words, timeout=15_000)
