"""Take the pictures of docs/screenshots: `python -m tests.browser.screenshots DIR`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.core.vocabulary import Role
from tests.browser.watching import started
from tests.browser.worlds import World, demo_world

SIZES = {"": (1280, 860), "-390": (390, 844)}
THEMES = ("light", "dark")
MOST_BYTES = 250 * 1024
PAGES = {
    "board": "/board",
    "columns": "/board?shape=columns",
    "areas": "/board?shape=areas",
    "wallboard": "/tv",
    "ranking": "/ranking",
    "outbox": "/outbox",
    "people": "/people",
    "privacy": "/privacy",
    "welcome": "/welcome",
    "me": "/me",
    "details": "/s/{slug}/impact/details",
    "inbox": "/tickets?show=suggested",
    "impact": "/s/{slug}/impact",
    "plan": "/s/{slug}/plan",
    "teams": "/teams",
    "sources": "/sources",
    "sprints": "/sprints",
    "audit": "/audit",
    "sign-in": "/sign-in",
}


def main(folder: Path) -> int:
    """Show the demo as it stands on day 6, and take a picture of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        demo_world(Path(scratch)) as world,
        started() as browser,
    ):
        heavy = [
            picture
            for theme in THEMES
            for suffix in SIZES
            for picture in _album(browser, world, folder, theme, suffix)
            if picture.stat().st_size > MOST_BYTES
        ]
    for picture in heavy:
        print(f"{picture} is larger than 250 KB.")
    return len(heavy)


def _album(browser: Browser, world: World, folder: Path, theme: str, suffix: str) -> list[Path]:
    width, height = SIZES[suffix]
    context = browser.new_context(
        base_url=world.url,
        color_scheme=theme,  # type: ignore[arg-type]
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page = context.new_page()
    files = [_shoot(page, PAGES["sign-in"], folder / f"sign-in-{theme}{suffix}.png")]
    cookie = {"name": "bugsprint", "value": world.token(Role.admin), "url": world.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    for name, address in PAGES.items():
        if name != "sign-in":
            file = folder / f"{name}-{theme}{suffix}.png"
            files.append(_shoot(page, address.format(slug=world.slug), file))
    page.goto("/board")
    page.locator("#board tr[data-state=open] a.title").first.click()
    page.wait_for_load_state()
    page.screenshot(path=folder / f"bug-{theme}{suffix}.png")
    context.close()
    return [*files, folder / f"bug-{theme}{suffix}.png"]


def _shoot(page: Page, address: str, file: Path) -> Path:
    page.goto(address)
    page.wait_for_timeout(300)  # the stream says that it is live
    page.screenshot(path=file)
    return file


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
