"""Between the fields of the metric editor and the JSON of a metric's definition.

The editor has one set of fields for all kinds of metric; those that a kind does not need are left
out here. Definitions written out inside another one are kept as they are: the lists of metrics
offer them beside the named ones.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from banso.kit.errors import InvalidInputError
from banso.kit.json_text import read_json
from banso.kit.numbers import small_int

WINDOW, STATE, RATIO, CHANGE, GREATEST = "window", "state", "ratio", "change", "greatest"
INLINE = "{"
_WITHOUT_COLUMN = {"count", "days_since_last"}


def reference_value(reference: Any) -> str:
    """How a list of metrics names a metric: by key, or by the JSON of one written out inside."""
    if isinstance(reference, str):
        return reference
    return json.dumps(reference, ensure_ascii=False, sort_keys=True)


def _reference(text: str, field: str) -> Any:
    if not text:
        raise _needed(field)
    if not text.startswith(INLINE):
        return text
    try:
        return read_json(text)
    except InvalidInputError:
        raise _needed(field) from None


def _needed(field: str) -> InvalidInputError:
    message = _("This is needed.")
    return InvalidInputError(message, fields={field: message})


def _days(post: QueryDict, field: str, *, default: int | None = None) -> int:
    text = post.get(field, "").strip()
    if not text and default is not None:
        return default
    days = small_int(text)
    if days is None:
        message = _("A whole number of days is needed.")
        raise InvalidInputError(message, fields={field: message})
    return days


def _value(text: str, kind: str, field: str) -> Any:
    if kind not in ("int", "float"):
        return text
    try:
        number = float(text.replace(",", ""))
        if not isfinite(number):
            raise ValueError(text)
    except ValueError:
        message = _("“%(text)s” is not a number.") % {"text": text}
        raise InvalidInputError(message, fields={field: message}) from None
    return int(number) if number.is_integer() else number


def _filters(post: QueryDict, columns: dict[str, str]) -> list[dict[str, Any]]:
    """Filters from the rows of the form; a row without a column is no filter."""
    rows = zip(
        post.getlist("filter_column"),
        post.getlist("filter_op"),
        post.getlist("filter_value"),
        strict=False,
    )
    found = []
    for i, (column, op, text) in enumerate(rows):
        if not column:
            continue
        kind, place = columns.get(column, "text"), f"filters[{i}].value"
        if op in ("in", "not_in"):
            parts = [part.strip() for part in text.replace("、", ",").split(",")]
            value: Any = [_value(part, kind, place) for part in parts if part]
        else:
            value = _value(text.strip(), kind, place)
        found.append({"column": column, "op": op, "value": value})
    return found


def _leaf(post: QueryDict, kind: str, datasets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    dataset, aggregation = post.get("dataset", ""), post.get(f"{kind}_aggregation", "")
    if not dataset:
        raise _needed("dataset")
    columns = datasets.get(dataset, {}).get("columns", {})
    column = post.get("column") or None
    leaf: dict[str, Any] = {
        "kind": kind,
        "dataset": dataset,
        "aggregation": aggregation,
        "column": None if aggregation in _WITHOUT_COLUMN else column,
        "filters": _filters(post, columns),
    }
    if kind == WINDOW:
        leaf["window"] = None if post.get("all_time") else _days(post, "window")
        leaf["offset"] = _days(post, "offset", default=0)
    return leaf


def definition_of(post: QueryDict, datasets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The definition that a sent form describes.

    Raises:
        InvalidInputError: ``fields`` maps form fields to what is missing.
    """
    kind = post.get("kind", "")
    if kind in (WINDOW, STATE):
        return _leaf(post, kind, datasets)
    if kind == RATIO:
        return {
            "kind": RATIO,
            "numerator": _reference(post.get("numerator", ""), "numerator"),
            "denominator": _reference(post.get("denominator", ""), "denominator"),
            "scale": 100 if post.get("ratio_percent") else 1,
        }
    if kind == CHANGE:
        mode = "relative" if post.get("mode") == "relative" else "absolute"
        return {
            "kind": CHANGE,
            "of": _reference(post.get("change_of", ""), "change_of"),
            "days": _days(post, "change_days"),
            "mode": mode,
            "scale": 100 if mode == "relative" else 1,
        }
    if kind == GREATEST:
        chosen = [_reference(item, "greatest_of") for item in post.getlist("greatest_of") if item]
        if not chosen:
            raise _needed("greatest_of")
        return {"kind": GREATEST, "of": chosen}
    raise _needed("kind")


def fields_of(definition: dict[str, Any]) -> dict[str, Any]:
    """The editor's fields for a definition; the inverse of :func:`definition_of`."""
    kind = definition["kind"]
    fields: dict[str, Any] = {"kind": kind, "filters": [], "window": 28, "offset": 0}
    if kind in (WINDOW, STATE):
        fields |= {
            "dataset": definition["dataset"],
            f"{kind}_aggregation": definition["aggregation"],
            "column": definition["column"] or "",
            "filters": [{**item, "value": _shown(item["value"])} for item in definition["filters"]],
            "window": definition.get("window"),
            "all_time": kind == WINDOW and definition.get("window") is None,
            "offset": definition.get("offset", 0),
        }
    elif kind == RATIO:
        fields |= {
            "numerator": reference_value(definition["numerator"]),
            "denominator": reference_value(definition["denominator"]),
            "ratio_percent": definition["scale"] == 100,
        }
    elif kind == CHANGE:
        fields |= {
            "change_of": reference_value(definition["of"]),
            "change_days": definition["days"],
            "mode": definition["mode"],
        }
    else:
        fields["greatest_of"] = [reference_value(item) for item in definition["of"]]
    return fields


def _shown(value: Any) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
