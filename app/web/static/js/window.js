// Long lists: pages are fetched as one nears their end, rows far away are taken out and put back;
// and the order is applied anew, with place and focus kept.
"use strict";

(() => {
  const PARTS = ["board-header", "notes", "board-list", "filter-said", "filter-count", "board-shapes"];
  const FEW = 20;
  const NEAR = 1200;                     // px beyond the window in which rows are kept
  let list = document.getElementById("board-list");
  if (!list) return;

  let chunks = [];                       // {body, url, rows, tall}: `rows` while they are taken out
  let next = "";                         // the address of the page after the last chunk
  let busy = false;
  const near = new IntersectionObserver(moved, { rootMargin: `${NEAR}px 0px` });
  const end = new IntersectionObserver(reached, { rootMargin: `${2 * NEAR}px 0px` });

  async function read(url) {
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${url}`);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  const rowsOf = (page) => [...page.querySelectorAll("#board tbody tr[id]")];
  const nextOf = (page) => page.querySelector(".pager a[rel=next]")?.getAttribute("href") ?? "";

  // Also when another script has put in another list.
  function begin() {
    const now = document.getElementById("board-list");
    if (chunks[0]?.body.isConnected && now === list) return;
    list = now;
    near.disconnect();
    end.disconnect();
    const body = list.querySelector("#board tbody");
    chunks = body ? [{ body, url: location.href.split("#")[0], rows: null }] : [];
    next = nextOf(document);
    for (const chunk of chunks) near.observe(chunk.body);
    watchEnd();
  }

  function watchEnd() {
    const pager = list.querySelector(".pager");
    if (!pager) return;
    if (!next) return pager.remove();
    pager.querySelector("a").href = next;
    end.disconnect();
    end.observe(pager);
  }

  async function reached(entries) {
    if (busy || !next || !entries.some((entry) => entry.isIntersecting)) return;
    busy = true;
    try {
      const url = new URL(next, location.href).href;
      const page = await read(url);
      const rows = rowsOf(page).filter((row) => !known(row.id));
      if (!rows.length) { next = ""; return watchEnd(); }
      const body = document.createElement("tbody");
      list.querySelector("#board").append(body);
      await fill(body, rows);
      chunks.push({ body, url, rows: null });
      near.observe(body);
      next = nextOf(page);
    } catch { next = ""; return; /* the link is still there to be followed */ } finally { busy = false; }
    watchEnd();
  }

  // A few rows at a time, so that scrolling and typing get their turn in between.
  async function fill(body, rows) {
    for (let at = 0; at < rows.length; at += FEW) {
      const some = rows.slice(at, at + FEW).map((row) => document.adoptNode(row));
      body.append(...some);
      for (const row of some) {
        window.htmx?.process(row);
        window.dress?.(row);
      }
      await new Promise((done) => setTimeout(done));
    }
  }

  function moved(entries) {
    for (const entry of entries) {
      const chunk = chunks.find(({ body }) => body === entry.target);
      if (chunk) chunk.far = !entry.isIntersecting;
    }
    tidy();
  }

  // What was in hand when it went out of sight is taken out once it is free.
  function tidy() {
    for (const chunk of chunks) {
      if (chunk.rows && !chunk.far) putBack(chunk);
      else if (chunk.far && !chunk.rows) takeOut(chunk);
    }
  }

  const inHand = (body) => body.contains(document.activeElement)
    || body.querySelector("[aria-selected=true], .selected, :checked") !== null;

  function takeOut(chunk) {
    if (chunks.length < 3 || inHand(chunk.body)) return;
    const tall = chunk.body.offsetHeight;
    chunk.rows = [...chunk.body.rows];
    const spacer = document.createElement("tr");
    spacer.className = "spacer";
    const cell = spacer.insertCell();
    cell.colSpan = list.querySelectorAll("#board thead th").length;
    cell.style.height = `${tall}px`;
    chunk.body.replaceChildren(spacer);
  }

  function putBack(chunk) {
    const rows = chunk.rows;
    chunk.rows = null;
    chunk.body.replaceChildren(...rows);
    for (const row of rows) if (row.dataset.fresh) { delete row.dataset.fresh; window.htmx?.process(row); }
    window.dress?.(chunk.body);
  }

  function known(id) {
    return document.getElementById(id) ?? chunks.flatMap(({ rows }) => rows ?? []).find((row) => row.id === id);
  }

  // A row that is taken out is changed where it lies.
  function change(id, text) {
    const chunk = chunks.find(({ rows }) => rows?.some((row) => row.id === id));
    if (!chunk) return false;
    const page = new DOMParser().parseFromString(`<table><tbody>${text}</tbody></table>`, "text/html");
    const fresh = page.getElementById(id);
    const at = chunk.rows.findIndex((row) => row.id === id);
    if (fresh && Number(fresh.dataset.version) >= Number(chunk.rows[at].dataset.version)) {
      fresh.dataset.fresh = "1";
      chunk.rows[at] = document.adoptNode(fresh);
    }
    return true;
  }

  // What one looks at: the row in hand, else the uppermost one that is seen.
  function place() {
    const focused = document.activeElement?.closest("#board-list [id]");
    const inRow = document.activeElement?.closest("#board-list :is(tr, .bug-card)[id]");
    const seen = [...list.querySelectorAll("tr[id], .bug-card[id]")].find((row) => row.getBoundingClientRect().bottom > 96);
    const mark = inRow ?? seen;
    return {
      id: mark?.id, top: mark?.getBoundingClientRect().top,
      focus: inRow && { id: focused?.id, title: document.activeElement.matches(".title") },
    };
  }

  function goBack({ id, top, focus }) {
    const row = id && document.getElementById(id);
    if (!row) return;
    if (focus) {
      const same = (focus.id && focus.id !== id && document.getElementById(focus.id)) || null;
      (same ?? row.querySelector(".act button, a.title"))?.focus({ preventScroll: true });
    }
    scrollBy(0, row.getBoundingClientRect().top - top);
  }

  function replace(page, id) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (!old || !fresh) return;
    old.replaceWith(document.adoptNode(fresh));
    window.htmx?.process(fresh);
    window.dress?.(fresh);
  }

  // The list anew, as it is now: each page that was read is read again.
  async function refresh() {
    const held = place();
    const first = await read(location.href.split("#")[0]);
    const wanted = Math.max(1, chunks.length);
    for (const id of PARTS) replace(first, id);
    begin();
    while (chunks.length < wanted && next) await reached([{ isIntersecting: true }]);
    goBack(held);
  }

  let turn = Promise.resolve();
  window.boardList = {
    change,
    more: () => next !== "",
    refresh: () => { turn = turn.then(refresh, refresh); return turn; },
  };
  begin();
  document.addEventListener("focusout", () => setTimeout(tidy));
  new MutationObserver(begin).observe(list.parentElement, { childList: true });
})();
