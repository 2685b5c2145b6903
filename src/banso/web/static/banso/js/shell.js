/* Menus, dialogs, drawer and toasts: everything works by delegation, so that parts of a page that
   are swapped in later behave like those that were there from the start. */

const closest = (event, selector) =>
  event.target instanceof Element ? event.target.closest(selector) : null;

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) {
    closeMenus();
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("banso:opened", { bubbles: true }));
  }
}

document.addEventListener("click", (event) => {
  closeMenus(closest(event, "details.menu"));
  const opener = closest(event, "[data-open-dialog]");
  if (opener) openDialog(opener.dataset.openDialog);
  if (closest(event, "[data-close-dialog]")) closest(event, "dialog")?.close();
  // A click on the backdrop hits the dialog element itself.
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
  if (closest(event, "[data-close-toast]")) closest(event, ".toast")?.remove();
  const rail = document.getElementById("rail");
  if (closest(event, "[data-open-rail]")) {
    rail?.setAttribute("data-open", "");
    rail?.querySelector("a")?.focus();
  } else if (closest(event, "[data-close-rail]")) rail?.removeAttribute("data-open");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = closest(event, "details.menu[open]");
  closeMenus();
  menu?.querySelector("summary")?.focus();
  document.getElementById("rail")?.removeAttribute("data-open");
});

/* Fields marked with data-submit send their form as soon as they change. */
document.addEventListener("change", (event) => {
  closest(event, "[data-submit]")?.form?.requestSubmit();
});

/* What cannot be taken back is asked about once more. */
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});

/* A form is sent once, however often the button is pressed. */
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method !== "post") return;
  button.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
});

function retire(toast) {
  // Errors stay until they are closed; what went well may leave by itself.
  if (!/error|warning/.test(toast.dataset.tone ?? "") && !toast.querySelector("form, a")) {
    setTimeout(() => toast.remove(), 8000);
  }
}
const toasts = document.getElementById("toasts");
if (toasts) {
  toasts.querySelectorAll(".toast").forEach(retire);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node instanceof HTMLElement) retire(node);
    }
  }).observe(toasts, { childList: true });
}

/* htmx leaves the page as it is when the server answers with an error: say so. */
document.addEventListener("htmx:responseError", (event) => {
  const text = event.detail.xhr.responseText;
  if (toasts && text.includes('class="toast"')) toasts.insertAdjacentHTML("beforeend", text);
});
