// What every page does: words for times, the theme, menus, messages.
"use strict";

const UNITS = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const zone = document.body.dataset.zone || undefined;
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long", timeZone: zone });

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

function keysOn() {
  const said = document.body.dataset.keys;
  try { return (localStorage.getItem("keys") ?? said) !== "off"; } catch { return said !== "off"; }
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
// Not after:swap: htmx tells that to the form that asked, which may be gone with its row.
document.addEventListener("htmx:before:settle", (event) => dress(event.target));

for (const field of document.querySelectorAll("input[data-here][value='/']")) {
  field.value = location.pathname + location.search;
}
const keys = document.getElementById("keys");
if (keys) keys.checked = keysOn();
dress();
setInterval(() => sayTimes(document), 30000);
