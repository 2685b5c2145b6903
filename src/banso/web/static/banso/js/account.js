/* The account page: the line for a new touch, and questions before something is taken away. */

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

/* Ctrl- or ⌘-Enter sends what is being written. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target instanceof HTMLTextAreaElement) event.target.form?.requestSubmit();
});

/* A score of another day is asked for as soon as the day is chosen. */
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.matches("[data-goto-day]")) {
    event.target.form?.requestSubmit();
  }
});

/* On a phone the tabs scroll: show the one that is open. */
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
