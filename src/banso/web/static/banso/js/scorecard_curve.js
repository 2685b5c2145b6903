// The curve of one measure: drawn, dragged, moved by keys, and kept equal to its table of points.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 560;
const HEIGHT = 240;
const PAD = { left: 36, right: 16, top: 12, bottom: 28 };
const MOST = 20;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function make(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

/** A step of 1, 2 or 5 times a power of ten, about a hundredth of the span. */
export function niceStep(span) {
  const rough = Math.max(span, 1e-9) / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= rough);
}

const rounded = (value, step) => Number((Math.round(value / step) * step).toPrecision(12));

/** Points of a value on the curve, or null where a bounded curve says nothing. */
export function pointsAt(knots, kind, x) {
  const first = knots[0];
  const last = knots[knots.length - 1];
  if (x < first[0] || x > last[0]) {
    if (kind === "bounded") return null;
    return x < first[0] ? first[1] : last[1];
  }
  for (let i = 1; i < knots.length; i += 1) {
    const [x0, y0] = knots[i - 1];
    const [x1, y1] = knots[i];
    if (x <= x1) return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return last[1];
}

export const usable = (knots) =>
  knots.length >= 2 &&
  knots.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y) && x !== null && y !== null) &&
  knots.every(([x], i) => i === 0 || x > knots[i - 1][0]);

/** Where the drawing begins and ends: the knots, and real values not too far beyond them. */
function extent(knots, values) {
  const xs = knots.map(([x]) => x);
  const first = Math.min(...xs);
  const last = Math.max(...xs);
  const span = last - first || 1;
  let [low, high] = [first, last];
  if (values && values.low !== null) {
    low = Math.min(first, Math.max(values.low, first - 0.6 * span));
    high = Math.max(last, Math.min(values.high, last + 0.6 * span));
  }
  const air = (high - low || 1) * 0.06;
  return [low - air, high + air];
}

/** Draws into an svg element; `changed(knots)` is called for every move a person makes. */
export class CurveDrawing {
  constructor(svg, texts, changed) {
    this.svg = svg;
    this.texts = texts;
    this.changed = changed;
    this.selected = null;
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.addEventListener("dblclick", (event) => this.addAt(event));
  }

  show({ knots, kind, values, bands }) {
    Object.assign(this, { knots, kind, values, bands });
    if (!this.dragging) this.extent = extent(knots, values);
    this.draw();
  }

  x(value) {
    const [low, high] = this.extent;
    return PAD.left + ((value - low) / (high - low)) * (WIDTH - PAD.left - PAD.right);
  }

  y(points) {
    return PAD.top + (1 - points / 100) * (HEIGHT - PAD.top - PAD.bottom);
  }

  draw() {
    const focused = this.svg.contains(document.activeElement) ? this.selected : null;
    this.svg.replaceChildren();
    this.drawGround();
    this.drawHistogram();
    this.drawLine();
    this.knots.forEach((knot, i) => this.drawKnot(knot, i));
    if (focused !== null) this.handles?.[focused]?.focus();
  }

  drawGround() {
    const right = WIDTH - PAD.right;
    const borders = [0, this.bands.danger_to, this.bands.caution_to, 100];
    ["danger", "caution", "healthy"].forEach((band, i) => {
      const top = this.y(borders[i + 1]);
      make("rect", {
        class: "curve-band", "data-band": band, x: PAD.left, y: top,
        width: right - PAD.left, height: Math.max(0, this.y(borders[i]) - top),
      }, this.svg);
    });
    for (const points of [0, 25, 50, 75, 100]) {
      make("line", { class: "curve-grid", x1: PAD.left, x2: right, y1: this.y(points), y2: this.y(points) }, this.svg);
      make("text", { class: "curve-tick", x: PAD.left - 6, y: this.y(points) + 4, "text-anchor": "end" }, this.svg).textContent = points;
    }
    const [low, high] = this.extent;
    const step = niceStep((high - low) * 20);
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      make("text", { class: "curve-tick", x: this.x(tick), y: HEIGHT - 8, "text-anchor": "middle" }, this.svg)
        .textContent = Number(tick.toPrecision(10)).toLocaleString(document.documentElement.lang);
    }
  }

  drawHistogram() {
    const bars = this.values?.bars ?? [];
    const most = Math.max(...bars.map((bar) => bar.count), 1);
    for (const bar of bars) {
      const left = clamp(this.x(bar.from), PAD.left, WIDTH - PAD.right);
      const right = clamp(this.x(bar.to), PAD.left, WIDTH - PAD.right);
      const height = (bar.count / most) * (HEIGHT - PAD.top - PAD.bottom) * 0.4;
      make("rect", {
        class: "curve-bar", x: left + 0.5, y: this.y(0) - height,
        width: Math.max(0, right - left - 1), height,
      }, this.svg);
    }
  }

  drawLine() {
    const path = this.knots.map(([x, y]) => `${this.x(x)},${this.y(y)}`);
    make("polyline", { class: "curve-line", points: path.join(" ") }, this.svg);
    if (this.kind !== "linear") return;
    const first = this.knots[0];
    const last = this.knots[this.knots.length - 1];
    make("line", { class: "curve-beyond", x1: PAD.left, x2: this.x(first[0]), y1: this.y(first[1]), y2: this.y(first[1]) }, this.svg);
    make("line", { class: "curve-beyond", x1: this.x(last[0]), x2: WIDTH - PAD.right, y1: this.y(last[1]), y2: this.y(last[1]) }, this.svg);
  }

  drawKnot([x, y], i) {
    const words = this.texts.point.replace("%x", x).replace("%y", y);
    const handle = make("g", {
      class: "curve-knot", tabindex: 0, role: "slider", "aria-orientation": "vertical",
      "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": y, "aria-valuetext": words,
      "aria-label": this.texts.handle.replace("%n", i + 1), transform: `translate(${this.x(x)} ${this.y(y)})`,
    }, this.svg);
    make("circle", { class: "curve-grip", r: 16 }, handle);
    make("circle", { class: "curve-dot", r: 6 }, handle);
    handle.addEventListener("pointerdown", (event) => this.grab(event, i));
    handle.addEventListener("keydown", (event) => this.key(event, i));
    handle.addEventListener("focus", () => { this.selected = i; });
    if (i === 0) this.handles = [];
    this.handles[i] = handle;
  }

  place(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const [low, high] = this.extent;
    const x = low + ((point.x - PAD.left) / (WIDTH - PAD.left - PAD.right)) * (high - low);
    const y = (1 - (point.y - PAD.top) / (HEIGHT - PAD.top - PAD.bottom)) * 100;
    return [rounded(x, niceStep(high - low)), clamp(Math.round(y), 0, 100)];
  }

  grab(event, i) {
    event.preventDefault();
    this.selected = i;
    this.dragging = true;
    this.handles[i].focus();
    const move = (moved) => this.move(i, ...this.place(moved));
    const drop = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
      window.removeEventListener("pointercancel", drop);
      this.dragging = false;
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
    window.addEventListener("pointercancel", drop);
  }

  key(event, i) {
    const [x, y] = this.knots[i];
    const step = niceStep(this.extent[1] - this.extent[0]) * (event.shiftKey ? 10 : 1);
    const up = event.shiftKey ? 10 : 1;
    const moves = {
      ArrowUp: [x, y + up], ArrowDown: [x, y - up], ArrowRight: [x + step, y], ArrowLeft: [x - step, y],
      PageUp: [x, y + 10], PageDown: [x, y - 10], Home: [x, 0], End: [x, 100],
    };
    if (event.key === "Delete" || event.key === "Backspace") this.remove(i);
    else if (moves[event.key]) this.move(i, moves[event.key][0], moves[event.key][1]);
    else return;
    event.preventDefault();
  }

  /** Move a knot, keeping it between its neighbours and within 0 to 100 points. */
  move(i, x, y) {
    const step = niceStep(this.extent[1] - this.extent[0]);
    const left = i > 0 ? this.knots[i - 1][0] + step : -Infinity;
    const right = i < this.knots.length - 1 ? this.knots[i + 1][0] - step : Infinity;
    const knots = this.knots.map((knot) => [...knot]);
    knots[i] = [Number(clamp(x, left, right).toPrecision(12)), clamp(y, 0, 100)];
    this.selected = i;
    this.changed(knots);
  }

  remove(i) {
    if (this.knots.length <= 2) return;
    this.selected = Math.max(0, i - 1);
    this.changed(this.knots.filter((_, j) => j !== i));
  }

  addAt(event) {
    if (this.knots.length >= MOST || event.target.closest(".curve-knot")) return;
    const [x, y] = this.place(event);
    if (this.knots.some((knot) => knot[0] === x)) return;
    const knots = [...this.knots, [x, y]].sort((a, b) => a[0] - b[0]);
    this.selected = knots.findIndex((knot) => knot[0] === x);
    this.changed(knots);
  }
}

/** The small picture of a curve beside a measure's name. */
export function drawThumbnail(svg, knots) {
  svg.replaceChildren();
  if (!usable(knots)) return;
  const low = knots[0][0];
  const span = knots[knots.length - 1][0] - low;
  const path = knots.map(([x, y]) => `${4 + (56 * (x - low)) / span},${24 - y / 5}`);
  make("polyline", { class: "curve-line", points: `0,${24 - knots[0][1] / 5} ${path.join(" ")} 64,${24 - knots[knots.length - 1][1] / 5}` }, svg);
}

/** Ready-made curves between the low and the high end of the real values. */
export function preset(name, low, high) {
  const at = (share) => Number((low + (high - low) * share).toPrecision(6));
  if (name === "more") return [[at(0), 0], [at(1), 100]];
  if (name === "less") return [[at(0), 100], [at(1), 0]];
  if (name === "sweet") return [[at(0), 0], [at(0.35), 100], [at(0.65), 100], [at(1), 0]];
  return [[at(0), 0], [at(0.32), 0], [at(0.34), 50], [at(0.65), 50], [at(0.67), 100], [at(1), 100]];
}
