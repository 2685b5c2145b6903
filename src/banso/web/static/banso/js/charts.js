/* Live charts. The specification lies in the page as JSON; colours come from the design tokens, so
   that a chart follows light, dark and print. The library is loaded only where a chart is. */

const LIBRARY = document.querySelector("script[data-library]")?.dataset.library;
const views = new Map();
let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = LIBRARY;
    script.onload = () => resolve(window.vegaEmbed);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

/* Resolves light-dark() and var() to a plain colour by letting the browser compute it. */
function colour(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const TOKENS = [
  "accent", "danger", "caution", "healthy", "none", "ink", "ink-2", "ink-3", "line", "surface",
  "accent-soft", "series-1", "series-2", "series-3", "series-4", "series-5", "series-6",
];

/* Specifications name colours as "token:danger"; everything else passes through. */
function themed(node, tokens) {
  if (typeof node === "string") {
    return node.startsWith("token:") ? tokens[node.slice(6)] ?? node : node;
  }
  if (Array.isArray(node)) return node.map((child) => themed(child, tokens));
  if (node && typeof node === "object") {
    return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, themed(v, tokens)]));
  }
  return node;
}

function config(tokens) {
  const font = getComputedStyle(document.body).fontFamily;
  const text = { labelColor: tokens["ink-2"], titleColor: tokens["ink-2"], labelFont: font, titleFont: font };
  return {
    font,
    background: "transparent",
    view: { stroke: "transparent" },
    axis: {
      ...text, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 500, gridColor: tokens.line,
      domainColor: tokens.line, tickColor: tokens.line, labelPadding: 6,
    },
    legend: { ...text, labelFontSize: 12, titleFontSize: 11, orient: "top", symbolType: "square" },
    header: text,
    range: { category: [1, 2, 3, 4, 5, 6].map((n) => tokens[`series-${n}`]) },
    line: { strokeWidth: 2, strokeJoin: "round" },
    point: { size: 36, filled: true },
    bar: { cornerRadius: 2 },
    rule: { color: tokens["ink-3"] },
    text: { color: tokens["ink-2"], font },
    rect: { stroke: null },
  };
}

/* A chart that is there already stays in sight until the new drawing is done. */
function ground(figure) {
  const canvas = figure.querySelector(".chart-canvas:not(.chart-next)");
  if (!canvas?.hasChildNodes()) return canvas;
  const next = canvas.cloneNode(false);
  next.classList.add("chart-next");
  canvas.after(next);
  return next;
}

const drawings = new Map();

async function draw(figure) {
  const source = figure.querySelector('script[type="application/json"]');
  const canvas = source && ground(figure);
  if (!canvas) return;
  drawings.set(figure, canvas);
  const embed = await load();
  const tokens = Object.fromEntries(TOKENS.map((name) => [name, colour(name)]));
  const spec = themed(JSON.parse(source.textContent), tokens);
  const { view } = await embed(canvas, { ...spec, autosize: { type: "fit", contains: "padding" } }, {
    ast: true,
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    config: config(tokens),
    tooltip: { disableDefaultStyle: true },
  });
  // Meanwhile a later drawing may have begun, which then is the one to be seen.
  if (drawings.get(figure) !== canvas) {
    view.finalize();
    canvas.remove();
    return;
  }
  for (const other of figure.querySelectorAll(".chart-canvas")) if (other !== canvas) other.remove();
  canvas.classList.remove("chart-next");
  views.get(figure)?.finalize();
  views.set(figure, view);
}

function drawAll(root = document) {
  for (const figure of root.querySelectorAll?.("[data-chart]") ?? []) draw(figure).catch(console.error);
}

function download(name, href) {
  const link = document.createElement("a");
  link.download = name;
  link.href = href;
  link.click();
}

function csv(table) {
  const cell = (text) => `"${text.trim().replaceAll('"', '""')}"`;
  const lines = [...table.rows].map((row) => [...row.cells].map((c) => cell(c.textContent)).join(","));
  // The mark at the front lets Excel read it as UTF-8.
  return new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" });
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-save]") : null;
  const figure = button?.closest("[data-chart]");
  if (!figure) return;
  const name = `${figure.dataset.chart || "chart"}.${button.dataset.save}`;
  if (button.dataset.save === "csv") {
    const url = URL.createObjectURL(csv(figure.querySelector("table")));
    download(name, url);
    URL.revokeObjectURL(url);
  } else {
    const view = views.get(figure);
    if (view) download(name, await view.toImageURL(button.dataset.save, 2));
  }
  button.closest("details").open = false;
});

drawAll();
document.addEventListener("banso:chart", (event) => draw(event.target).catch(console.error));
document.addEventListener("htmx:afterSwap", (event) => drawAll(event.detail.target));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
