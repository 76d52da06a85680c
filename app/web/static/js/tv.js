// The wallboard by itself: follows changes, turns its pages, and comes back from any trouble.
"use strict";

(() => {
  const body = document.body;
  const still = document.getElementById("still");
  const TURN = 20_000, LOOK = 60_000, AGAIN = 5_000, OLD = 300_000;
  let page = body.dataset.page;
  let ahead = Date.parse(body.dataset.now) - Date.now();   // of the server's clock
  let heard = Date.now();
  let lost = false;
  let soon = 0;

  const pad = (number) => String(number).padStart(2, "0");
  const hour = (at) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const minutes = (span) => {
    const count = Math.floor(span / 60_000);
    if (count < 120) return `${count} ${count === 1 ? "minute" : "minutes"}`;
    return count < 2880 ? `${Math.floor(count / 60)} hours` : `${Math.floor(count / 1440)} days`;
  };

  function show(name) {
    page = name;
    for (const each of document.querySelectorAll("main section")) each.hidden = each.dataset.page !== page;
    for (const link of document.querySelectorAll("nav a")) {
      if (link.search === `?page=${page}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function tick() {
    const now = new Date();
    document.getElementById("clock").textContent = hour(now);
    const from = body.dataset.dataAt ? new Date(body.dataset.dataAt) : null;
    const age = from ? Date.now() + ahead - from : 0;
    const gone = Date.now() - heard;
    const old = age > OLD || gone > OLD;
    body.classList.toggle("old", old || lost);
    const word = document.querySelector(".age-word");
    let said = "No source was read yet";
    if (lost) said = `No answer from the server for ${minutes(gone)}; trying again`;
    else if (from) said = old ? `Old data: from ${hour(from)}, ${minutes(age)} ago` : `Data from ${hour(from)}`;
    if (word.textContent !== said) word.textContent = said;
  }

  // What came replaces the figures at once; the page that is shown stays the one it was.
  function take(fresh) {
    body.dataset.dataAt = fresh.body.dataset.dataAt ?? "";
    document.getElementById("sprint").replaceWith(document.adoptNode(fresh.getElementById("sprint")));
    for (const each of fresh.querySelectorAll("main section")) each.hidden = each.dataset.page !== page;
    document.getElementById("wall").replaceWith(document.adoptNode(fresh.getElementById("wall")));
    if (!document.querySelector("main section:not([hidden])")) show("figures");
  }

  async function look() {
    clearTimeout(soon);
    soon = setTimeout(look, LOOK);
    try {
      const answer = await fetch(`${body.dataset.base}?page=${page}`, { cache: "no-store" });
      // The link has ended, or the scripts are of another release: the whole page comes anew.
      if ([404, 410].includes(answer.status)) return location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (fresh.body.dataset.edition !== body.dataset.edition) return location.reload();
      ahead = Date.parse(answer.headers.get("date") ?? "") - Date.now() || ahead;
      heard = Date.now();
      lost = false;
      take(fresh);
    } catch {
      lost = true;
      clearTimeout(soon);
      soon = setTimeout(look, AGAIN);
    }
    tick();
  }

  function lookSoon() {
    clearTimeout(soon);
    soon = setTimeout(look, 100 + Math.random() * 300);
  }

  function follow() {
    const stream = new EventSource(body.dataset.stream);
    stream.addEventListener("open", lookSoon);
    stream.addEventListener("changed", lookSoon);
    stream.addEventListener("stale", lookSoon);
    stream.addEventListener("error", () => {
      lookSoon();
      if (stream.readyState === EventSource.CLOSED) setTimeout(follow, AGAIN);
    });
  }

  function hold(on) {
    still.setAttribute("aria-pressed", String(on));
    still.textContent = on ? "Go on" : "Pause";
  }

  still.hidden = false;
  hold(matchMedia("(prefers-reduced-motion: reduce)").matches);
  still.addEventListener("click", () => hold(still.getAttribute("aria-pressed") !== "true"));
  document.querySelector("nav").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    show(new URLSearchParams(link.search).get("page"));
  });
  setInterval(() => {
    if (still.getAttribute("aria-pressed") === "true") return;
    const names = [...document.querySelectorAll("main section")].map((each) => each.dataset.page);
    show(names[(names.indexOf(page) + 1) % names.length]);
  }, TURN);
  setInterval(tick, 1000);
  tick();
  soon = setTimeout(look, LOOK);
  follow();
})();
