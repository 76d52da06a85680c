// The keys: all listed by ?, all switchable off, none while a field has the focus.
"use strict";

(() => {
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button]), select, textarea, [contenteditable]";
  const PAGES = {
    b: '.rail a[href$="/board"]', t: '.rail a[href="/tickets"]', m: '.rail a[href="/teams"]', s: '.rail a[href$="/plan"]',
    i: '.rail a[href$="/impact"]', p: '.rail a[href$="/pitch"]', o: '.rail a[href="/sources"]', r: "/ranking", u: "/me/actions", y: "/me",
  };
  const ROWS = "#board tbody tr, li.ticket, li.plan-line, li.letter";
  const G_MS = 1500;
  const chosen = new Set();      // the ids of the selected bugs: rows come and go, these stay
  let anchor = null;
  let gone = 0;                  // when g was pressed

  const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  const rowOf = (place) => place?.closest?.(ROWS) ?? null;
  const here = () => rowOf(document.activeElement);
  const shown = (button) => button?.checkVisibility({ visibilityProperty: true });
  const boxOf = (row) => row?.querySelector("input[name=bug_ids], input[name=ticket_ids]");

  // A button that is hidden from this person would only be refused.
  function press(button) {
    if (shown(button)) button.click();
  }

  function focusRow(row) {
    if (!row) return;
    const place = row.querySelector("td.bug a.title, .plan-line > * a.title");
    if (!place) row.tabIndex = -1;
    (place ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
    if (peek.open()) peek.show(row);
  }

  function step(by) {
    const all = rows();
    const now = all.indexOf(here());
    focusRow(all[Math.max(0, Math.min(all.length - 1, now + by))]);
  }

  function count() {
    const place = document.getElementById("selected");
    if (place) place.textContent = String(chosen.size);
  }

  function select(row, on) {
    const box = boxOf(row);
    if (!shown(box?.closest("label") ?? box)) return;
    if (box.name === "ticket_ids") {
      if (box.checked !== on) box.click();
      return;
    }
    box.checked = on;
    if (on) chosen.add(box.value); else chosen.delete(box.value);
    count();
  }

  function range(to) {
    const all = rows();
    const [from, till] = [all.indexOf(anchor ?? to), all.indexOf(to)].sort((a, b) => a - b);
    for (const row of all.slice(Math.max(0, from), till + 1)) select(row, true);
  }

  function toggle(row) {
    if (!row) return;
    select(row, !boxOf(row)?.checked);
    anchor = row;
  }

  function clear() {
    const some = chosen.size > 0;
    for (const row of rows()) if (boxOf(row)?.name === "bug_ids") select(row, false);
    chosen.clear();
    count();
    return some;
  }

  function claim() {
    if (!chosen.size) return press(here()?.querySelector("button.claim, button.release"));
    const open = rows().some((row) => boxOf(row)?.checked && row.querySelector("form:not([hidden]) button.claim"));
    return press(document.querySelector(`#bulk button[value=${open ? "claim" : "release"}]`));
  }

  // What acts on many begins with the row one is at, when none is selected.
  function onSelection(place) {
    if (!chosen.size) toggle(here());
    if (chosen.size) document.querySelector(place)?.focus();
  }

  function linkTicket() {
    const key = here()?.querySelector("td.bug small")?.title;
    if (key && document.querySelector('.rail a[href="/tickets"]')) location.assign(`/tickets?bug=${encodeURIComponent(key)}`);
  }

  // The page is read anew after a verdict; the row one was at has the focus again.
  async function judge(buttons) {
    const row = here();
    const able = buttons.filter((button) => shown(button));
    if (!row || !able.length) return;
    for (const button of able) {
      const answer = await acts.post(button.form.action, new FormData(button.form, button));
      if (answer.status >= 400) return void acts.send(button.form.action, new FormData(button.form, button));
    }
    reload();
  }

  function reload() {
    const all = rows();
    sessionStorage.setItem("at", JSON.stringify([here()?.id ?? "", all.indexOf(here())]));
    location.reload();
  }

  function backAt() {
    const text = sessionStorage.getItem("at");
    if (!text) return;
    sessionStorage.removeItem("at");
    const [id, number] = JSON.parse(text);
    if (number >= 0) focusRow(document.getElementById(id) ?? rows()[Math.min(number, rows().length - 1)]);
  }

  function suggestion(number) {
    judge([...(here()?.querySelectorAll('li[data-link="suggested"] button[value=confirmed]') ?? [])].slice(number - 1, number));
  }

  const every = (state) => [...(here()?.querySelectorAll(`li[data-link="${state}"] button[value=rejected]`) ?? [])];

  function find() {
    document.getElementById("find")?.focus();
  }

  // Beside the board where there is room, else on the bug's own page.
  function area() {
    const row = here()?.closest("#board tbody tr");
    if (row && !peek.at(row, "#peek-area")) location.assign(`/bugs/${row.id.replace("bug-", "")}#area`);
    else if (!row) document.getElementById("area")?.focus();
  }

  const KEYS = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    o: () => here()?.querySelector("a.title")?.click(),
    x: () => toggle(here()), X: () => here() && range(here()),
    c: claim, a: () => onSelection("#to-team"), s: () => onSelection("#bulk button[value=release]"), l: area, t: linkTicket,
    z: () => acts.undo(), r: () => (window.bugsprint?.apply ?? reload)(), p: () => press(document.getElementById("live-state")),
    w: () => document.querySelector("a[data-wallboard]")?.click(),
    n: () => judge(every("suggested")), u: () => judge(every("confirmed")),
    "/": find, f: find, "?": () => document.getElementById("key-help").showModal(),
    1: () => suggestion(1), 2: () => suggestion(2), 3: () => suggestion(3), 4: () => suggestion(4), 5: () => suggestion(5),
  };
  const WITH_CTRL = {
    k: () => palette.open(), z: () => acts.undo(),
    a: () => document.getElementById("board") && rows().forEach((row) => select(row, true)),
  };

  function go(key) {
    const to = PAGES[key];
    gone = 0;
    if (!to) return false;
    if (to.startsWith("/")) location.assign(to);
    else document.querySelector(to)?.click();
    return true;
  }

  function escape() {
    if (peek.close()) return;
    closeMenus(null);
    if (document.querySelector("#messages > *")) clearMessage();
    else clear();
  }

  // Arrows scroll the page until one has gone to a row; from then on they move along.
  function wanted(event) {
    if (event.ctrlKey || event.metaKey) return WITH_CTRL[event.key];
    if (event.key.startsWith("Arrow") && !here()) return undefined;
    if (event.key === "Enter") {
      const title = event.target.closest?.("#board a.title");
      return title && (() => peek.enter(title.closest("tr")) || location.assign(title.href));
    }
    return KEYS[event.key];
  }

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || event.isComposing) return;
    if (event.key === "Escape") return void escape();
    if (event.altKey || !keysOn() || event.target.closest?.(FIELDS)) return;
    if (!event.ctrlKey && !event.metaKey) {
      if (gone && performance.now() - gone < G_MS) {
        if (go(event.key)) event.preventDefault();
        return;
      }
      if (event.key === "g") { gone = performance.now(); return; }
    }
    const act = wanted(event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-open]");
    if (opens && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (opens.dataset.open === "palette") palette.open();
      else document.getElementById(opens.dataset.open).showModal();
    }
    event.target.closest("[data-close]")?.closest("dialog").close();
    if (event.target.matches("dialog[open]")) event.target.close();     // its backdrop
    if (event.target.closest("[data-keys-switch]")) setKeys(!keysOn());
    const box = event.target.closest("#board input[name=bug_ids]");
    if (box && event.shiftKey) range(box.closest("tr"));
  });
  document.addEventListener("change", (event) => {
    if (event.target.name !== "bug_ids") return;
    select(event.target.closest("tr"), event.target.checked);
    anchor = event.target.closest("tr");
  });
  // The bar goes away with the selection; whoever was in it is at the row again that was selected last.
  document.addEventListener("reset", ({ target }) => {
    if (!target.matches(".bulk-bar")) return;
    const held = target.contains(document.activeElement);
    setTimeout(() => {
      clear();
      if (held && anchor) focusRow(document.getElementById(anchor.id));
    });
  });
  document.addEventListener("htmx:before:settle", ({ target }) => {
    const box = target.matches?.("tr[id]") && boxOf(target);
    if (box && chosen.has(box.value)) box.checked = true;
  });

  function setKeys(on) {
    try { localStorage.setItem("keys", on ? "on" : "off"); } catch { /* for this page only then */ }
    if (on) delete document.body.dataset.keys; else document.body.dataset.keys = "off";
    labels();
  }

  function labels() {
    for (const button of document.querySelectorAll("[data-keys-switch]")) {
      button.hidden = false;
      button.textContent = keysOn() ? "Switch the keys off" : "Switch the keys on";
    }
    const box = document.getElementById("keys");
    if (box) box.checked = keysOn();
  }

  const bug = new URLSearchParams(location.search).get("bug");
  const field = document.getElementById("bulk-bug");
  if (bug && field) field.value = bug;
  labels();
  backAt();
})();
