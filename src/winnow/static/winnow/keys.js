// Keys of the site; the sheet behind `?` and docs/reference/keys.md name them. Every page works without this file.
"use strict";

const SEQUENCE_MS = 1000;
const find = (selector, within = document) => within.querySelector(selector);
const rows = () => [...document.querySelectorAll(".row")];
const currentRow = () => document.activeElement.closest(".row");
let gAt = -SEQUENCE_MS;

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[next].focus();
}

function follow(selector) {
  const scope = currentRow() || (rows().length ? null : find("main"));
  if (scope) find(selector, scope)?.click();
}

function report() {
  const scope = currentRow() || find(".item");
  const wrong = scope && find("details.wrong", scope);
  if (!wrong) return;
  wrong.open = true;
  find("button", wrong).focus();
}

function mark(kind) {
  const scope = currentRow() || find(".item");
  if (scope) find(`[data-mark="${kind}"]`, scope)?.click();
}

const acts = {
  j: () => move(1),
  k: () => move(-1),
  o: () => follow(".open"),
  v: () => follow(".original"),
  s: () => mark("save"),
  h: () => mark("hide"),
  f: report,
  "/": () => find("[data-search]")?.focus(),
  "?": () => find("#keys").showModal(),
  g: () => { gAt = performance.now(); },
};

function pressed(event) {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing || find("dialog[open]")) return;
  const isSecond = performance.now() - gAt < SEQUENCE_MS;
  if (isSecond && event.key !== "g") gAt = -SEQUENCE_MS;
  if (isSecond && event.key === "r") return location.assign("/recent");
  if (isSecond && event.key === "p") return location.assign("/popular");
  if (isSecond && event.key === "y") return location.assign("/for-you");
  if (event.key === "Enter" && !event.target.matches(".row")) return;
  const button = find(`[data-key="${CSS.escape(event.key)}"]`);
  const act = button ? () => (button.matches("input") ? button.focus() : button.click()) : acts[event.key === "Enter" ? "o" : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

// A report is answered in its place, so that a long list does not begin again.
async function sendReport(event) {
  const button = event.submitter;
  if (event.target.id !== "report" || !button) return;
  event.preventDefault();
  const place = button.closest("details").querySelector("p");
  try {
    const body = new FormData(event.target, button);
    const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "text/plain" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    place.textContent = await answer.text();
  } catch {
    place.textContent = "That did not work. Reload the page and try again.";
  }
  place.setAttribute("role", "status");
  place.tabIndex = -1;
  place.focus();
}

// A mark is set and taken back by the same button, without leaving the list.
async function sendMark(event) {
  const button = event.submitter;
  if (event.target.id !== "mark" || !button?.dataset.mark) return;
  event.preventDefault();
  try {
    const body = new FormData(event.target);
    const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "text/plain" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const was = button.formAction.endsWith("on=1");
    const word = await answer.text();
    button.formAction = button.formAction.replace(/on=.$/, `on=${was ? 0 : 1}`);
    button.classList.toggle("on", was);
    button.textContent = word;
  } catch {
    event.target.action = button.formAction;
    event.target.submit();
  }
}

// Times are written in the reader's zone from the second page on.
const zone = `winnow-zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
if (!document.cookie.includes(zone)) document.cookie = `${zone}; path=/; max-age=31536000; samesite=lax`;

document.addEventListener("keydown", pressed);
document.addEventListener("submit", sendMark);
document.addEventListener("submit", sendReport);
// The next task begins at its title, for readers of the screen too; an answer that failed shows its page.
document.addEventListener("htmx:afterSettle", () => find("[data-focus]")?.focus({ preventScroll: true }));
document.addEventListener("htmx:responseError", (event) => {
  if (event.target.closest("#review")) location.assign("/review");
});

const sheet = find("[data-sheet]");
sheet.hidden = false;
sheet.addEventListener("click", acts["?"]);
