"""A scorecard version as the editor's form shows it."""

from __future__ import annotations

from typing import Any

from banso.health.types import Band


def plain(value: float | None) -> str:
    """A figure for an input field: no grouping, no needless decimals."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _measure(measure: dict[str, Any], metrics: dict[str, dict[str, Any]]) -> dict[str, Any]:
    metric = metrics.get(measure["key"], {"name": measure["key"], "unit": ""})
    return {
        "key": measure["key"],
        "name": metric["name"],
        "unit": metric["unit"],
        "weight": plain(measure["weight"]),
        "kind": measure["curve"]["kind"],
        "knots": [[plain(x), plain(y)] for x, y in measure["curve"]["points"]],
        "empty": measure["empty"],
        "empty_points": plain(measure["empty_points"]),
    }


def form_of(spec: dict[str, Any], metrics: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Context for the editor's templates.

    Args:
        spec: the version's JSON, see ``banso.health.rules.spec``.
        metrics: metric key to its name and unit in the reader's language.
    """
    return {
        "groups": [
            {
                **group,
                "weight": plain(group["weight"]),
                "measures": [_measure(measure, metrics) for measure in group["measures"]],
            }
            for group in spec["groups"]
        ],
        "bands": {key: plain(value) for key, value in spec["bands"].items()},
        "min_coverage": plain(round(100 * spec["min_coverage"], 6)),
        "actions": [{"band": band.value, **spec["actions"].get(band.value, {})} for band in Band],
        # What the templates show for a group, measure or point that is still to be filled in.
        "empty_group": {"key": "", "weight": "10", "measures": []},
        "empty_measure": {
            "key": "",
            "weight": "10",
            "kind": "linear",
            "empty": "leave_out",
            "knots": [],
        },
        "empty_knot": ["", ""],
    }
