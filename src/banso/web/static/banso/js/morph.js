/* Brings a part of the page to what the server says now, touching only what differs.

   What a person is doing stays: focus, typed text, ticked boxes, opened details and dialogs,
   scrolling. Elements keep their identity by id or data-key, else by their order. */

/* Set by scripts or by the browser, not by the server. */
const OWN = new Set(["open", "data-cursor", "data-fresh", "aria-busy"]);
/* Different in every answer without meaning anything. */
const NOISE = "input[name=csrfmiddlewaretoken]";

const keyOf = (node) => (node instanceof Element ? node.id || node.dataset?.key || "" : "");

function syncAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/* Whether a person has typed or chosen something that is not sent yet. */
export function isDirty(field) {
  if (field instanceof HTMLSelectElement) {
    return [...field.options].some((option) => option.selected !== option.defaultSelected);
  }
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

function keptAsItIs(old) {
  if (old.matches(NOISE)) return true;
  if (!old.matches("input, select, textarea")) return false;
  return old === document.activeElement || isDirty(old);
}

/* A chart is drawn again only when its figures differ. */
function refreshChart(old, fresh, told) {
  const data = 'script[type="application/json"]';
  const [before, after] = [old.querySelector(data), fresh.querySelector(data)];
  if (!before || !after || before.textContent === after.textContent) return;
  before.textContent = after.textContent;
  for (const part of [".chart-head", ".chart-twin"]) {
    const [shown, now] = [old.querySelector(part), fresh.querySelector(part)];
    if (shown && now) morph(shown, now, () => {});
  }
  old.querySelector(".chart-canvas")?.setAttribute(
    "aria-label", fresh.querySelector(".chart-canvas")?.getAttribute("aria-label") ?? "");
  old.dispatchEvent(new CustomEvent("banso:chart", { bubbles: true }));
  told(old);
}

function sameKind(old, fresh) {
  return old?.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
}

function morphNode(old, fresh, told) {
  if (old instanceof Element) return morph(old, fresh, told);
  if (old.nodeValue === fresh.nodeValue) return;
  const visible = old.nodeType === Node.TEXT_NODE && old.nodeValue.trim() !== fresh.nodeValue.trim();
  old.nodeValue = fresh.nodeValue;
  if (visible && old.parentElement) told(old.parentElement);
}

/* The first of the old nodes that can become this one; nodes with a key are found anywhere. */
function match(fresh, at, keyed) {
  const key = keyOf(fresh);
  if (key) return sameKind(keyed.get(key), fresh) ? keyed.get(key) : null;
  let old = at;
  while (old && keyOf(old)) old = old.nextSibling;
  return sameKind(old, fresh) ? old : null;
}

function morphChildren(old, fresh, told) {
  const keyed = new Map([...old.children].filter(keyOf).map((child) => [keyOf(child), child]));
  const keepsRows = old.hasAttribute("data-live-keep");
  const used = new Set();
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    while (at && used.has(at)) at = at.nextSibling;
    if (keepsRows && !keyOf(child)) continue;
    const found = match(child, at, keyed);
    if (found) {
      used.add(found);
      if (found === at) at = at.nextSibling;
      else old.insertBefore(found, at);
      morphNode(found, child, told);
    } else {
      const added = document.importNode(child, true);
      used.add(added);
      old.insertBefore(added, at);
      if (added instanceof HTMLElement) told(added, true);
    }
  }
  if (!keepsRows) for (const left of [...old.childNodes]) if (!used.has(left)) remove(left);
}

/* What somebody is in the middle of stays until the next time. */
function remove(node) {
  if (node instanceof Element && node.contains(document.activeElement)) return;
  node.remove();
}

/* told(element, isNew) is called for every element whose text changed, or that is new. */
export function morph(old, fresh, told) {
  if (keptAsItIs(old)) return;
  if (old.matches("[data-chart]")) return refreshChart(old, fresh, told);
  syncAttributes(old, fresh);
  if (old instanceof HTMLTextAreaElement) {
    if (old.value !== fresh.value) old.value = old.defaultValue = fresh.defaultValue;
    return;
  }
  morphChildren(old, fresh, told);
}
