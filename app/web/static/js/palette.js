// The palette: what the page knows at once, what the server finds a moment later.
"use strict";

const palette = (() => {
  const dialog = document.getElementById("palette");
  const field = dialog.querySelector("input");
  const list = document.getElementById("palette-list");
  const none = dialog.querySelector(".palette-none");
  const WAIT_MS = 80;
  const MOST = 20;
  let timer = 0;
  let asked = null;             // the request under way
  let row = null;               // the row that had the focus when it was opened
  let known = [];

  const place = (kind, name, more, keys, go) => ({ kind, name, more, keys, go });
  const goTo = (href) => () => { location.assign(href); };

  function actions() {
    if (!row) return [];
    const title = row.querySelector("a.title")?.textContent ?? "";
    const shown = [...row.querySelectorAll(".act button")]
      .filter((button) => button.checkVisibility({ visibilityProperty: true }));
    const keyOf = { claim: "c", release: "c" };
    return [
      ...shown.map((button) => place("action", `${button.firstChild.textContent}: ${title}`, "", keyOf[button.className] ?? "", () => button.click())),
      place("action", `Open: ${title}`, "", "o", goTo(row.querySelector("a.title").href)),
    ];
  }

  function everything() {
    const keyed = [["Undo my last action", "z", () => acts.undo()], ["Pause live updates, or go on", "p", () => document.getElementById("live-state")?.click()],
      ["Switch between light and dark", "", () => document.getElementById("theme").click()], ["Show the keys", "?", () => document.getElementById("key-help").showModal()]];
    const links = (selector, kind) => [...document.querySelectorAll(selector)]
      .map((link) => place(kind, link.textContent.trim(), "", link.dataset.keys ?? "", goTo(link.href)));
    return [
      ...actions(),
      ...links(".rail a", "page"),
      ...links("a[data-view]", "view"),
      ...keyed.map(([name, keys, go]) => place("action", name, "", keys, go)),
      ...[...document.querySelectorAll("#board a.title")].map((link) =>
        place("bug", link.textContent, link.closest("td").querySelector("small")?.title ?? "", "", goTo(link.href))),
    ];
  }

  const matches = (one, words) => words.every((word) => `${one.name} ${one.more}`.toLowerCase().includes(word));

  function option(one, number) {
    const item = document.createElement("li");
    item.id = `here-${number}`;
    item.dataset.kind = one.kind;
    item.setAttribute("role", "option");
    for (const [tag, text] of [["span", one.name], ["small", one.more || one.kind], ["kbd", one.keys]]) {
      if (text) item.append(Object.assign(document.createElement(tag), { textContent: text, className: tag === "span" ? "place-name" : "" }));
    }
    item.go = one.go;
    return item;
  }

  function choose(item) {
    for (const other of list.children) other.setAttribute("aria-selected", String(other === item));
    if (item) {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
    none.hidden = list.childElementCount > 0;
  }

  const chosen = () => list.querySelector('[aria-selected="true"]');

  function local() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = known.filter((one) => (words.length ? matches(one, words) : one.kind !== "bug"));
    list.replaceChildren(...found.slice(0, MOST).map(option));
    choose(list.firstElementChild);
  }

  // Already there by another way: a bug that stands on this page, a page of the rail.
  function merge(text) {
    const named = new Set([...list.children].map((item) => `${item.dataset.kind} ${item.querySelector(".place-name").textContent}`));
    const came = new DOMParser().parseFromString(text, "text/html");
    for (const item of came.querySelectorAll('li[role="option"]')) {
      if (named.has(`${item.dataset.kind} ${item.querySelector(".place-name").textContent}`)) continue;
      if (list.childElementCount >= MOST) break;
      list.append(document.importNode(item, true));
    }
    choose(chosen() ?? list.firstElementChild);
  }

  async function ask() {
    asked?.abort();
    if (!field.value.trim()) return;
    asked = new AbortController();
    try {
      const answer = await fetch(`/palette?q=${encodeURIComponent(field.value)}`,
        { headers: { "HX-Request": "true" }, signal: asked.signal });
      if (answer.ok) merge(await answer.text());
    } catch { /* typed on, or not reachable: what the page knows stays */ }
  }

  function go(item) {
    if (!item) return;
    dialog.close();
    if (item.go) item.go();
    else location.assign(item.dataset.href);
  }

  function open() {
    row = document.activeElement?.closest?.("#board tbody tr") ?? null;
    known = everything();
    field.value = "";
    dialog.showModal();
    field.focus();
    local();
  }

  field.addEventListener("input", () => {
    local();
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    const now = chosen();
    const to = { ArrowDown: now?.nextElementSibling ?? list.firstElementChild, ArrowUp: now?.previousElementSibling ?? list.lastElementChild }[event.key];
    if (event.key === "Enter") go(now);
    else if (to) choose(to);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => go(event.target.closest("li")));
  return { open };
})();
