"""One browser and one stage for all tests of looks."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.looking import Stage
from tests.web.given_pages import PAGES, drawn

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, or else the one that Playwright brought."""
    binary = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=binary, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def drawn_pages() -> Iterator[Stage]:
    """Every page of the product, drawn from given models."""
    stage = Stage()
    stage.pages = {name: drawn(name) for name in PAGES}
    yield stage
    stage.close()
