// Actions: painted at once, made true by the answer, set back when it is a refusal.
"use strict";

const acts = (() => {
  const PAINTED = {
    claim: { from: ["open", "reopened", "handed_back"], state: "claimed", word: "claimed", icon: "user", small: "just now", next: [["release", "Release"], ["resolve", "Fixed"]] },
    release: { from: ["claimed"], state: "open", word: "open", icon: "circle", next: [["claim", "Claim"]] },
    resolve: { from: ["open", "reopened", "handed_back", "claimed"], state: "fixed", word: "fixed", icon: "git-merge", small: "just now", next: [["reopen", "Re-open"]] },
    reopen: { from: ["fixed", "released", "told", "confirmed", "declined", "duplicate", "wontfix"], state: "reopened", word: "re-opened", icon: "rotate-ccw", next: [["claim", "Claim"]] },
  };
  const AGAIN_MS = 1000;
  const BUSY = "Nothing was changed; trying again in 1 s.";
  const AWAY = "The server cannot be reached, so nothing was changed. Try again when it is back.";

  function make(tag, props, ...children) {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  }

  function tell(text, kind = "") {
    const dismiss = make("button", { type: "button", className: "quiet", textContent: "Dismiss" });
    dismiss.dataset.dismiss = "";
    document.getElementById("messages").replaceChildren(
      make("div", { className: `message ${kind}` }, make("p", {}, make("b", { textContent: text })), dismiss));
  }

  function stateOf(row, look) {
    const state = row.querySelector(".state").cloneNode(true);
    const use = state.querySelector("use");
    state.dataset.state = look.state;
    state.title = look.word;
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${look.icon}`));
    state.lastChild.textContent = look.word;
    return look.small ? [state, make("small", { textContent: look.small })] : [state];
  }

  // The forms stay where they are, unseen: the answer, or setting back, still needs them.
  function buttonsOf(look) {
    return look.next.map(([verb, label]) => {
      const button = make("button", { type: "button", className: verb, textContent: label });
      button.setAttribute("aria-disabled", "true");
      return make("span", { className: "act painted" }, button);
    });
  }

  function focusIn(place, selector) {
    [...place.querySelectorAll(selector)].find((one) => one.checkVisibility())?.focus({ preventScroll: true });
  }

  // Shows a row as it will be; returns what sets it back if it is still the painted one.
  function paint(row, verb) {
    const look = PAINTED[verb];
    if (!row || !look || !look.from.includes(row.dataset.state) || row.dataset.painted) return () => {};
    const [is, cell, state] = [row.querySelector("td.is"), row.querySelector("td.acts"), row.dataset.state];
    const was = [...is.childNodes];
    const forms = [...cell.querySelectorAll("form")];
    const had = cell.contains(document.activeElement);
    is.replaceChildren(...stateOf(row, look));
    cell.append(...buttonsOf(look));
    for (const form of forms) form.hidden = true;
    row.dataset.state = look.state;
    row.dataset.painted = verb;
    if (had) focusIn(cell, ".painted button");
    return () => {
      if (!row.isConnected || !row.dataset.painted) return;
      const lost = cell.contains(document.activeElement);
      is.replaceChildren(...was);
      for (const fake of cell.querySelectorAll(".painted")) fake.remove();
      for (const form of forms) form.hidden = false;
      row.dataset.state = state;
      delete row.dataset.painted;
      if (lost) focusIn(cell, "form button");
    };
  }

  async function post(action, data) {
    const answer = await fetch(action, {
      method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(data),
    });
    return { status: answer.status, ok: answer.ok, text: await answer.text() };
  }

  // A busy database is asked once more, after a second.
  async function patiently(action, data) {
    const answer = await post(action, data);
    if (answer.status !== 503) return answer;
    tell(BUSY);
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
    return post(action, data);
  }

  async function swapIn(answer) {
    const place = document.getElementById("messages");
    const speaks = !answer.ok || answer.text.includes('class="message');
    if (!speaks && place.textContent.includes(BUSY)) place.replaceChildren();
    await window.htmx.swap({ text: answer.text, swap: speaks ? "innerHTML" : "none", sourceElement: place, target: place });
  }

  // Sends an action; `setBack` undoes what was painted for it.
  async function send(action, data, setBack = []) {
    let answer;
    try {
      answer = await patiently(action, data);
      await swapIn(answer);
    } catch {
      tell(AWAY);
    }
    for (const back of setBack) back();
    document.dispatchEvent(new CustomEvent("acted", { detail: { ok: Boolean(answer?.ok) } }));
    return answer;
  }

  function verbOf(form) {
    return new URL(form.action).pathname.split("/").pop();
  }

  function one(form) {
    send(form.action, new FormData(form), [paint(form.closest("tr"), verbOf(form))]);
  }

  function many(form, submitter) {
    const data = new FormData(form, submitter);
    const rows = data.getAll("bug_ids").map((id) => document.getElementById(`bug-${id}`));
    if (!rows.length) return tell("Select at least one bug first.");
    const back = rows.map((row) => paint(row, submitter?.value));
    return send(form.action, data, back).then((answer) => answer?.ok && form.reset());
  }

  // A page without a board shows what was taken back only when it is read anew.
  async function undo(action = "/me/actions/undo") {
    if (document.getElementById("board")) return void send(action, new FormData());
    let answer;
    try { answer = await patiently(action, new FormData()); } catch { return tell(AWAY); }
    if (!answer.ok) return swapIn(answer);
    const came = new DOMParser().parseFromString(answer.text, "text/html");
    sessionStorage.setItem("said", came.querySelector(".message b").textContent);
    return location.reload();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!window.htmx || event.defaultPrevented) return;
    if (form.matches("#board form.act")) one(form);
    else if (form.id === "bulk" && form.matches(".bulk-bar")) many(form, event.submitter);
    else if (form.matches("form.undo")) undo(form.action);
    else return;
    event.preventDefault();
  });

  async function fill(menu) {
    const place = menu.querySelector(".menu-fill");
    const answer = await fetch(menu.dataset.fill, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const had = place.contains(document.activeElement);
    await window.htmx.swap({ text: await answer.text(), swap: "innerHTML", sourceElement: place, target: place });
    if (had) menu.querySelector(".undo button, a")?.focus();
  }
  const menu = document.querySelector("details[data-fill]");
  menu?.addEventListener("toggle", () => { if (menu.open) fill(menu); });
  document.addEventListener("acted", () => { if (menu?.open) fill(menu); });

  const said = sessionStorage.getItem("said");
  if (said) {
    sessionStorage.removeItem("said");
    tell(said, "done");
  }
  return { send, post, tell, undo };
})();
