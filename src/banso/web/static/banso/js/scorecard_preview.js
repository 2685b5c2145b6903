// Asking the server what an edited scorecard would change, and showing the answer.

export const OVERTAKEN = Symbol("a later question was asked");
export const UNREACHABLE = Symbol("nobody answered");

const asked = new Map();

/** POST as JSON; one of the symbols above where there is no answer to show. */
export async function ask(url, form, body) {
  const mine = (asked.get(url) ?? 0) + 1;
  asked.set(url, mine);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return mine === asked.get(url) ? answer : OVERTAKEN;
  } catch {
    return mine === asked.get(url) ? UNREACHABLE : OVERTAKEN;
  }
}

/** The panel beside the editor; its contents are rendered by the server in the reader's language. */
export class PreviewPanel {
  constructor(root) {
    this.root = root;
    this.body = root.querySelector("[data-preview-body]");
    this.note = root.querySelector("[data-preview-note]");
  }

  busy(on) {
    this.root.setAttribute("aria-busy", String(on));
  }

  show(answer) {
    this.busy(false);
    this.say(answer.message ?? "");
    if (answer.html !== undefined) this.body.innerHTML = answer.html;
  }

  say(sentence) {
    this.busy(false);
    this.note.textContent = sentence;
    this.note.hidden = !sentence;
  }
}
