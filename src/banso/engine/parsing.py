"""From the JSON of a metric to its definition, naming the place of whatever is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, get_args

from banso.engine.definitions import (
    DEEPEST_NESTING,
    LONGEST_DAYS,
    Change,
    ChangeMode,
    Definition,
    Filter,
    Greatest,
    Operator,
    Ratio,
    Reference,
    Scalar,
    State,
    StateAggregation,
    Window,
    WindowAggregation,
)
from banso.kit.errors import InvalidInputError
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _


def refuse(path: str, problem: str, remedy: str = "") -> NoReturn:
    """Raise the error of one place in a definition; an empty path means the whole of it."""
    place = path or "definition"
    raise InvalidInputError(
        f"{place}: {problem}", code="invalid-metric", remedy=remedy, fields={place: problem}
    )


def parse(data: object, path: str = "") -> Definition:
    """Read a definition from its JSON object.

    Args:
        data: the decoded JSON.
        path: where the object stands in a larger document; prefixed to places in messages.

    Raises:
        InvalidInputError: something is missing, unknown or out of range; ``fields`` maps the
            place, such as ``numerator.filters[0].op``, to what is wrong there.
    """
    return _definition(data, path, 1)


def _definition(data: object, path: str, depth: int) -> Definition:
    if not isinstance(data, Mapping):
        refuse(path, Sentence(_("a metric is a JSON object, not %(value)s."), value=_shown(data)))
    if depth > DEEPEST_NESTING:
        refuse(
            path, Sentence(_("metrics are nested more than %(depth)s deep."), depth=DEEPEST_NESTING)
        )
    kind = _choice(data, "kind", tuple(_KINDS), path)
    allowed, build = _KINDS[kind]
    unknown = sorted(str(key) for key in data if key not in allowed and key != "kind")
    if unknown:
        refuse(
            _at(path, unknown[0]),
            Sentence(_("a %(kind)s metric has no such entry."), kind=kind),
            Sentence(_("It has %(entries)s."), entries=", ".join(allowed)),
        )
    return build(data, path, depth)


def _window(data: Mapping[str, Any], path: str, depth: int) -> Window:
    window = None
    if data.get("window") is not None:
        window = _days(data, "window", path, least=1)
    return Window(
        _text(data, "dataset", path),
        _choice(data, "aggregation", get_args(WindowAggregation), path),
        _optional_text(data, "column", path),
        window,
        _days(data, "offset", path, least=0) if data.get("offset") is not None else 0,
        _filters(data, path),
    )


def _state(data: Mapping[str, Any], path: str, depth: int) -> State:
    return State(
        _text(data, "dataset", path),
        _choice(data, "aggregation", get_args(StateAggregation), path),
        _optional_text(data, "column", path),
        _filters(data, path),
    )


def _ratio(data: Mapping[str, Any], path: str, depth: int) -> Ratio:
    return Ratio(
        _reference(data, "numerator", path, depth),
        _reference(data, "denominator", path, depth),
        _scale(data, path),
    )


def _change(data: Mapping[str, Any], path: str, depth: int) -> Change:
    mode: ChangeMode = "relative"
    if "mode" in data:
        mode = _choice(data, "mode", get_args(ChangeMode), path)
    return Change(
        _reference(data, "of", path, depth),
        _days(data, "days", path, least=1),
        mode,
        _scale(data, path),
    )


def _greatest(data: Mapping[str, Any], path: str, depth: int) -> Greatest:
    items = data.get("of")
    place = _at(path, "of")
    if not isinstance(items, list) or not items:
        refuse(place, _("a list of at least one metric is needed."))
    return Greatest(
        tuple(_referenced(item, f"{place}[{i}]", depth) for i, item in enumerate(items))
    )


_Builder = Callable[[Mapping[str, Any], str, int], Definition]
_KINDS: dict[str, tuple[tuple[str, ...], _Builder]] = {
    "window": (("dataset", "aggregation", "column", "window", "offset", "filters"), _window),
    "state": (("dataset", "aggregation", "column", "filters"), _state),
    "ratio": (("numerator", "denominator", "scale"), _ratio),
    "change": (("of", "days", "mode", "scale"), _change),
    "greatest": (("of",), _greatest),
}


def _filters(data: Mapping[str, Any], path: str) -> tuple[Filter, ...]:
    items = data.get("filters")
    place = _at(path, "filters")
    if items is None:
        return ()
    if not isinstance(items, list):
        refuse(place, Sentence(_("filters are a list, not %(value)s."), value=_shown(items)))
    return tuple(_filter(item, f"{place}[{i}]") for i, item in enumerate(items))


def _filter(data: object, path: str) -> Filter:
    if not isinstance(data, Mapping):
        refuse(path, Sentence(_("a filter is a JSON object, not %(value)s."), value=_shown(data)))
    op: Operator = _choice(data, "op", get_args(Operator), path)
    value = data.get("value")
    place = _at(path, "value")
    if op in ("in", "not_in"):
        if not isinstance(value, list) or not value:
            refuse(place, Sentence(_("“%(op)s” needs a list of at least one value."), op=op))
        items = tuple(_scalar(item, f"{place}[{i}]") for i, item in enumerate(value))
        return Filter(_text(data, "column", path), op, items)
    return Filter(_text(data, "column", path), op, _scalar(value, place))


def _scalar(value: object, path: str) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        refuse(
            path, Sentence(_("a text or a number is needed, not %(value)s."), value=_shown(value))
        )
    if not isinstance(value, str) and not (math.isfinite(value) and abs(value) < 2**63):
        refuse(path, Sentence(_("%(value)s is not a number one can compare with."), value=value))
    return value


def _reference(data: Mapping[str, Any], key: str, path: str, depth: int) -> Reference:
    return _referenced(data.get(key), _at(path, key), depth)


def _referenced(value: object, path: str, depth: int) -> Reference:
    if isinstance(value, str) and value:
        return value
    if not isinstance(value, Mapping):
        refuse(path, _("the key of a metric, or a metric written out, is needed."))
    return _definition(value, path, depth + 1)


def _text(data: Mapping[str, Any], key: str, path: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        refuse(_at(path, key), _("a name is needed here."))
    return value


def _optional_text(data: Mapping[str, Any], key: str, path: str) -> str | None:
    return None if data.get(key) is None else _text(data, key, path)


def _choice(data: Mapping[str, Any], key: str, choices: tuple[str, ...], path: str) -> Any:
    value = data.get(key)
    if value not in choices:
        unknown = Sentence(_("%(value)s is not known here."), value=_shown(value))
        problem = unknown if key in data else _("this is missing.")
        remedy = Sentence(_("Use one of %(choices)s."), choices=", ".join(choices))
        refuse(_at(path, key), problem, remedy)
    return value


def _days(data: Mapping[str, Any], key: str, path: str, *, least: int) -> int:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(
            _at(path, key),
            Sentence(_("a whole number of days is needed, not %(value)s."), value=_shown(value)),
        )
    if not least <= value <= LONGEST_DAYS:
        refuse(
            _at(path, key),
            Sentence(
                _("%(value)s days are outside %(least)s to %(most)s."),
                value=value,
                least=least,
                most=LONGEST_DAYS,
            ),
        )
    return value


def _scale(data: Mapping[str, Any], path: str) -> float:
    value = data.get("scale", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(
            _at(path, "scale"),
            Sentence(_("a number is needed, not %(value)s."), value=_shown(value)),
        )
    if not math.isfinite(value) or value == 0:
        refuse(_at(path, "scale"), Sentence(_("%(value)s cannot scale a metric."), value=value))
    return float(value)


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: object) -> str:
    if value is None:
        return Sentence(_("nothing"))
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
