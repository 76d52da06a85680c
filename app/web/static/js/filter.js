// The filter: names that may come next, and the page around the list kept true to the text.
"use strict";

(() => {
  const form = document.getElementById("filter");
  const field = document.getElementById("find");
  if (!form || !field || !form.dataset.sprint) return;
  const said = () => document.getElementById("filter-said");
  const PICKS = ["state", "team", "lane"];
  const WAIT = 80;

  // What a row's own marks can decide; live.js dims the rows that no longer match
  function terms(text) {
    return [...text.matchAll(/(-?)(state|team|owner|is):((?:"(?:\\.|[^"\\])*"|[^\s"])+)/g)].map(
      ([, minus, name, values]) => ({
        no: minus === "-",
        name,
        values: [...values.matchAll(/"((?:\\.|[^"\\])*)"|[^,"]+/g)].map(
          ([whole, quoted]) => (quoted === undefined ? whole : quoted.replace(/\\(.)/g, "$1"))),
      }));
  }

  function marksOf(row, name) {
    if (name === "state") return [row.dataset.state];
    if (name === "owner") return "owner" in row.dataset ? [row.dataset.owner || "none"] : null;
    if (name === "is") {
      return [row.dataset.team && row.dataset.team === document.body.dataset.team ? "mine" : ""];
    }
    const option = row.dataset.team && form.querySelector(`option[data-id="${CSS.escape(row.dataset.team)}"]`);
    return [option ? option.value : "none"];
  }

  function holds(term, row) {
    const marks = marksOf(row, term.name);
    const open = term.name === "is" && !term.values.every((value) => value === "mine");
    if (!marks || open || term.values.includes("me")) return true;
    return marks.some((mark) => term.values.includes(mark)) !== term.no;
  }

  // Text in quotes may look like a term; it says nothing of a row's marks.
  const plain = (text) => text.replace(/(^|\s)-?"(?:\\.|[^"\\])*"/g, "$1");
  window.bugsprint = window.bugsprint || {};
  window.bugsprint.matches = (row) => {
    const query = document.getElementById("board")?.dataset.query ?? "";
    return terms(plain(query)).every((term) => holds(term, row));
  };

  // The lists, the links and the form for keeping follow the text
  function follow() {
    const now = said()?.dataset;
    if (!now) return;
    form.elements.was.value = now.text;
    for (const name of PICKS) form.elements[name].value = now[name];
    for (const each of document.querySelectorAll("[data-written]:is(input)")) each.value = now.written;
    for (const link of document.querySelectorAll(".view-links a")) {
      if (link.dataset.q === now.written) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const link of document.querySelectorAll("a[data-with-q]")) {
      link.search = now.written ? `?q=${encodeURIComponent(now.written)}` : "";
    }
    if (document.querySelector(".mends")) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  // The answer is the whole page; of it only what depends on the text is put in.  Not by htmx: it
  // would take the list's rows for changes of rows that are here already.
  const PARTS = ["board-list", "filter-said", "filter-count", "board-shapes"];
  let reading = null, later = 0;

  async function read() {
    reading?.abort();
    reading = new AbortController();
    const text = field.value;
    const address = new URL(location.href);
    address.searchParams.delete("after");
    if (text.trim()) address.searchParams.set("q", text);
    else address.searchParams.delete("q");
    try {
      const answer = await fetch(address, { signal: reading.signal, credentials: "same-origin" });
      if (!answer.ok) return;                      // what is shown stays; Enter says what is wrong
      if (new URL(answer.url).pathname !== address.pathname) return location.assign(address);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (text !== field.value) return;
      put(page);
      history.replaceState(history.state, "", address);
    } catch { /* stopped for a newer text, or nobody answers: what is shown stays */ }
  }

  function put(page) {
    for (const id of PARTS) {
      const old = document.getElementById(id), fresh = page.getElementById(id);
      if (!old || !fresh) continue;
      old.replaceWith(document.adoptNode(fresh));
      dress(fresh);
      window.htmx.process(fresh);
    }
    follow();
    document.dispatchEvent(new CustomEvent("bugsprint:list"));
  }

  // A choice from a list becomes a term of the text, in the place of the one that was there.
  function pick(list) {
    const old = new RegExp(`(^|\\s)-?${list.name}:(?:"(?:\\\\.|[^"\\\\])*"|[^\\s"])+`, "g");
    const rest = field.value.replace(old, " ").replace(/\s+/g, " ").trim();
    write(list.value ? `${rest} ${list.name}:${list.value}`.trim() : rest);
  }

  function write(text, caret = text.length) {
    field.value = text;
    if (document.activeElement === field) field.setSelectionRange(caret, caret);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Completion, as a combobox
  const box = document.createElement("ul");
  box.id = "filter-options";
  box.className = "filter-options";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "Ways to go on");
  box.hidden = true;
  field.closest("label").after(box);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", box.id);
  field.setAttribute("aria-expanded", "false");

  let found = null, at = -1, timer = 0, asked = null;

  function close() {
    box.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    const options = [...box.children];
    at = next;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  function lineOf({ text, says }, number) {
    const line = document.createElement("li");
    line.id = `filter-option-${number}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    const word = document.createElement("code");
    word.textContent = text;
    line.append(word);
    if (says) {
      const words = document.createElement("small");
      words.textContent = says;
      line.append(words);
    }
    return line;
  }

  function show(answer) {
    const marked = at < 0 ? "" : found.options[at].text;   // a late answer does not take it away
    found = answer;
    const written = field.value.slice(answer.start, answer.end);
    const options = answer.options.filter((each) => each.text !== written);
    found.options = options;
    box.replaceChildren(...options.map(lineOf));
    if (!options.length || document.activeElement !== field) return close();
    box.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(options.findIndex((each) => each.text === marked));
  }

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: field.value, at: field.selectionStart ?? 500, s: form.dataset.sprint });
    try {
      const answer = await fetch(`/filters/complete?${query}`, { signal: asked.signal });
      if (answer.ok) show(await answer.json());
    } catch { /* one writes on without it */ }
  }

  function soon() {
    clearTimeout(timer);
    clearTimeout(later);
    timer = setTimeout(ask, WAIT);
    later = setTimeout(read, WAIT);
  }

  function take(option) {
    const more = option.text.endsWith(":") ? "" : " ";
    const before = field.value.slice(0, found.start) + option.text + more;
    const after = field.value.slice(found.end).trimStart();
    close();
    write(before + after, before.length);
  }

  field.addEventListener("input", soon);
  field.addEventListener("blur", () => { clearTimeout(timer); close(); });
  field.addEventListener("keydown", (event) => {
    const many = box.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (box.hidden) return ask();
      mark(((at < 0 && event.key === "ArrowUp" ? 0 : at) + (event.key === "ArrowDown" ? 1 : many - 1) + many) % many);
    } else if (event.key === "Enter" && !box.hidden && at >= 0) {
      event.preventDefault();
      take(found.options[at]);
    } else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  // Before the click takes the focus out of the field.
  box.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) take(found.options[[...box.children].indexOf(option)]);
  });
  form.addEventListener("change", (event) => {
    if (PICKS.includes(event.target.name)) pick(event.target);
  });
  follow();
})();
