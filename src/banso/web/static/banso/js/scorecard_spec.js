// Between the form of the scorecard editor and the JSON of a scorecard version.

const number = (input) => (input && input.value.trim() !== "" ? Number(input.value) : null);
const text = (root, name) => root.querySelector(`[data-field="${name}"]`)?.value.trim() ?? "";
const field = (root, name) => root.querySelector(`[data-field="${name}"]`);

export const groupsOf = (form) => [...form.querySelectorAll("[data-group]")];
export const measuresOf = (root) => [...root.querySelectorAll("[data-measure]")];

/** The knots [value, points] typed in a measure's table, in the order of their values. */
export function knotsOf(measure) {
  return [...measure.querySelectorAll("[data-knot]")].map((row) => [
    number(field(row, "x")),
    number(field(row, "y")),
  ]);
}

function readMeasure(measure) {
  const counted = field(measure, "empty").value === "count_as";
  return {
    key: measure.dataset.key,
    weight: number(field(measure, "weight")),
    curve: { kind: field(measure, "kind").value, points: knotsOf(measure) },
    empty: counted ? "count_as" : "leave_out",
    empty_points: counted ? number(field(measure, "empty_points")) : null,
  };
}

function readGroup(group) {
  return {
    key: group.dataset.key,
    name_ja: text(group, "name_ja"),
    name_en: text(group, "name_en"),
    weight: number(field(group, "group_weight")),
    measures: measuresOf(group).map(readMeasure),
  };
}

/** The scorecard version that the form describes; what is not filled in is null. */
export function readSpec(form) {
  const coverage = number(field(form, "min_coverage"));
  const actions = {};
  for (const band of ["danger", "caution", "healthy"]) {
    actions[band] = { ja: text(form, `action_${band}_ja`), en: text(form, `action_${band}_en`) };
  }
  return {
    groups: groupsOf(form).map(readGroup),
    min_coverage: coverage === null ? null : coverage / 100,
    bands: { danger_to: number(field(form, "danger_to")), caution_to: number(field(form, "caution_to")) },
    actions,
  };
}

const sum = (items) => items.reduce((total, item) => total + (item.weight > 0 ? item.weight : 0), 0);
const percent = (part, total) => (total > 0 ? `${Math.round((1000 * part) / total) / 10} %` : "–");

/** Write beside every weight which share of the whole score it is. */
export function showShares(form, spec) {
  const total = sum(spec.groups);
  const groups = groupsOf(form);
  spec.groups.forEach((group, g) => {
    const inside = sum(group.measures);
    groups[g].querySelector("[data-group-share]").value = percent(group.weight, total);
    measuresOf(groups[g]).forEach((measure, m) => {
      const own = inside > 0 ? (group.weight * group.measures[m].weight) / inside : 0;
      measure.querySelector("[data-share]").value = percent(own, total);
    });
  });
  const shown = form.querySelector("[data-weight-sum]");
  if (shown) shown.value = String(Math.round(total * 100) / 100);
}

/** The element that a place such as groups[0].measures[1].curve names. */
export function elementAt(form, place) {
  const found = /^groups\[(\d+)\](?:\.measures\[(\d+)\])?(?:\.(.+))?$/.exec(place);
  if (!found) return field(form, place) ?? form.querySelector(`[data-place="${place}"]`);
  const group = groupsOf(form)[Number(found[1])];
  if (!group) return null;
  if (found[2] === undefined) {
    const name = found[3] === "weight" ? "group_weight" : found[3];
    return field(group, name) ?? group;
  }
  const measure = measuresOf(group)[Number(found[2])];
  return field(measure, found[3]) ?? measure;
}
