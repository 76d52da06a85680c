"""What is wrong with a page, measured in the browser itself."""

from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async ([tags, of]) => {
  const found = await axe.run(of ? document.querySelector(of) : document,
    {resultTypes: ['violations'], runOnly: {type: 'tag', values: tags}});
  return found.violations.map((each) =>
    `${each.id} × ${each.nodes.length}: ${each.nodes[0].html.slice(0, 160)}`);
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
    found: list[str] = page.evaluate(AXE, [TAGS, of])
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


def weigh(page: Page) -> Weight:
    """Count the bytes of everything the page loads from now on."""
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
    return weight
