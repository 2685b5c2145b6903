/* Choosing rows of a list: one, all of the page, or all that match; the bar says how many. */

const form = document.querySelector("[data-bulk]");

function start() {
  const bar = form.querySelector("[data-bulk-bar]");
  const count = form.querySelector("[data-bulk-count]");
  const head = form.querySelector("[data-bulk-page]");
  const every = form.querySelector('[name="everything"]');
  const boxes = [...form.querySelectorAll('input[name="account"]')];
  const offer = form.querySelector("[data-bulk-offer]");

  function show() {
    const chosen = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", String(box.checked));
    head.checked = chosen > 0 && chosen === boxes.length;
    head.indeterminate = chosen > 0 && chosen < boxes.length;
    bar.hidden = chosen === 0;
    offer.hidden = !head.checked || Number(form.dataset.total) <= boxes.length;
    if (!head.checked) every.checked = false;
    const total = every.checked ? Number(form.dataset.total) : chosen;
    count.textContent = total.toLocaleString(document.documentElement.lang);
  }

  head.addEventListener("change", () => {
    for (const box of boxes) box.checked = head.checked;
    show();
  });
  form.addEventListener("change", show);
  form.querySelector("[data-bulk-clear]").addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    show();
  });
  show();
}

if (form) start();
