/* Tasks: x ticks the task under the cursor, n writes a new one, and accounts are found while
   typing. */

const typing = (target) =>
  target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "x") {
    document.querySelector("[data-row][data-cursor] [data-check]")?.click();
  } else if (event.key === "n") {
    const field = document.querySelector('[data-shortcut="n"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
  }
});

/* One field that names an account: a combobox over what the server finds. */
function picker(box) {
  const input = box.querySelector('input[role="combobox"]');
  const list = box.querySelector('[role="listbox"]');
  const chosen = box.closest("form").querySelector('input[name="account_uid"]');
  let wait = 0;
  let asked = "";

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    input.value = option.dataset.name;
    chosen.value = option.dataset.uid;
    close();
  }

  function show(accounts) {
    list.replaceChildren(
      ...accounts.map((account, place) => {
        const option = document.createElement("li");
        const note = document.createElement("small");
        option.id = `${list.id}-${place}`;
        option.setAttribute("role", "option");
        option.dataset.uid = account.uid;
        option.dataset.name = account.name;
        note.textContent = account.note;
        option.append(account.name, note);
        return option;
      }),
    );
    list.hidden = accounts.length === 0;
    input.setAttribute("aria-expanded", String(accounts.length > 0));
  }

  async function ask() {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    if (!text) return close();
    const answer = await fetch(`${box.dataset.picker}?q=${encodeURIComponent(text)}`);
    if (answer.ok && asked === text) show((await answer.json()).accounts);
  }

  input.addEventListener("input", () => {
    chosen.value = "";
    clearTimeout(wait);
    wait = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    if (list.hidden || !options.length) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((option, place) => option.setAttribute("aria-selected", String(place === next)));
      input.setAttribute("aria-activedescendant", options[next].id);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      choose(options[at]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) choose(option);
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("[data-picker]").forEach(picker);
