/* A source of events: copying its key and code, and sending a test event from here. */

/* Buttons that need this script are hidden without it; parts may be swapped in later. */
function reveal(root = document) {
  for (const button of root.querySelectorAll("[data-copy], [data-test-event]")) button.hidden = false;
}
reveal();
document.addEventListener("htmx:afterSwap", () => reveal());
document.addEventListener("banso:updated", () => reveal());

/* The clipboard is closed to pages without HTTPS; what is selected can still be copied. */
async function copy(element) {
  if (navigator.clipboard) return navigator.clipboard.writeText(element.textContent);
  getSelection().selectAllChildren(element);
  document.execCommand("copy");
  getSelection().removeAllRanges();
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  await copy(source);
  const word = button.querySelector("span");
  const before = word.textContent;
  if (before === button.dataset.copied) return;
  word.textContent = button.dataset.copied;
  setTimeout(() => { word.textContent = before; }, 2000);
});

function toast(text, tone) {
  const note = document.createElement("div");
  note.className = "toast";
  note.dataset.tone = tone;
  note.textContent = text;
  document.getElementById("toasts")?.append(note);
}

async function sendTest(key) {
  const answer = await fetch("/v1/track", {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", Authorization: `Basic ${btoa(`${key}:`)}` },
    body: JSON.stringify({
      messageId: `banso-test-${Date.now()}-${Math.random().toString(36).slice(2)}`,
      userId: "banso-test",
      event: "Banso test event",
      timestamp: new Date().toISOString(),
      sentAt: new Date().toISOString(),
    }),
  });
  if (answer.ok) return "";
  const told = await answer.json().catch(() => null);
  return told?.error?.message ?? String(answer.status);
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-test-event]") : null;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  try {
    const problem = await sendTest(button.dataset.key);
    toast(problem ? button.dataset.failed + problem : button.dataset.sent, problem ? "error" : "success");
  } catch (error) {
    toast(button.dataset.failed + error.message, "error");
  } finally {
    button.removeAttribute("aria-busy");
  }
});
