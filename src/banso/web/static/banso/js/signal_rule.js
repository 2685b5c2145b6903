// The rows of conditions of a signal rule: added, removed, and showing only what their kind needs.

const form = document.querySelector("[data-signal-rule]");

const arrange = (row) => { row.dataset.kind = row.querySelector("[name=condition_kind]").value; };

form?.addEventListener("change", (event) => {
  if (event.target.name === "condition_kind") arrange(event.target.closest("[data-row]"));
});

form?.addEventListener("click", (event) => {
  if (event.target.closest("[data-add-row]")) {
    const row = document.getElementById("row-template").content.firstElementChild.cloneNode(true);
    form.querySelector("[data-rows]").append(row);
    row.querySelector("select").value = "metric";
    arrange(row);
    row.querySelector("select").focus();
  }
  event.target.closest("[data-remove-row]")?.closest("[data-row]").remove();
});
