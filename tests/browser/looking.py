"""What is wrong with a page, measured in the browser itself."""

from dataclasses import dataclass
from itertools import product
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.sizes import NIGHTLY

WIDTHS, NARROWEST, HEIGHT = (1280, 390), 320, 860
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SEEN = list(product(WIDTHS, THEMES)) if NIGHTLY else list(zip(WIDTHS, THEMES, strict=True))
"""In which width axe sees which theme: by day each theme in one."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LISTS = "tbody, ul, ol, .notes, select"
FEW = 6
"""Of a long list axe sees so many lines, and the first of every state: the next is made alike."""
AXE = """async ([of, only, lists, few]) => {
  const alike = few === 0 ? [] : [...document.querySelectorAll(lists)].flatMap((list) => {
    const states = new Set();
    return [...list.children].filter((each, place) => {
      const known = states.has(each.dataset.state);
      states.add(each.dataset.state);
      return place >= few && known && !each.contains(document.activeElement);
    });
  });
  const root = of ? document.querySelector(of) : document;
  const found = await axe.run(alike.length ? {include: [root], exclude: alike} : root,
    {resultTypes: ['violations'], runOnly: only});
  return found.violations.map((each) =>
    `${each.id} × ${each.nodes.length}: ${each.nodes[0].html.slice(0, 160)}`);
}"""
SHORTEN = """([lists, few]) => {
  for (const list of document.querySelectorAll(lists)) {
    const states = new Set();
    [...list.children].forEach((each, place) => {
      if (place >= few && states.has(each.dataset.state)) each.remove();
      states.add(each.dataset.state);
    });
  }
}"""
SIDEWAYS = """() => {
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return '';
  const wide = [...document.querySelectorAll('body *')].find((each) =>
    each.getBoundingClientRect().right > root.clientWidth + 1 && !each.closest('.scroll'));
  return `${over} px wider than the window, by ${wide ? wide.outerHTML.slice(0, 120) : '?'}`;
}"""
ROWS = """() => [...document.querySelectorAll('#board tbody tr, #board thead tr')].map((row) => {
  const box = row.getBoundingClientRect();
  return [row.id, box.x, box.y + scrollY, box.width, box.height];
})"""
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const ring = getComputedStyle(at);
  return {
    what: at.id || at.className || at.tagName, row: at.closest('tr')?.id || '',
    ring: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
    covered: !(on && (at.contains(on) || on.contains(at))),
  };
}"""


def axe(page: Page, of: str = "") -> list[str]:
    """Return what axe finds at the page, or a part of it, as it is drawn now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    few = 0 if NIGHTLY else FEW
    found: list[str] = page.evaluate(AXE, [of, {"type": "tag", "values": TAGS}, LISTS, few])
    return found


def faults(page: Page) -> list[str]:
    """Look at the page wide and narrow in both themes, and return what is wrong.

    It is loaded once: the theme and the width change under it, as they do in a browser.  Of a long
    list axe sees some lines of every state: the hundredth is made as the first.
    """
    found = []
    for width in (*WIDTHS, NARROWEST):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"{width} px: {what}" for what in sideways(page)]
    page.evaluate(SHORTEN, [LISTS, FEW])
    for width, theme in SEEN:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        # Colours that still change are neither theme's.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme} {width} px: {what}" for what in axe(page)]
    return found


def sideways(page: Page) -> list[str]:
    """Say by how much a page is too wide, and what makes it so."""
    over = page.evaluate(SIDEWAYS)
    return [over] if over else []


def boxes(page: Page) -> list[list[object]]:
    """Return where each row of the board is on the page."""
    found: list[list[object]] = page.evaluate(ROWS)
    return found


def moved(before: list[list[object]], after: list[list[object]]) -> list[object]:
    """Return the rows that are not where they were, to the pixel; more may have come at the end."""
    still = after[: len(before)]
    return [old[0] for old, new in zip(before, still, strict=True) if old != new]


@dataclass
class Weight:
    """What a page cost over the wire, in bytes."""

    all: int = 0
    script: int = 0

    def forget(self) -> None:
        """Begin anew, for the next page."""
        self.all = self.script = 0


def weigh(page: Page) -> Weight:
    """Count the bytes of everything the page loads from now on, nothing being kept."""
    weight, scripts = Weight(), set[str]()
    wire = page.context.new_cdp_session(page)

    def answered(event) -> None:
        if event["type"] == "Script":
            scripts.add(event["requestId"])

    def loaded(event) -> None:
        weight.all += int(event["encodedDataLength"])
        if event["requestId"] in scripts:
            weight.script += int(event["encodedDataLength"])

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", loaded)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return weight
