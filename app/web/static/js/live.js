// The live stream's manners: rows change in place, never under the reader's hands.
"use strict";

(() => {
  const live = document.getElementById("live");
  const button = document.getElementById("live-state");
  if (!live || !button) return;

  const waiting = [];            // frames that came while the reader had paused
  const held = new Map();        // rows that came while their row was in use
  const unseen = new Set();      // changed bugs that are not on this page
  let paused = false;
  let inHand = "";               // the row that had the focus before a swap took it away
  let inFocus = "";              // and what of it had the focus, when that comes again

  function say(state, word) {
    button.hidden = false;
    button.querySelector(".dot").dataset.source = state;
    button.querySelector(".live-word").textContent = word;
  }

  const inUse = (row) =>
    row.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), select, textarea");

  function show(text) {
    return window.htmx.swap({ text, swap: "none", sourceElement: live, target: live });
  }

  function elsewhere(text) {
    for (const [, id] of text.matchAll(/<tr id="(bug-\d+)"/g)) {
      if (!document.getElementById(id)) unseen.add(id);
    }
    const link = document.getElementById("elsewhere");
    if (!link || !unseen.size) return;
    link.textContent = `${unseen.size} ${unseen.size === 1 ? "change" : "changes"} elsewhere, show`;
    link.href = location.pathname + location.search;
    link.hidden = false;
  }

  live.addEventListener("htmx:sse:after:connection", () => say(paused ? "paused" : "ok", paused ? "paused" : "live"));
  live.addEventListener("htmx:sse:error", () => say("never", "reconnecting"));
  live.addEventListener("htmx:sse:close", () => say("never", "not live"));
  live.addEventListener("htmx:error", () => say("never", "not live"));
  live.addEventListener("stale", () => {          // too much was missed to catch up
    const last = Number(sessionStorage.getItem("reloaded") || 0);
    if (Date.now() - last < 10000) return say("never", "not live");
    sessionStorage.setItem("reloaded", String(Date.now()));
    location.reload();
  });
  live.addEventListener("htmx:sse:before:message", (event) => {
    const { message } = event.detail;
    if (message.event) return;
    if (paused) {
      waiting.push(message.data);
      say("paused", `paused · ${waiting.length}`);
      event.preventDefault();
      return;
    }
    elsewhere(message.data);
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
    if (wanted && target.matches("tr[data-state]")) {
      target.classList.toggle("gone", target.dataset.state !== wanted);
    }
  });

  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    say(paused ? "paused" : "ok", paused ? "paused" : "live");
    if (!paused) for (const text of waiting.splice(0)) { elsewhere(text); show(text); }
  });
  say("never", "connecting");
})();
