"""Between the rows of the signal editor and the JSON of a rule's conditions."""

from __future__ import annotations

from math import isfinite
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.kit.errors import InvalidInputError
from banso.kit.numbers import small_int
from banso.web.formats import metric_value
from banso.workspace.selectors import company

METRIC, SCORE, SCORE_CHANGE, BAND_DROP = "metric", "score", "score_change", "band_drop"
KINDS: dict[str, Any] = {
    METRIC: gettext_lazy("A metric"),
    SCORE: gettext_lazy("The score"),
    SCORE_CHANGE: gettext_lazy("The change of the score"),
    BAND_DROP: gettext_lazy("A fall to a worse band"),
}
OPERATORS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "eq": "="}
_COLUMNS = ("kind", "metric", "op", "value", "days")


def _number(text: str, place: str) -> float | int:
    try:
        value = float(text.replace(",", ""))
        if not isfinite(value):
            raise ValueError(text)
    except ValueError:
        message = _("“%(text)s” is not a number.") % {"text": text}
        raise InvalidInputError(message, fields={place: message}) from None
    return int(value) if value.is_integer() else value


def _days(text: str, place: str, default: int) -> int:
    if not text:
        return default
    days = small_int(text)
    if days is None or days < 0:
        message = _("A whole number of days is needed.")
        raise InvalidInputError(message, fields={place: message})
    return days


def _condition(row: dict[str, str], place: str) -> dict[str, Any]:
    kind = row["kind"]
    if kind == BAND_DROP:
        return {BAND_DROP: _days(row["days"], f"{place}.band_drop", 28)}
    value = _number(row["value"], f"{place}.value")
    if kind == SCORE_CHANGE:
        days = _days(row["days"], f"{place}.score_change", 28)
        return {SCORE_CHANGE: days, "op": row["op"], "value": value}
    days = _days(row["days"], f"{place}.for_days", 1)
    lasting = {"for_days": days} if days > 1 else {}
    if kind == SCORE:
        return {SCORE: row["op"], "value": value, **lasting}
    return {METRIC: row["metric"], "op": row["op"], "value": value, **lasting}


def rows_of_post(post: QueryDict) -> list[dict[str, str]]:
    """The rows as typed, without those in which no kind was chosen."""
    columns = [post.getlist(f"condition_{name}") for name in _COLUMNS]
    rows = (dict(zip(_COLUMNS, cells, strict=True)) for cells in zip(*columns, strict=False))
    return [{key: cell.strip() for key, cell in row.items()} for row in rows if row["kind"]]


def conditions_of(post: QueryDict) -> dict[str, Any]:
    """The conditions that a sent form describes.

    Raises:
        InvalidInputError: ``fields`` maps places such as ``all[0].value`` to what is wrong.
    """
    rows = rows_of_post(post)
    found = [_condition(row, f"all[{i}]") for i, row in enumerate(rows)]
    return {"all": found, "show": [key for key in post.getlist("show") if key]}


def rows_of(conditions: dict[str, Any]) -> list[dict[str, str]]:
    """The editor's rows for a rule's conditions; the inverse of :func:`conditions_of`."""
    rows = []
    for item in conditions["all"]:
        kind = next(kind for kind in KINDS if kind in item)
        days = item[kind] if kind in (SCORE_CHANGE, BAND_DROP) else item.get("for_days", "")
        rows.append(
            {
                "kind": kind,
                "metric": item.get(METRIC, ""),
                "op": item[SCORE] if kind == SCORE else item.get("op", "gte"),
                "value": "" if "value" not in item else f"{item['value']:g}",
                "days": str(days),
            }
        )
    return rows


def sentence(conditions: dict[str, Any], names: dict[str, str], units: dict[str, str]) -> str:
    """The conditions in words.

    Args:
        names: metric key to name in the reader's language.
        units: metric key to unit.
    """
    return _(" and ").join(_words(item, names, units) for item in conditions["all"])


def _words(item: dict[str, Any], names: dict[str, str], units: dict[str, str]) -> str:
    if BAND_DROP in item:
        return _("the band is worse than %(days)d days ago") % {"days": item[BAND_DROP]}
    unit = units.get(item.get(METRIC, ""), "number")
    # Only money asks for the company; the guide words the rules without one.
    currency = company().currency if unit == "money" else ""
    value = metric_value(item["value"], unit, currency)
    if SCORE_CHANGE in item:
        values = {"days": item[SCORE_CHANGE], "op": OPERATORS[item["op"]], "value": value}
        return _("the score's change in %(days)d days %(op)s %(value)s") % values
    if SCORE in item:
        text = _("the score %(op)s %(value)s") % {"op": OPERATORS[item[SCORE]], "value": value}
    else:
        name = names.get(item[METRIC], item[METRIC])
        text = _("%(metric)s %(op)s %(value)s") % {
            "metric": name,
            "op": OPERATORS[item["op"]],
            "value": value,
        }
    if item.get("for_days", 1) > 1:
        text = _("%(condition)s for %(days)d days") % {
            "condition": text,
            "days": item["for_days"],
        }
    return text
