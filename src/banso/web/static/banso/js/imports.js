// Imports: dropping a file with progress, and the live preview of the mapping.

const drop = document.querySelector("[data-drop]");
const mapping = document.querySelector("[data-mapping]");

/** Send the form with its file, showing how far the upload is, and open the page that answers. */
function send(form, file) {
  const progress = form.querySelector("[data-drop-progress]");
  const data = new FormData(form);
  data.set("file", file);
  form.querySelector("[data-drop-name]").textContent = file.name;
  progress.hidden = false;
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = event.loaded / event.total;
  });
  request.addEventListener("load", () => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const answer = page.querySelector("main");
    if (request.status < 400 || !answer) {
      window.location.assign(request.status < 400 ? request.responseURL : window.location.href);
      return;
    }
    document.querySelector("main").replaceWith(answer);
    listen(document.querySelector("[data-drop]"));
  });
  request.addEventListener("error", () => { progress.hidden = true; form.submit(); });
  request.send(data);
}

function listen(form) {
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => { if (input.files[0]) send(form, input.files[0]); });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => { event.preventDefault(); form.dataset.over = "yes"; });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => { delete form.dataset.over; });
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) send(form, event.dataTransfer.files[0]);
  });
}

/** Show the inputs that the choice in a row's first list needs. */
function arrange(row) {
  const choice = row.querySelector("[data-from]").value;
  row.querySelectorAll("[data-for]").forEach((input) => { input.hidden = input.dataset.for !== choice; });
  row.querySelector("[data-how]").hidden = choice === "";
}

let asked = 0;
async function preview() {
  asked += 1;
  const mine = asked;
  const response = await fetch(mapping.dataset.previewUrl, { method: "POST", body: new FormData(mapping) });
  const html = await response.text();
  if (mine === asked && response.ok) mapping.querySelector("[data-preview]").innerHTML = html;
}

listen(drop);
if (mapping) {
  let timer;
  const soon = (wait) => { clearTimeout(timer); timer = setTimeout(preview, wait); };
  mapping.addEventListener("change", (event) => {
    if (event.target.matches("[data-reload]")) { mapping.requestSubmit(); return; }
    if (event.target.matches("[data-from]")) arrange(event.target.closest("[data-field]"));
    soon(0);
  });
  mapping.addEventListener("input", (event) => {
    if (event.target.matches("input")) soon(400);
  });
  mapping.addEventListener("click", (event) => {
    const answer = event.target.closest("[data-answer]");
    if (!answer) return;
    const select = mapping.querySelector(`[name="${answer.dataset.answer}"]`);
    select.value = answer.dataset.value;
    soon(0);
  });
}
