// The scorecard editor: groups, measures, curves, weights; who would change band; saving.

import { CurveDrawing, drawThumbnail, preset, usable } from "./scorecard_curve.js";
import { ask, OVERTAKEN, PreviewPanel, UNREACHABLE } from "./scorecard_preview.js";
import { elementAt, groupsOf, knotsOf, measuresOf, readSpec, showShares } from "./scorecard_spec.js";

const form = document.querySelector("[data-scorecard]");
const json = (id) => JSON.parse(document.getElementById(id).textContent);
const template = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const field = (root, name) => root.querySelector(`[data-field="${name}"]`);

/** The form without what somebody typed before this script was there. */
function asServed() {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

class Editor {
  constructor() {
    this.texts = json("scorecard-texts");
    this.metrics = json("scorecard-metrics");
    this.values = {};
    this.drawings = new WeakMap();
    this.panel = new PreviewPanel(document.querySelector("[data-preview-panel]"));
    this.saved = JSON.stringify(readSpec(asServed()));
    measuresOf(form).forEach((measure) => this.redraw(measure));
    this.listen();
    this.changed(0);
  }

  listen() {
    form.addEventListener("input", (event) => {
      const measure = event.target.closest("[data-measure]");
      if (measure) this.redraw(measure);
      this.changed();
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-preset]")) this.usePreset(event.target);
      if (event.target.matches("[data-add-measure]")) this.addMeasure(event.target);
    });
    form.addEventListener("click", (event) => this.click(event));
    form.addEventListener("toggle", (event) => this.opened(event), true);
    form.addEventListener("submit", (event) => this.save(event));
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.dirty()) event.preventDefault();
    });
  }

  dirty() {
    return JSON.stringify(readSpec(form)) !== this.saved;
  }

  /** After every change: shares at once, the preview when the hands rest. */
  changed(wait = 250) {
    const spec = readSpec(form);
    showShares(form, spec);
    this.showChoices();
    const dirty = this.dirty();
    form.querySelectorAll("[data-needs-change]").forEach((button) => { button.disabled = !dirty; });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.preview(spec), wait);
  }

  async preview(spec) {
    this.panel.busy(true);
    const answer = await ask(form.dataset.previewUrl, form, { spec });
    if (answer === OVERTAKEN) return;
    if (answer === UNREACHABLE) {
      this.panel.say(this.texts.unreachable);
      return;
    }
    this.panel.show(answer);
    this.showProblems(answer.problems);
    const fresh = Object.keys(answer.values).some((key) => !(key in this.values));
    this.values = { ...this.values, ...answer.values };
    if (fresh) measuresOf(form).forEach((measure) => this.redraw(measure));
  }

  showProblems(problems) {
    form.querySelectorAll("[data-problem]").forEach((note) => note.remove());
    form.querySelectorAll("[aria-invalid]").forEach((input) => input.removeAttribute("aria-invalid"));
    for (const [place, sentence] of Object.entries(problems)) {
      const target = elementAt(form, place) ?? form.querySelector("[data-groups]");
      if (target.matches("input, select, textarea")) target.setAttribute("aria-invalid", "true");
      const note = template("problem-template");
      note.querySelector("[data-text]").textContent = sentence;
      if (target.matches("input, select, textarea, svg")) target.closest(".field, .sc-number, td, div").append(note);
      else target.prepend(note);
    }
  }

  /* Curves ----------------------------------------------------------------------------------- */

  redraw(measure) {
    const knots = knotsOf(measure);
    drawThumbnail(measure.querySelector("[data-thumbnail]"), knots);
    const counted = field(measure, "empty").value === "count_as";
    measure.querySelector("[data-counted]").hidden = !counted;
    if (!measure.querySelector("[data-curve-details]").open || !usable(knots)) return;
    if (!this.drawings.has(measure)) {
      const svg = measure.querySelector("svg[data-curve]");
      this.drawings.set(measure, new CurveDrawing(svg, this.texts, (moved) => this.setKnots(measure, moved)));
    }
    const spec = readSpec(form);
    this.drawings.get(measure).show({
      knots, kind: field(measure, "kind").value, values: this.values[measure.dataset.key], bands: spec.bands,
    });
  }

  setKnots(measure, knots) {
    const body = measure.querySelector("[data-knots]");
    const rows = [...body.querySelectorAll("[data-knot]")];
    while (rows.length > knots.length) rows.pop().remove();
    while (rows.length < knots.length) {
      const row = template("knot-template");
      body.append(row);
      rows.push(row);
    }
    knots.forEach(([x, y], i) => {
      field(rows[i], "x").value = x;
      field(rows[i], "y").value = y;
    });
    this.redraw(measure);
    this.changed();
  }

  usePreset(select) {
    const measure = select.closest("[data-measure]");
    const values = this.values[measure.dataset.key];
    const knots = knotsOf(measure).filter(([x]) => x !== null);
    let low = values?.low ?? knots[0]?.[0] ?? 0;
    let high = values?.high ?? knots.at(-1)?.[0] ?? 100;
    if (!(high > low)) { low = Math.min(low, 0); high = low + 10; }
    this.setKnots(measure, preset(select.value, low, high));
    select.value = "";
  }

  opened(event) {
    if (!event.target.matches("[data-curve-details]") || !event.target.open) return;
    this.redraw(event.target.closest("[data-measure]"));
  }

  /* Groups and measures ---------------------------------------------------------------------- */

  click(event) {
    const button = event.target.closest("button[data-do]");
    if (!button) return;
    const measure = button.closest("[data-measure]");
    const group = button.closest("[data-group]");
    const actions = {
      "add-knot": () => this.addKnot(measure),
      "remove-knot": () => this.removeKnot(measure, button.closest("[data-knot]")),
      "remove-measure": () => this.away(measure, group),
      "remove-group": () => this.away(group, form),
      "add-group": () => this.addGroup(),
      up: () => this.shift(measure ?? group, -1),
      down: () => this.shift(measure ?? group, 1),
    };
    actions[button.dataset.do]?.();
    this.changed();
  }

  addKnot(measure) {
    const knots = knotsOf(measure);
    const [before] = knots.at(-2) ?? [0];
    const [last, points] = knots.at(-1) ?? [1, 100];
    knots.push([last + (last - before || 1), points]);
    this.setKnots(measure, knots);
    field(measure.querySelector("[data-knots]").lastElementChild, "x").focus();
  }

  removeKnot(measure, row) {
    if (knotsOf(measure).length > 2) row.remove();
    this.redraw(measure);
  }

  away(element, next) {
    element.remove();
    next.querySelector("input, select, button")?.focus();
  }

  shift(element, by) {
    const other = by < 0 ? element.previousElementSibling : element.nextElementSibling;
    if (!other?.matches("[data-measure], [data-group]")) return;
    if (by < 0) other.before(element);
    else other.after(element);
    element.querySelector(`button[data-do="${by < 0 ? "up" : "down"}"]`).focus();
  }

  addGroup() {
    const group = template("group-template");
    const taken = new Set(groupsOf(form).map((item) => item.dataset.key));
    let n = taken.size + 1;
    while (taken.has(`group_${n}`)) n += 1;
    group.dataset.key = `group_${n}`;
    form.querySelector("[data-groups]").append(group);
    field(group, "name_ja").focus();
  }

  addMeasure(select) {
    const metric = this.metrics[select.value];
    if (!metric) return;
    const measure = template("measure-template");
    measure.dataset.key = select.value;
    measure.querySelector("[data-name]").textContent = metric.name;
    measure.querySelectorAll("[data-unit]").forEach((note) => { note.textContent = metric.unit; });
    select.closest("[data-group]").querySelector("[data-measures]").append(measure);
    select.value = "";
    const values = this.values[measure.dataset.key];
    const low = values?.low ?? 0;
    const high = values?.high > low ? values.high : low + 10;
    this.setKnots(measure, preset(metric.more_is_better === false ? "less" : "more", low, high));
    field(measure, "weight").focus();
  }

  /** A metric stands in a scorecard once: the lists offer only those that are not in it yet. */
  showChoices() {
    const used = new Set(measuresOf(form).map((measure) => measure.dataset.key));
    form.querySelectorAll("[data-add-measure] option").forEach((option) => {
      option.hidden = used.has(option.value);
      option.disabled = option.hidden;
    });
  }

  /* Saving ----------------------------------------------------------------------------------- */

  async save(event) {
    event.preventDefault();
    const button = form.querySelector("[data-save]");
    button.setAttribute("aria-busy", "true");
    const answer = await ask(form.dataset.saveUrl, form, {
      spec: readSpec(form), note: field(form, "note").value, base: Number(form.dataset.base),
    });
    button.removeAttribute("aria-busy");
    if (answer.url) {
      this.leaving = true;
      window.location.assign(answer.url);
      return;
    }
    if (answer === UNREACHABLE) {
      this.panel.say(this.texts.unreachable);
      return;
    }
    this.showProblems(answer.problems);
    this.panel.say(answer.message);
    form.querySelector("[data-problem]")?.scrollIntoView({ block: "center" });
  }
}

if (form) new Editor();
