"""What a metric measures, said in one sentence, and the words of its parts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.health.selectors.metrics import dataset_specs

KINDS: dict[str, Any] = {
    "window": gettext_lazy("What happened in the last days"),
    "state": gettext_lazy("What holds on the day"),
    "ratio": gettext_lazy("One metric divided by another"),
    "change": gettext_lazy("Change of a metric against some days ago"),
    "greatest": gettext_lazy("The greatest of several metrics"),
}
WINDOW_AGGREGATIONS: dict[str, Any] = {
    "count": gettext_lazy("number of rows"),
    "sum": gettext_lazy("sum"),
    "average": gettext_lazy("average"),
    "distinct": gettext_lazy("number of different values"),
    "maximum": gettext_lazy("greatest value"),
    "days_since_last": gettext_lazy("days since the last row"),
    "latest": gettext_lazy("latest value"),
    "slope": gettext_lazy("slope per day"),
}
STATE_AGGREGATIONS: dict[str, Any] = {
    "count": gettext_lazy("number of rows"),
    "sum": gettext_lazy("sum"),
    "maximum": gettext_lazy("greatest value"),
    "minimum": gettext_lazy("least value"),
    "days_until": gettext_lazy("days until"),
    "days_since": gettext_lazy("days since"),
}
OPERATORS: dict[str, Any] = {
    "eq": pgettext_lazy("comparison", "is"),
    "ne": pgettext_lazy("comparison", "is not"),
    "in": pgettext_lazy("comparison", "is one of"),
    "not_in": pgettext_lazy("comparison", "is none of"),
    "gte": "≥",
    "lte": "≤",
    "gt": ">",
    "lt": "<",
}
#: Columns of the datasets that come ready; others are shown by their own names.
COLUMNS: dict[str, Any] = {
    "account_id": gettext_lazy("account"),
    "arr": "ARR",
    "day": gettext_lazy("day"),
    "events": gettext_lazy("events"),
    "feature": gettext_lazy("feature"),
    "features": gettext_lazy("features"),
    "from_day": gettext_lazy("first day"),
    "is_addon": gettext_lazy("add-on (1) or plan (0)"),
    "is_trial": gettext_lazy("trial (1) or paid (0)"),
    "kind": gettext_lazy("kind"),
    "minutes": gettext_lazy("minutes"),
    "mrr": "MRR",
    "points": gettext_lazy("points"),
    "priority": gettext_lazy("priority"),
    "score": gettext_lazy("score"),
    "seats": gettext_lazy("seats"),
    "seq": gettext_lazy("order within the day"),
    "started": gettext_lazy("start of the subscription"),
    "term_end": gettext_lazy("end of the term"),
    "ticket_id": gettext_lazy("ticket"),
    "to_day": gettext_lazy("day after the last"),
    "user_key": gettext_lazy("user"),
    "users": gettext_lazy("users"),
    "value": gettext_lazy("value"),
}


def column_word(name: str | None) -> str:
    """A column of a dataset."""
    return str(COLUMNS.get(name or "", name or ""))


def dataset_forms(language: str) -> dict[str, dict[str, Any]]:
    """What can be measured: dataset name to label, grain, and columns with their types."""
    return {
        spec.name: {
            "label": spec.label_ja if language == "ja" else spec.label_en,
            "grain": spec.grain,
            "columns": {name: kind for name, kind in spec.all_columns.items() if name != "seq"},
            "names": {name: column_word(name) for name in spec.all_columns},
        }
        for spec in dataset_specs().values()
    }


def sentence(
    definition: dict[str, Any], names: dict[str, str], datasets: dict[str, dict[str, Any]]
) -> str:
    """The definition in one sentence.

    Args:
        names: metric key to name in the reader's language.
        datasets: dataset name to ``{"label": …, "columns": …}``.
    """

    def word(part: Any) -> str:
        if isinstance(part, str):
            return _("“%(name)s”") % {"name": names.get(part, part)}
        return f"({sentence(part, names, datasets)})"

    definition = _bare(definition)
    kind = definition["kind"]
    if kind == "ratio":
        text = _("%(numerator)s ÷ %(denominator)s")
        parts = {side: word(definition[side]) for side in ("numerator", "denominator")}
        return text % parts + (" × 100" if definition.get("scale", 1) == 100 else "")
    if kind == "change":
        relative = definition.get("mode", "relative") == "relative"
        text = _("Change of %(of)s against %(days)d days ago")
        if relative:
            text = _("Change of %(of)s against %(days)d days ago, in percent")
        return text % {"of": word(definition["of"]), "days": definition["days"]}
    if kind == "greatest":
        shown = [part for part in definition["of"] if not _only_zero(part)]
        if len(shown) == 1:
            return word(shown[0])
        return _("The greatest of %(of)s") % {"of": _(", ").join(word(part) for part in shown)}
    return _leaf_sentence(definition, datasets)


def _bare(definition: dict[str, Any]) -> dict[str, Any]:
    """Without a divisor like x ÷ x, which is 1 and only asks that there are any rows."""
    below = definition.get("denominator")
    if not isinstance(below, dict) or below["kind"] != "ratio":
        return definition
    above = definition["numerator"]
    asks = below["numerator"] == below["denominator"]
    return _bare(above) if asks and isinstance(above, dict) else definition


def _only_zero(part: Any) -> bool:
    """Whether a part of a greatest is there only to turn “nothing lately” into zero.

    That is a count of some days ÷ the count of all time: between 0 and 1, and empty without rows.
    """
    if not isinstance(part, dict) or part["kind"] != "ratio":
        return False
    above, below = part["numerator"], part["denominator"]
    if not all(isinstance(one, dict) and one["kind"] == "window" for one in (above, below)):
        return False
    same = all(above[key] == below[key] for key in ("dataset", "aggregation"))
    return same and above["aggregation"] == "count" and below.get("window") is None


def _leaf_sentence(leaf: dict[str, Any], datasets: dict[str, dict[str, Any]]) -> str:
    window = leaf["kind"] == "window"
    words = WINDOW_AGGREGATIONS if window else STATE_AGGREGATIONS
    label = datasets.get(leaf["dataset"], {}).get("label", leaf["dataset"])
    what = str(words.get(leaf["aggregation"], leaf["aggregation"]))
    if leaf.get("column"):
        text = _("%(dataset)s: %(what)s of %(column)s")
        values = {"dataset": label, "what": what, "column": column_word(leaf["column"])}
    else:
        text, values = _("%(dataset)s: %(what)s"), {"dataset": label, "what": what}
    parts = [text % values]
    if window:
        parts.append(_span(leaf))
    parts += [_filter_words(item) for item in leaf.get("filters", ())]
    return _(", ").join(part for part in parts if part)


def _span(leaf: dict[str, Any]) -> str:
    if leaf.get("window") is None:
        return "" if leaf["aggregation"] == "days_since_last" else _("of all time")
    if leaf.get("offset"):
        text = _("in %(days)d days, ending %(offset)d days ago")
        return text % {"days": leaf["window"], "offset": leaf["offset"]}
    return _("in the last %(days)d days") % {"days": leaf["window"]}


def _filter_words(item: dict[str, Any]) -> str:
    value = item["value"]
    shown = " / ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    values = {"column": column_word(item["column"]), "op": OPERATORS.get(item["op"], item["op"])}
    return _("%(column)s %(op)s %(value)s") % {**values, "value": shown}
