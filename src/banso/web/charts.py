"""Charts: a Vega-Lite specification together with the same figures as a table.

A specification names colours as ``token:danger``; the page's script replaces them with the design
tokens of the theme in force. Pages hand a :class:`Chart` to the component ``<c-chart>``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from banso.web import formats
from banso.web.formats import locale
from banso.web.time_axis import time_axis

#: Up to where the axis of small counts goes at least, so that its marks are whole.
SMALL_COUNT = 5
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
BAND_TOKENS = {"danger": "token:danger", "caution": "token:caution", "healthy": "token:healthy"}
Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart as a page shows it.

    Args:
        key: name of the saved file.
        title: what the chart shows.
        description: one sentence for readers who cannot see it.
        spec: the Vega-Lite specification, data included.
        columns: headings of the table twin.
        rows: the same figures, already worded for reading.
    """

    key: str
    title: str
    description: str
    spec: dict[str, Any]
    columns: Sequence[str] = ()
    rows: Sequence[Row] = field(default_factory=list)

    @property
    def body(self) -> SafeString:
        """The rows of the table twin; joined here, because a template takes 40 µs for each cell."""
        return mark_safe("".join(map(_table_row, self.rows)))  # noqa: S308 - cells are escaped


def _table_row(row: Row) -> str:
    first, *rest = (escape(str(cell)) for cell in row)
    cells = "".join(f'<td class="num">{cell}</td>' for cell in rest)
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


@dataclass(frozen=True, slots=True)
class Series:
    """One line, area or set of bars: a name and a value per x, null where there is none."""

    name: str
    values: Sequence[float | None]
    token: str = ""


def time_chart(
    *,
    key: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    mark: str = "line",
    description: str = "",
    y_domain: tuple[float, float] | None = None,
    marks: Sequence[tuple[date, str]] = (),
    day_label: str = "",
    height: int = 200,
) -> Chart:
    """Values over days as ``line``, ``area`` (stacked), ``steps`` or ``bar``.

    With ``steps`` a value holds until the next day that has one.

    Args:
        marks: days to be marked with a rule and a word, such as a new version of a scorecard.
        y_domain: fixed range of the axis, such as (0, 100) for scores.
    """
    layers: list[dict[str, Any]] = [_time_layer(days, series, mark, y_domain)]
    if mark == "line":
        layers.append(_hover_layer(series))
    if marks:
        layers.extend(_mark_layers(marks))
    spec = {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "data": {"values": _long(days, series)},
        "layer": layers,
    }
    table = [
        [formats.day(day), *(formats.number(s.values[i], 2) for s in series)]
        for i, day in enumerate(days)
    ]
    return Chart(key, title, description or title, spec, [day_label, *_names(series)], table)


def bar_chart(
    *,
    key: str,
    title: str,
    names: Sequence[str],
    values: Sequence[float | None],
    tokens: Sequence[str] = (),
    description: str = "",
    name_label: str = "",
    value_label: str = "",
) -> Chart:
    """One upright bar per name, in the order given."""
    rows = [
        {"name": name, "value": value, "token": tokens[i] if tokens else "token:accent"}
        for i, (name, value) in enumerate(zip(names, values, strict=True))
    ]
    along = {"field": "name", "type": "nominal", "sort": None, "title": None}
    spec = {
        "$schema": SCHEMA,
        "width": "container",
        "height": 200,
        "data": {"values": rows},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {**along, "axis": {"labelAngle": 0}},
            "y": {"field": "value", "type": "quantitative", "title": None},
            "color": {"field": "token", "type": "nominal", "scale": None},
            "tooltip": [{"field": "name"}, {"field": "value", "format": ",.4~r"}],
        },
    }
    table = [[name, formats.number(v, 2)] for name, v in zip(names, values, strict=True)]
    return Chart(key, title, description or title, spec, [name_label, value_label], table)


def day_tooltip(name: str = "day") -> dict[str, Any]:
    """The tooltip field of a day, worded in the language of the page."""
    pattern = "%Y年%-m月%-d日" if locale() == "ja" else "%b %-d, %Y"
    return {"field": name, "type": "temporal", "format": pattern, "title": " "}


def _time_layer(
    days: Sequence[date],
    series: Sequence[Series],
    mark: str,
    y_domain: tuple[float, float] | None,
) -> dict[str, Any]:
    y: dict[str, Any] = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "axis": {"tickCount": 5},
    }
    if y_domain:
        y["scale"] = {"domain": list(y_domain)}
    elif _small_counts(series):
        y["scale"] = {"domainMax": SMALL_COUNT}
    return {
        "mark": _mark(mark),
        "encoding": {
            "x": {"field": "day", "type": "temporal", "axis": time_axis(days)},
            "y": y,
            "color": _colours(series),
            **({"tooltip": _tooltips()} if mark != "line" else {}),
        },
    }


def _small_counts(series: Sequence[Series]) -> bool:
    """Whether all values are small counts; an axis up to their greatest would show halves."""
    known = [value for one in series for value in one.values if value is not None]
    return all(float(v).is_integer() and 0 <= v < SMALL_COUNT for v in known)


def _mark(mark: str) -> dict[str, Any]:
    if mark == "area":
        return {"type": "area", "line": True, "fillOpacity": 0.15}
    if mark == "steps":
        return {"type": "area", "line": True, "fillOpacity": 0.15, "interpolate": "step-after"}
    gaps = {"invalid": "break-paths-show-domains"} if mark == "line" else {}
    return {"type": mark, **gaps}


def _hover_layer(series: Sequence[Series]) -> dict[str, Any]:
    """Points that show themselves, with their figures, near the pointer."""
    return {
        "params": [
            {
                "name": "hover",
                "select": {
                    "type": "point",
                    "on": "pointerover",
                    "nearest": True,
                    "clear": "pointerout",
                },
            }
        ],
        "mark": {"type": "point", "filled": True, "size": 48},
        "encoding": {
            "x": {"field": "day", "type": "temporal"},
            "y": {"field": "value", "type": "quantitative"},
            "color": _colours(series),
            "opacity": {"condition": {"param": "hover", "empty": False, "value": 1}, "value": 0},
            "tooltip": _tooltips(),
        },
    }


def _mark_layers(marks: Sequence[tuple[date, str]]) -> list[dict[str, Any]]:
    data = {"values": [{"day": _iso(day), "word": word} for day, word in marks]}
    x = {"field": "day", "type": "temporal"}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeDash": [3, 3]},
            "encoding": {"x": x, "tooltip": [day_tooltip(), {"field": "word", "title": " "}]},
        },
        {
            "data": data,
            "mark": {"type": "text", "align": "center", "baseline": "bottom", "fontSize": 10},
            "encoding": {"x": x, "y": {"value": -3}, "text": {"field": "word"}},
        },
    ]


def _colours(series: Sequence[Series]) -> dict[str, Any]:
    tokens = [s.token or f"token:series-{i % 6 + 1}" for i, s in enumerate(series)]
    return {
        "field": "series",
        "type": "nominal",
        "title": None,
        "scale": {"domain": _names(series), "range": tokens},
        "legend": {} if len(series) > 1 else None,
    }


def _tooltips() -> list[dict[str, Any]]:
    return [
        day_tooltip(),
        {"field": "series", "type": "nominal", "title": "  "},
        {"field": "value", "type": "quantitative", "format": ",.4~r", "title": "   "},
    ]


def _long(days: Sequence[date], series: Sequence[Series]) -> list[dict[str, Any]]:
    return [
        {"day": _iso(day), "series": s.name, "value": _plain(s.values[i])}
        for s in series
        for i, day in enumerate(days)
    ]


def _names(series: Sequence[Series]) -> list[str]:
    return [s.name for s in series]


def _iso(day: date) -> str:
    # A time makes the browser read the day in the reader's zone instead of as midnight UTC.
    return f"{day.isoformat()}T00:00:00"


def _plain(value: float | None) -> float | None:
    if value is None or value != value:
        return None
    return round(float(value), 4)
