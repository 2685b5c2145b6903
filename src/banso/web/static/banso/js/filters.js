/* The filter builder: nested and/or groups of conditions, drawn from the JSON in the dialog and
   written back into the form's hidden field. Without scripts the quick filters remain. */

const read = (id) => JSON.parse(document.getElementById(id).textContent);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

function start(root) {
  const fields = read("filter-fields");
  const words = read("filter-words");
  const operators = read("filter-operators");
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const output = root.querySelector('input[name="query"]');
  const stage = root.querySelector("[data-filter-stage]");
  let tree = output.value ? JSON.parse(output.value) : null;
  if (!tree || !(tree.and || tree.or)) tree = { and: tree?.field ? [tree] : [] };

  const kindOf = (group) => (group.or ? "or" : "and");
  const firstOperator = (field) => operators[field.type][0];

  function blank(key = fields[0].key) {
    return { field: key, op: firstOperator(byKey.get(key)).op, value: null };
  }

  function option(value, label, chosen) {
    return make("option", { value, selected: value === chosen }, label);
  }

  function fieldSelect(leaf, redraw) {
    const groups = new Map();
    for (const f of fields) groups.set(f.group, [...(groups.get(f.group) ?? []), f]);
    const select = make("select", {
      "aria-label": words.field,
      onchange: () => {
        delete leaf.days;
        Object.assign(leaf, blank(select.value));
        redraw();
      },
    });
    for (const [name, members] of groups) {
      select.append(make("optgroup", { label: name }, ...members.map((f) => option(f.key, f.label, leaf.field))));
    }
    return select;
  }

  function operatorSelect(leaf, field, redraw) {
    const select = make("select", {
      "aria-label": words.operator,
      onchange: () => {
        leaf.op = select.value;
        leaf.value = null;
        delete leaf.days;
        redraw();
      },
    });
    select.append(...operators[field.type].map((o) => option(o.op, o.label, leaf.op)));
    return select;
  }

  function input(type, value, set, more = {}) {
    const element = make("input", {
      type, value: value ?? "", "aria-label": words.value, step: type === "number" ? "any" : null, ...more,
      oninput: () => set(type === "number" ? (element.value === "" ? null : Number(element.value)) : element.value),
    });
    return element;
  }

  function valueInputs(leaf, field) {
    const shape = operators[field.type].find((o) => o.op === leaf.op)?.value ?? "one";
    const type = field.input;
    if (shape === "none") return [];
    if (shape === "two") {
      const pair = Array.isArray(leaf.value) ? leaf.value : (leaf.value = [null, null]);
      return [0, 1].map((at) => input(type, pair[at], (value) => { pair[at] = value; }));
    }
    if (shape === "days") {
      return [input("number", leaf.value, (value) => { leaf.value = value; }, { min: 1, step: 1 }), make("span", {}, words.days)];
    }
    if (shape === "change") {
      leaf.value ??= -20;
      leaf.days ??= 28;
      const days = make("select", { "aria-label": words.days, onchange: () => { leaf.days = Number(days.value); } },
        ...words.change_days.map((n) => option(n, n, leaf.days)));
      return [
        input("number", leaf.value, (value) => { leaf.value = value; }),
        make("span", {}, field.points ? words.points_over : words.percent_over), days, make("span", {}, words.days),
      ];
    }
    if (shape === "many") {
      const chosen = new Set(Array.isArray(leaf.value) ? leaf.value : (leaf.value = []));
      if (!field.options) {
        return [input("text", [...chosen].join(", "), (text) => {
          leaf.value = text.split(/[,、]/).map((part) => part.trim()).filter(Boolean);
        })];
      }
      return [make("span", { class: "chips" }, ...field.options.map(([value, label]) => {
        const chip = make("button", {
          type: "button", class: "chip", "aria-pressed": String(chosen.has(value)),
          onclick: () => {
            if (!chosen.delete(value)) chosen.add(value);
            leaf.value = [...chosen];
            chip.setAttribute("aria-pressed", String(chosen.has(value)));
          },
        }, label);
        return chip;
      }))];
    }
    if (field.options) {
      // Values keep their type: true and false are not texts.
      leaf.value ??= field.options[0]?.[0] ?? null;
      const select = make("select", {
        "aria-label": words.value,
        onchange: () => { leaf.value = field.options[select.selectedIndex][0]; },
      });
      select.append(...field.options.map(([value, label]) => option(value, label, leaf.value)));
      return [select];
    }
    return [input(type, leaf.value, (value) => { leaf.value = value; })];
  }

  function drawLeaf(leaf, parent, redraw) {
    const field = byKey.get(leaf.field) ?? fields[0];
    return make("div", { class: "filter-leaf" },
      fieldSelect(leaf, redraw),
      operatorSelect(leaf, field, redraw),
      make("span", { class: "filter-value" }, ...valueInputs(leaf, field)),
      removeButton(leaf, parent, redraw));
  }

  function removeButton(node, parent, redraw) {
    return make("button", {
      type: "button", class: "button", "data-variant": "quiet", "data-size": "small", "aria-label": words.remove,
      title: words.remove,
      onclick: () => {
        const list = parent[kindOf(parent)];
        list.splice(list.indexOf(node), 1);
        redraw();
      },
    }, "×");
  }

  function drawGroup(group, parent, redraw) {
    const list = group[kindOf(group)];
    const choice = make("select", {
      "aria-label": words.join,
      onchange: () => {
        delete group[kindOf(group)];
        group[choice.value] = list;
        redraw();
      },
    }, option("and", words.and, kindOf(group)), option("or", words.or, kindOf(group)));
    const add = (label, node) => make("button", {
      type: "button", class: "button", "data-size": "small", "data-variant": "quiet",
      onclick: () => { list.push(node()); redraw(); },
    }, label);
    return make("fieldset", { class: "filter-group" },
      make("div", { class: "row" }, choice, parent ? removeButton(group, parent, redraw) : null),
      ...list.map((node) => (node.and || node.or ? drawGroup(node, group, redraw) : drawLeaf(node, group, redraw))),
      make("div", { class: "row-wrap" },
        add(`+ ${words.add_condition}`, () => blank()),
        add(`+ ${words.add_group}`, () => ({ or: [blank()] }))));
  }

  function redraw() {
    stage.replaceChildren(drawGroup(tree, null, redraw));
  }

  const complete = (value) => value !== null && value !== "" && !(Array.isArray(value) && (!value.length || value.some((v) => v === null || v === "")));

  function pruned(node) {
    if (!(node.and || node.or)) {
      const field = byKey.get(node.field);
      const shape = operators[field?.type]?.find((o) => o.op === node.op)?.value;
      if (!field || (shape !== "none" && !complete(node.value))) return null;
      return shape === "none" ? { field: node.field, op: node.op } : node;
    }
    const kept = node[kindOf(node)].map(pruned).filter(Boolean);
    return kept.length ? { [kindOf(node)]: kept } : null;
  }

  root.addEventListener("submit", () => {
    const clean = pruned(tree);
    output.value = clean ? JSON.stringify(clean) : "";
    output.disabled = !clean;
  });
  if (!tree[kindOf(tree)].length) tree[kindOf(tree)].push(blank());
  redraw();
}

function startIn(part) {
  const root = part.querySelector?.("[data-filter-builder]");
  if (root) start(root);
}

startIn(document);
document.addEventListener("htmx:afterSwap", (event) => startIn(event.detail.target));
