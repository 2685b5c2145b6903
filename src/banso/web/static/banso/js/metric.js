// The metric editor: shows the fields that a kind of metric needs, and says in words what it means.

const form = document.querySelector("[data-metric]");
const json = (id) => JSON.parse(document.getElementById(id).textContent || "{}");

class MetricEditor {
  constructor() {
    this.datasets = json("metric-datasets");
    this.show(json("metric-problems") || {});
    this.arrange();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.arrange());
    form.addEventListener("click", (event) => this.click(event));
    this.check();
  }

  get kind() {
    return form.elements.kind.value;
  }

  /** Show what the chosen kind, rows and calculation need; hide and disable the rest. */
  arrange() {
    form.querySelectorAll("[data-kinds]").forEach((part) => {
      const wanted = part.dataset.kinds.split(" ").includes(this.kind);
      part.hidden = !wanted;
    });
    const grain = this.kind === "state" ? "interval" : "event";
    const dataset = form.elements.dataset;
    for (const option of dataset.options) {
      option.hidden = option.disabled = Boolean(option.dataset.grain) && option.dataset.grain !== grain;
    }
    if (dataset.selectedOptions[0]?.disabled) dataset.value = "";
    this.fillColumns();
    const how = form.elements[`${this.kind}_aggregation`]?.value;
    const column = form.querySelector("[data-needs-column]");
    column.hidden = ["count", "days_since_last"].includes(how);
    // Last, when it is settled what is hidden: what nobody sees is not sent.
    form.querySelectorAll("[data-kinds] :is(input, select)").forEach((input) => {
      input.disabled = Boolean(input.closest("[hidden]"));
    });
    form.elements.window.disabled ||= form.elements.all_time.checked;
  }

  fillColumns() {
    const dataset = this.datasets[form.elements.dataset.value];
    const how = form.elements[`${this.kind}_aggregation`]?.value;
    form.querySelectorAll("[data-columns]").forEach((select) => {
      const kept = select.dataset.value;
      const filter = Boolean(select.closest("[data-filter]"));
      const options = Object.entries(dataset?.columns ?? {}).filter(([, type]) => filter || this.fits(type, how));
      select.replaceChildren(new Option("–", ""));
      for (const [name] of options) select.append(new Option(dataset.names[name], name, false, name === kept));
      select.onchange = () => { select.dataset.value = select.value; };
    });
  }

  fits(type, how) {
    if (how === "distinct") return true;
    if (how === "days_until" || how === "days_since") return type === "day";
    return type === "int" || type === "float";
  }

  click(event) {
    if (event.target.closest("[data-add-filter]")) {
      const row = document.getElementById("filter-template").content.firstElementChild.cloneNode(true);
      form.querySelector("[data-filters]").append(row);
      this.fillColumns();
      row.querySelector("select").focus();
    }
    const away = event.target.closest("[data-remove-filter]");
    if (away) {
      away.closest("[data-filter]").remove();
      this.changed();
    }
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), 300);
  }

  async check() {
    this.asked = (this.asked ?? 0) + 1;
    const mine = this.asked;
    try {
      const response = await fetch(form.getAttribute("data-check-url"), { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (mine !== this.asked) return;
      form.querySelector("[data-sentence]").textContent = answer.sentence;
      // Nobody is told that a field is missing before it has been touched.
      if (this.touched || !form.hasAttribute("data-new")) this.show(answer.problems);
      this.touched = true;
    } catch {
      form.querySelector("[data-sentence]").textContent = "";
    }
  }

  show(problems) {
    form.querySelectorAll("[data-problem]").forEach((note) => note.remove());
    for (const [place, text] of Object.entries(problems)) {
      const filter = /^filters\[(\d+)\]/.exec(place);
      const name = place.split(".")[0];
      const target = filter
        ? form.querySelectorAll("[data-filter]")[Number(filter[1])]
        : form.querySelector(`[data-place="${name}"]`) ?? form.querySelector(`[data-place="${this.kind}_${name}"]`);
      if (!target) continue;
      const note = document.getElementById("problem-template").content.firstElementChild.cloneNode(true);
      note.querySelector("[data-text]").textContent = text;
      target.append(note);
    }
  }
}

if (form) new MetricEditor();
