"""A real Chromium, and pages that remember what a good page never does."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError

MISSING = "There is no Chromium for the browser tests: run `make browser`."
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No page lives long enough to be worth compiling well.
    "--js-flags=--no-opt --no-maglev --always-sparkplug",
]
TELL_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""
# Chromium writes a line for every answer of 400 and above; refusals are part of the product.
STATUS_LINE = "Failed to load resource: the server responded with a status of 4"


@contextmanager
def started(binary: str | None = None) -> Iterator[Browser]:
    """Start a named Chromium, the system's, or playwright's own.

    The one without windows comes first: it draws no frame around a page, which costs as much again.
    """
    binary = binary or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=binary, args=FLAGS)
        except PlaywrightError as error:
            raise RuntimeError(MISSING) from error
        yield browser
        browser.close()


@dataclass
class Seen:
    """What went wrong on a page, in its own words."""

    url: str
    expected: tuple[str, ...] = (STATUS_LINE,)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew, for the next page."""
        for heard in (self.errors, self.dialogs, self.outside):
            heard.clear()

    def complaints(self) -> list[str]:
        """Return everything at once."""
        return [
            *self.errors,
            *(f"dialog: {text}" for text in self.dialogs),
            *(f"asked outside: {url}" for url in self.outside),
        ]


def watch(context: BrowserContext, url: str) -> Seen:
    """Note errors, reports of the content policy, dialogs, and requests that leave the origin.

    All pages of the context are watched, whoever opens them.
    """
    seen = Seen(url)
    context.add_init_script(TELL_VIOLATIONS)
    context.on("console", lambda message: _hear(seen, message.type, message.text))
    context.on("weberror", lambda thrown: seen.errors.append(str(thrown.error)))
    context.on("dialog", lambda dialog: _dismiss(seen, dialog))
    context.on("request", lambda request: _note(seen, request.url))
    return seen


def _hear(seen: Seen, kind: str, text: str) -> None:
    if kind == "error" and not any(known in text for known in seen.expected):
        seen.errors.append(text)


def _dismiss(seen: Seen, dialog) -> None:
    seen.dialogs.append(dialog.message)
    with suppress(PlaywrightError):  # a page that navigates takes its dialog along
        dialog.dismiss()


def _note(seen: Seen, url: str) -> None:
    if not url.startswith((seen.url, "data:", "blob:")):
        seen.outside.append(url)
