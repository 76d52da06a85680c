// The live stream's manners: rows change in place, never under the reader's hands.
"use strict";

// Data that was up to date when the page was made grows old while it is open.
function sayFreshness() {
  for (const dot of document.querySelectorAll(".dot[data-stale-at]")) {
    const stale = Date.now() > Date.parse(dot.dataset.staleAt);
    if (dot.dataset.source === (stale ? "stale" : "ok")) continue;
    dot.dataset.source = stale ? "stale" : "ok";
    const how = dot.parentElement.querySelector(".how");
    if (how) how.textContent = stale ? "not read lately" : "up to date";
  }
}
sayFreshness();
setInterval(sayFreshness, 30000);

// Who is signed in keeps this wish with the account, others in their browser.
function announced() {
  const said = document.body.dataset.announce;
  try { return (said ?? localStorage.getItem("announce")) !== "off"; } catch { return true; }
}

(() => {
  const live = document.getElementById("live");
  const button = document.getElementById("live-state");
  const list = () => document.getElementById("board-list");
  if (!live || !button || !list()) return;

  const address = new URL(live.getAttribute("hx-sse:connect"), location.href);
  const FALLBACK = Number(live.dataset.pollAfter) || 30000;   // ms without a stream, then polling
  const POLL = Number(live.dataset.pollEvery) || 10000;
  const SUMMARY = 10000;
  const shaped = list().dataset.shape !== "list";
  const waiting = [];            // frames that came while the reader had paused
  const held = new Map();        // rows that came while their row was in use
  const unseen = new Set();      // changed bugs that may belong on this page and are not on it
  let paused = false;
  let inHand = "";               // the row that had the focus before a swap took it away
  let inFocus = "";              // and what of it had the focus, when that comes again
  let seen = Number(address.searchParams.get("after"));
  let fallback = 0;
  let polling = 0;
  let connected = false;
  let tooMuch = false;           // while it was paused, more was missed than can be told

  function say(state, word) {
    button.hidden = false;
    button.querySelector(".dot").dataset.source = state;
    button.querySelector(".live-word").textContent = word;
  }

  function sayNow() {
    if (paused) say("paused", waiting.length ? `paused · ${waiting.length}` : "paused");
    else if (connected) say("ok", "live");
    else if (polling) say("ok", "every 10 s");
    else say("never", "reconnecting");
  }

  const inUse = (row) =>
    row.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), select, textarea");

  function show(text) {
    return window.htmx.swap({ text, swap: "none", sourceElement: live, target: live });
  }

  // what is not shown in place is offered
  function offer() {
    const link = document.getElementById("elsewhere");
    if (!link) return;
    const gone = document.querySelectorAll("#board tr.gone").length;
    const count = unseen.size + gone;
    link.hidden = !count;
    link.textContent = `${count} ${count === 1 ? "change" : "changes"} — show`;
  }

  function elsewhere(text) {
    const ids = [...text.matchAll(/<tr id="(bug-\d+)"/g)].map(([, id]) => id);
    if (shaped) return ids.forEach((id) => unseen.add(id));
    // Without a filter nothing comes in between: what is further down is read when one gets there.
    const further = !list().dataset.filtered && window.boardList?.more();
    for (const id of ids) {
      if (document.getElementById(id) || window.boardList?.change(id, text) || further) continue;
      unseen.add(id);
    }
    offer();
  }

  let applying = 0;
  async function apply() {
    clearTimeout(applying);
    applying = 0;
    try {
      await window.boardList.refresh();
      unseen.clear();
      offer();
    } catch { location.reload(); }
  }

  // The other shapes hear that something changed and read their part anew, but not in one's hands.
  function reshape() {
    if (!shaped || applying || !unseen.size) return;
    applying = setTimeout(() => {
      applying = 0;
      const touched = list().matches(":hover") || list().contains(document.activeElement);
      if (touched || paused) offer();
      else apply();
    }, 1000);
  }

  document.getElementById("elsewhere")?.addEventListener("click", (event) => {
    event.preventDefault();
    apply();
  });
  (window.bugsprint ??= {}).apply = apply;

  // a summary for those who listen: at most one in ten seconds, and not if they do not want it
  const summary = document.getElementById("live-summary");
  let heard = 0;
  let last = "";
  let speaking = 0;
  function announce(text) {
    if (!summary || !announced()) return;
    heard += 1;
    last = /class="note-text">(?:<a[^>]*>)?([^<]*)/.exec(text)?.[1] ?? last;
    if (speaking) return;
    speaking = setTimeout(speak, Math.max(0, Number(summary.dataset.next || 0) - Date.now()));
  }
  function speak() {
    speaking = 0;
    const words = new DOMParser().parseFromString(last, "text/html").body.textContent;
    summary.textContent = heard === 1 ? words || "The board changed." : `${heard} changes on the board. ${words}`;
    summary.dataset.next = String(Date.now() + SUMMARY);
    heard = 0;
  }

  // what comes, by whichever way
  function arrived(text, id) {
    seen = Math.max(seen, Number(id) || 0);
    if (paused) {
      waiting.push(text);
      sayNow();
      return false;
    }
    elsewhere(text);
    announce(text);
    reshape();
    return true;
  }

  function newEdition(word) {
    const link = document.getElementById("newer");
    if (link) link.hidden = word === live.dataset.edition;
  }

  function tooOld(id) {
    seen = Math.max(seen, Number(id) || 0);
    waiting.splice(0);
    tooMuch = paused;
    if (!paused) apply();
  }

  // the stream, and polling where none comes through
  function back() {
    connected = true;
    clearTimeout(fallback);
    clearInterval(polling);
    fallback = polling = 0;
    sayNow();
  }

  function lost() {
    connected = false;
    if (!fallback && !polling) fallback = setTimeout(poll, FALLBACK);
    sayNow();
  }

  async function poll() {
    fallback = 0;
    if (!polling) polling = setInterval(poll, POLL);
    try {
      const asked = new URLSearchParams({ s: address.searchParams.get("s"), after: String(seen) });
      const answer = await fetch(`/live/poll?${asked}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      for (const block of (await answer.text()).split("\n\n")) take(block);
      if (polling) sayNow();
    } catch { if (polling) say("never", "reconnecting"); }
  }

  function take(block) {
    const lines = (name) => block.split("\n").filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2));
    const [event] = lines("event");
    const data = lines("data").join("\n");
    if (event === "edition") newEdition(data);
    else if (event === "stale") tooOld(lines("id")[0]);
    else if (data && arrived(data, lines("id")[0])) show(data);
  }

  live.addEventListener("htmx:sse:after:connection", back);
  for (const trouble of ["htmx:sse:error", "htmx:sse:close", "htmx:error"]) live.addEventListener(trouble, lost);
  live.addEventListener("stale", (event) => tooOld(event.detail.id));
  live.addEventListener("edition", (event) => newEdition(event.detail.data));
  live.addEventListener("htmx:sse:before:message", (event) => {
    const { message } = event.detail;
    if (!message.event && !arrived(message.data, message.id)) event.preventDefault();
  });

  // The button that was pressed may be gone with the old state: its row's first one takes over.
  function keepFocus(row) {
    if (!row.id || row.id !== inHand) return;
    inHand = "";
    const same = inFocus ? [row.querySelector(inFocus)] : [];
    for (const place of [...same, ...row.querySelectorAll(".act button"), row.querySelector("a.title")]) {
      if (document.activeElement === document.body) place?.focus({ preventScroll: true });
    }
  }

  // A note that is there already (our own action's answer brought it) is not shown twice.
  function dropKnown(notes, fresh) {
    for (const note of fresh.querySelectorAll("[data-note]")) {
      if (notes.querySelector(`[data-note="${note.dataset.note}"]`)) note.remove();
    }
  }

  // Older than what is shown: dropped.  In use: kept until it is free.
  document.addEventListener("htmx:before:swap", (event) => {
    const { tasks } = event.detail;
    const at = document.activeElement?.closest?.("tr[id]");
    if (at) {
      inHand = at.id;
      inFocus = ["a.title", "input[name=bug_ids]", ".score a"].find((one) => document.activeElement.matches(one)) ?? "";
    }
    for (let i = tasks.length - 1; i >= 0; i -= 1) {
      const { target, fragment } = tasks[i];
      const comes = fragment.firstElementChild;
      if (target?.id === "notes") dropKnown(target, fragment);
      if (target?.tagName !== "TR" || !comes?.dataset.version) continue;
      if (Number(comes.dataset.version) < Number(target.dataset.version)) tasks.splice(i, 1);
      else if (inUse(target)) {
        held.set(target.id, comes.outerHTML);
        tasks.splice(i, 1);
      }
    }
  });
  document.addEventListener("focusout", (event) => {
    const row = event.target.closest?.("tr[id]");
    if (!row || !held.has(row.id)) return;
    setTimeout(() => {
      if (inUse(row)) return;
      const text = held.get(row.id);
      held.delete(row.id);
      show(text.replace("<tr ", '<tr hx-swap-oob="true" '));
    });
  });

  // A row that the filter no longer means stays where it is, and says so by being paler.
  document.addEventListener("htmx:before:settle", ({ target }) => {
    keepFocus(target);
    const notes = document.getElementById("notes");
    while (notes && notes.children.length > 50) notes.lastElementChild.remove();
    const wanted = document.getElementById("board")?.dataset.stateFilter;
    const judge = window.bugsprint?.matches;
    if (!target.matches("#board tr[data-state]") || !(wanted || judge)) return;
    target.classList.toggle("gone", judge ? !judge(target) : target.dataset.state !== wanted);
    offer();
  });

  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    if (!paused) for (const text of waiting.splice(0)) { elsewhere(text); announce(text); show(text); }
    if (!paused && tooMuch) apply();
    tooMuch = false;
    reshape();
    sayNow();
  });
  say("never", "connecting");
})();

const announcing = document.getElementById("announce");
if (announcing) {
  announcing.checked = announced();
  announcing.addEventListener("change", () => localStorage.setItem("announce", announcing.checked ? "on" : "off"));
}
