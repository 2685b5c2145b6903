/* Work by keyboard: search, help, going to a page, and moving through any list.

   A list is an element with data-list; its rows carry data-row, and the first link in a row (or
   the one marked data-row-link) is what opening the row means. */

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

let prefix = "";

function rows() {
  return [...document.querySelectorAll("[data-list] [data-row]")].filter((row) => row.offsetParent);
}

function current() {
  return document.querySelector("[data-row][data-cursor]");
}

function moveTo(row) {
  if (!row) return;
  current()?.removeAttribute("data-cursor");
  row.setAttribute("data-cursor", "");
  row.scrollIntoView({ block: "nearest" });
  (row.querySelector("[data-row-link]") ?? row.querySelector("a"))?.focus({ preventScroll: true });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  moveTo(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  o: () => (current()?.querySelector("[data-row-link]") ?? current()?.querySelector("a"))?.click(),
  x: () => current()?.querySelector('input[type="checkbox"]')?.click(),
  "?": () => document.querySelector('[data-open-dialog="shortcuts"]')?.click(),
  "g t": () => location.assign("/today/"),
  "g a": () => location.assign("/accounts/"),
};

/* What a row offers under a key of its own. */
function pressing(key) {
  const offered = [...(current()?.querySelectorAll("[data-press]") ?? [])];
  const found = offered.find((element) => element.dataset.press === key);
  return found && (() => found.click());
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const action = actions[prefix + event.key] ?? pressing(prefix + event.key);
  prefix = event.key === "g" && !prefix ? "g " : "";
  if (!action) return;
  event.preventDefault();
  action();
});
