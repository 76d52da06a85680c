// A look at a bug beside the board: fetched ahead, moved along, closed with Esc.
"use strict";

const peek = (() => {
  const panel = document.getElementById("peek");
  const WAIT_MS = 150;
  const KEPT = 60;
  const wide = matchMedia("(min-width: 1024px)");
  const kept = new Map();
  let timer = 0;
  let shown = null;             // the id of the row that is looked at

  const idOf = (row) => row.id.replace("bug-", "");

  // The same version of a row is fetched once, however often it is passed over.
  function fetched(row) {
    const key = `${row.id} ${row.dataset.version}`;
    if (!kept.has(key)) {
      const text = fetch(`/bugs/${idOf(row)}/peek`, { headers: { "HX-Request": "true" } })
        .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error("not shown"))));
      text.catch(() => kept.delete(key));
      kept.set(key, text);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    }
    return kept.get(key);
  }

  function ahead(target) {
    clearTimeout(timer);
    const row = target?.closest?.("#board tbody tr");
    if (row && panel && wide.matches) timer = setTimeout(() => fetched(row).catch(() => {}), WAIT_MS);
  }

  // Its buttons are the row's own: what the row does not offer is not offered here.
  function offer(row) {
    for (const button of panel.querySelectorAll("[data-press]")) {
      const own = row.querySelector(`button.${button.dataset.press}`);
      button.hidden = !own?.checkVisibility({ visibilityProperty: true });
    }
  }

  async function show(row) {
    shown = row.id;
    for (const other of document.querySelectorAll("tr.peeked")) other.classList.remove("peeked");
    row.classList.add("peeked");
    panel.hidden = false;
    let text;
    try { text = await fetched(row); } catch { return close(); }
    if (shown !== row.id) return undefined;
    const had = panel.contains(document.activeElement);
    await window.htmx.swap({ text, swap: "innerHTML", sourceElement: panel, target: panel });
    panel.setAttribute("aria-label", `A look at ${panel.querySelector("h2")?.textContent ?? "a bug"}`);
    panel.scrollTop = 0;
    offer(row);
    if (had) panel.focus({ preventScroll: true });
    return undefined;
  }

  function close() {
    if (!panel || panel.hidden) return false;
    const row = document.getElementById(shown);
    const inside = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.hidden = true;
    panel.replaceChildren();
    row?.classList.remove("peeked");
    shown = null;
    if (inside) row?.querySelector("a.title")?.focus({ preventScroll: true });
    return true;
  }

  // Enter opens it; once more goes into it.  On a narrow page the bug has its own page instead.
  function enter(row) {
    if (!panel || !row || !wide.matches) return false;
    if (shown === row.id) panel.focus();
    else show(row);
    return true;
  }

  // Opens it at one of its parts.
  function at(row, place) {
    if (!panel || !wide.matches) return false;
    show(row).then(() => { if (shown === row.id) panel.querySelector(place)?.focus(); });
    return true;
  }

  if (panel) {
    document.addEventListener("focusin", (event) => {
      ahead(event.target);
      const left = event.target.getBoundingClientRect().left;
      const under = !panel.hidden && event.target.closest("#board") && left >= panel.getBoundingClientRect().left;
      if (under) close();       // what has the focus must be seen
    });
    document.addEventListener("pointerover", (event) => ahead(event.target));
    document.addEventListener("click", (event) => {
      const target = event.target;
      if (target.closest("[data-close-peek]")) return close();
      const pressed = target.closest("#peek [data-press]");
      if (pressed) return document.querySelector(`#${shown} button.${pressed.dataset.press}`)?.click();
      const row = target.closest("#board tbody tr");
      const busy = target.closest("a, button, input, label, select, summary") || String(getSelection());
      if (row && !busy && wide.matches) show(row);
      return undefined;
    });
    document.addEventListener("htmx:before:settle", ({ target }) => {
      if (target.id && target.id === shown) show(target);
    });
    wide.addEventListener("change", () => { if (!wide.matches) close(); });
  }
  return { at, enter, close, show, open: () => Boolean(shown) };
})();
