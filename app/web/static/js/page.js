// What every page does: words for times, the theme, menus, messages, keys.
"use strict";

const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function ago(seconds) {
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

function among(root, selector) {
  return root.matches?.(selector) ? [root] : root.querySelectorAll(selector);
}

function sayTimes(root) {
  for (const time of among(root, "time[datetime]")) {
    const at = new Date(time.dateTime);
    const said = ago((at - Date.now()) / 1000);
    if (time.textContent !== said) {
      time.textContent = said;
      time.title = full.format(at);
    }
  }
}

function markMine(root) {
  const team = document.body.dataset.team;
  if (!team) return;
  for (const row of among(root, "tr[data-team], .bug-card[data-team]")) {
    row.classList.toggle("mine", row.dataset.team === team);
    row.classList.toggle("theirs", row.dataset.team !== team);
  }
}

function dress(root = document) {
  sayTimes(root);
  markMine(root);
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* only for this page then */ }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function clearMessage() {
  const place = document.getElementById("messages");
  if (place) place.replaceChildren();
}

// Ticks every ticket of the list, or none.
function tickAll(box) {
  for (const each of document.querySelectorAll(`input[name="${box.dataset.all}"]`)) each.checked = box.checked;
  countTicked();
}

function countTicked() {
  const place = document.getElementById("ticked");
  if (place) place.textContent = String(document.querySelectorAll('input[name="ticket_ids"]:checked').length);
}

function step(by) {
  const titles = [...document.querySelectorAll("a.title")];
  const row = document.activeElement?.closest?.("tr, li");
  const now = row ? titles.findIndex((title) => row.contains(title)) : -1;
  titles[Math.max(0, Math.min(titles.length - 1, now + by))]?.focus();
}

function keysOn() {
  try { return localStorage.getItem("keys") !== "off"; } catch { return true; }
}

// A button that is hidden from this person would only be refused.
function pressShown(button) {
  if (button?.checkVisibility({ visibilityProperty: true })) button.click();
}

function press(event) {
  if (event.key === "Escape") { closeMenus(null); clearMessage(); }
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
  const row = document.activeElement?.closest?.("tr");
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "c") pressShown(row?.querySelector("button.claim, button.release"));
  else if (event.key === "/" && document.getElementById("find")) {
    event.preventDefault();
    document.getElementById("find").focus();
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  if (event.target.closest("[data-dismiss]")) clearMessage();
  if (event.target.closest("#theme")) switchTheme();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "keys") {
    try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* kept on */ }
  }
  if (event.target.dataset?.all) tickAll(event.target);
  else if (event.target.name === "ticket_ids") countTicked();
});
document.addEventListener("keydown", press);
// Not after:swap: htmx tells that to the form that asked, which may be gone with its row.
document.addEventListener("htmx:before:settle", (event) => dress(event.target));

for (const field of document.querySelectorAll("input[data-here][value='/']")) {
  field.value = location.pathname + location.search;
}
const keys = document.getElementById("keys");
if (keys) keys.checked = keysOn();
dress();
setInterval(() => sayTimes(document), 30000);
