"""What the tests do with a board: find open bugs, claim them, wait for the other screen."""

from datetime import UTC, datetime

from playwright.sync_api import Page
from sqlmodel import Session

from app.actions import claims
from tests.browser.worlds import World

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
