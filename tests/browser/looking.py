"""What is wrong with a page, measured in the browser itself."""

from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

WIDTHS, NARROWEST = (1280, 390), 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
AXE = """async ([of, only]) => {
  const found = await axe.run(of ? document.querySelector(of) : document,
    {resultTypes: ['violations'], runOnly: only});
  return found.violations.map((each) =>
    `${each.id} × ${each.nodes.length}: ${each.nodes[0].html.slice(0, 160)}`);
}"""
SHORTEN = """() => {
  for (const list of document.querySelectorAll('tbody, ul, ol, .notes, select')) {
    const states = new Set();
    [...list.children].forEach((each, place) => {
      if (place >= 15 && states.has(each.dataset.state)) each.remove();
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
    found: list[str] = page.evaluate(AXE, [of, {"type": "tag", "values": TAGS}])
    return found


def axe_colours(page: Page) -> list[str]:
    """Return what axe finds of the page's colours: a theme changes nothing else."""
    found: list[str] = page.evaluate(AXE, ["", {"type": "rule", "values": COLOURS}])
    return found


def faults(page: Page) -> list[str]:
    """Look at the page wide and narrow in both themes, and return what is wrong.

    It is loaded once: the theme and the width change under it, as they do in a browser.  Of a long
    list axe sees some lines of every state: the hundredth is made as the first.
    """
    found = []
    for width in (*WIDTHS, NARROWEST):
        page.set_viewport_size({"width": width, "height": 860})
        found += [f"{width} px: {what}" for what in sideways(page)]
    page.evaluate(SHORTEN)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        # Colours that still change are neither theme's.
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found += [f"light {width} px: {what}" for what in axe(page)]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"dark {width} px: {what}" for what in axe_colours(page)]
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
