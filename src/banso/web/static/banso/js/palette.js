/* The search palette: opened by "/" or Ctrl/⌘-K, filled by the server, walked with the arrows. */

const palette = document.getElementById("palette");
const input = palette?.querySelector("input");
const results = document.getElementById("palette-results");

function open(event) {
  if (!palette || palette.open) return;
  event.preventDefault();
  palette.showModal();
  input.select();
  input.dispatchEvent(new CustomEvent("palette-opened"));
}

function select(index) {
  const items = [...results.querySelectorAll('[role="option"]')];
  if (!items.length) return;
  const at = (index + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
  input.setAttribute("aria-activedescendant", items[at].id);
  items[at].scrollIntoView({ block: "nearest" });
}

function selected() {
  return [...results.querySelectorAll('[role="option"]')].findIndex(
    (item) => item.getAttribute("aria-selected") === "true",
  );
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-open-palette]")) open(event);
});

document.addEventListener("keydown", (event) => {
  const field = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  const slash = event.key === "/" && !field && !document.querySelector("dialog[open]");
  if (slash || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) open(event);
});

input?.addEventListener("keydown", (event) => {
  // Enter while a Japanese word is being composed confirms the word, nothing else.
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    select(selected() + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Escape") {
    // A search field would keep the first press for itself, to empty itself.
    event.preventDefault();
    palette.close();
  } else if (event.key === "Enter") {
    const chosen = results.querySelector('[aria-selected="true"]');
    if (chosen) {
      event.preventDefault();
      chosen.click();
    }
  }
});

results?.addEventListener("htmx:afterSwap", () => select(0));
