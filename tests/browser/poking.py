"""Touch everything on a page as a hand would, and say what on it is alive that should not be."""

from playwright.sync_api import Page

POKE = """() => {
  const touches = ['pointerenter', 'mouseover', 'mouseenter', 'mousedown', 'click', 'focusin',
                   'focus', 'keyup', 'toggle', 'animationstart'];
  const stay = (event) => event.preventDefault();
  addEventListener('click', stay, true);
  let touched = 0;
  for (const each of document.querySelectorAll('main *')) {
    if (each.closest('form')) continue;
    for (const touch of touches) each.dispatchEvent(new Event(touch, {cancelable: true}));
    touched += 1;
  }
  removeEventListener('click', stay, true);
  return touched;
}"""
ALIVE = """() => {
  const leads = ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'ping',
                 'background', 'srcset', 'hx-get', 'hx-post', 'hx-sse:connect'];
  const found = [];
  const strange = (value) => {
    try { return !['http:', 'https:'].includes(new URL(value, location).protocol); }
    catch { return false; }
  };
  for (const each of document.querySelectorAll('*')) {
    const tag = each.tagName.toLowerCase();
    const loads = !['a', 'use'].includes(tag);
    if (['iframe', 'object', 'embed', 'base', 'style', 'img', 'video', 'audio'].includes(tag) ||
        (tag === 'script' && !each.src) || each.httpEquiv === 'refresh')
      found.push(each.outerHTML.slice(0, 120));
    for (const {name, value} of each.attributes)
      if (name.startsWith('on') || name === 'style' || name.includes('hx-on') ||
          (leads.includes(name) && (strange(value) ||
            (loads && new URL(value, location).origin !== location.origin))))
        found.push(`${tag} ${name}=${value.slice(0, 80)}`);
  }
  return found;
}"""


def poked(page: Page) -> list[str]:
    """Open, hover, click and focus what is there; return what lives, as the browser sees it."""
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => each.open = true)")
    alive: list[str] = page.evaluate(ALIVE)
    touched = page.evaluate(POKE)
    assert touched, f"{page.url} has nothing to touch."
    for spot in ((300, 200), (500, 300), (700, 400)):
        page.mouse.move(*spot)
    for _ in range(4):
        page.keyboard.press("Tab")
    return [f"{page.url}: {each}" for each in alive]
