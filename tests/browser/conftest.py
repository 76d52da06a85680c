"""One Chromium and a few running applications for all browser tests."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.core.vocabulary import Role
from tests.browser.watching import Seen, started, watch
from tests.browser.worlds import World, bare_world, demo_world, give_back

Open = Callable[..., Page]
PATIENCE_MS = 20_000
"""How long a busy machine may take to show what is waited for."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser."""
    with started(os.environ.get("CHROMIUM")) as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo on day 6, standing still."""
    with demo_world(tmp_path_factory.mktemp("demo")) as world:
        yield world


@pytest.fixture(autouse=True)
def enough_open(request: pytest.FixtureRequest) -> None:
    """Leave bugs to claim: the tests before share the demo, and some claim by the dozen."""
    if "demo" in request.fixturenames:
        give_back(request.getfixturevalue("demo"))


@pytest.fixture
def empty(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    """An application in which nothing has happened yet."""
    file = tmp_path / "empty.db"
    shutil.copy(empty_sqlite, file)
    with bare_world(file) as world:
        yield world


def signed_in(chromium: Browser, world: World, role: Role | None, **more: Any) -> BrowserContext:
    """Begin a browser of its own, signed in to a world as somebody of a role, or as nobody."""
    context = chromium.new_context(base_url=world.url, **more)
    if role is not None:
        cookie = {"name": "bugsprint", "value": world.token(role), "url": world.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
    return context


@pytest.fixture
def seen() -> Iterator[list[Seen]]:
    """What went wrong on the test's pages; anything at all fails the test."""
    watched: list[Seen] = []
    yield watched
    wrong = [complaint for each in watched for complaint in each.complaints()]
    assert not wrong, "The pages complained:\n" + "\n".join(wrong)


@pytest.fixture
def open_page(chromium: Browser, seen: list[Seen]) -> Iterator[Open]:
    """Open a watched page of its own browser, signed in to a world as somebody of a role."""
    contexts = []

    def opened(
        world: World,
        role: Role | None = Role.admin,
        *,
        theme: Literal["light", "dark"] = "light",
        width: int = 1280,
        js: bool = True,
        **more: Any,
    ) -> Page:
        context = signed_in(
            chromium,
            world,
            role,
            color_scheme=theme,
            viewport={"width": width, "height": 860},
            java_script_enabled=js,
            **more,
        )
        contexts.append(context)
        seen.append(watch(context, world.url))
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
