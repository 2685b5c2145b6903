"""Read the JSON of a query, naming every place where something is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from banso.health.rules.problems import refuse
from banso.health.rules.query import (
    ALL,
    CHANGE_DAYS,
    DEEPEST,
    LONGEST_TEXT,
    MOST_CONDITIONS,
    MOST_VALUES,
    NUMERIC,
    OPERATORS,
    PRESENCE,
    Condition,
    FieldForm,
    FieldKind,
    Group,
    Node,
)
from banso.kit.messages import gettext_noop as _

NOT_AN_OBJECT = _("A condition or a group is needed here.")
NOT_A_LIST = _("A group is a list of conditions.")
TOO_MANY = _("A filter has at most fifty conditions.")
TOO_DEEP = _("Groups can be nested five deep.")
UNKNOWN_ENTRY = _("This entry is not known.")
UNKNOWN_FIELD = _("There is no such field.")
UNKNOWN_OPERATOR = _("This field cannot be compared in that way.")
NO_TEXT = _("A text of at most 300 characters is needed.")
NO_LIST = _("A list of at least one and at most five hundred texts is needed.")
NO_NUMBER = _("A number is needed.")
NO_PAIR = _("Two values are needed, the lower one first.")
NO_DAY = _("A day is needed, written as 2026-04-01.")
NO_DAYS = _("A number of days from 1 to 3660 is needed.")
NO_FLAG = _("Yes or no is needed.")
BAD_CHANGE_DAYS = _("A change can be asked over 1, 3, 7, 14, 28, 30 or 90 days.")
NO_CHANGE = _("A change other than 0 is needed.")


def parse(data: object, forms: Mapping[str, FieldForm]) -> Group:
    """Read a query.

    Args:
        forms: the fields there are, by key.

    Raises:
        InvalidInputError: ``fields`` maps every place, such as ``and[0].value``, to the sentence
            that says what is wrong there.
    """
    reader = _Reader(forms)
    found = reader.root(data)
    refuse(reader.problems, "invalid-filter")
    return found


class _Reader:
    """Collects problems, so that all are found in one go."""

    def __init__(self, forms: Mapping[str, FieldForm]) -> None:
        self.forms = forms
        self.problems: dict[str, str] = {}
        self.conditions = 0

    def root(self, data: object) -> Group:
        if data is None or data == {}:
            return ALL
        node = self.node(data, "", 1)
        if isinstance(node, Group):
            return node if node.items else ALL
        return Group("and", (node,) if node else ())

    def node(self, data: object, place: str, depth: int) -> Node | None:
        if not isinstance(data, Mapping):
            self.refuse(place, NOT_AN_OBJECT)
            return None
        for op in ("and", "or"):
            if op in data:
                return self.group(data, op, place, depth)
        return self.condition(data, place)

    def group(
        self, data: Mapping[str, Any], op: Literal["and", "or"], place: str, depth: int
    ) -> Group:
        here = f"{place}.{op}" if place else op
        if len(data) > 1:
            self.refuse(here, UNKNOWN_ENTRY)
        if depth > DEEPEST:
            self.refuse(here, TOO_DEEP)
            return ALL
        if not isinstance(data[op], list):
            self.refuse(here, NOT_A_LIST)
            return ALL
        nodes = (self.node(item, f"{here}[{i}]", depth + 1) for i, item in enumerate(data[op]))
        return Group(op, tuple(node for node in nodes if node is not None))

    def condition(self, data: Mapping[str, Any], place: str) -> Condition | None:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            self.refuse(place, TOO_MANY)
            return None
        if unknown := sorted(set(map(str, data)) - {"field", "op", "value", "days"}):
            self.refuse(_step(place, unknown[0]), UNKNOWN_ENTRY)
        key, op = data.get("field"), data.get("op")
        form = self.forms.get(key) if isinstance(key, str) else None
        if form is None or not isinstance(key, str):
            self.refuse(_step(place, "field"), UNKNOWN_FIELD)
            return None
        if op == "changed" and form.has_earlier:
            return self.change(key, data, place)
        if not isinstance(op, str) or op not in OPERATORS[form.kind]:
            self.refuse(_step(place, "op"), UNKNOWN_OPERATOR)
            return None
        if op in PRESENCE:
            return Condition(key, op)
        value, problem = _value(form.kind, op, data.get("value"))
        if problem:
            self.refuse(_step(place, "value"), problem)
            return None
        return Condition(key, op, value)

    def change(self, key: str, data: Mapping[str, Any], place: str) -> Condition | None:
        value, days = _number(data.get("value")), data.get("days", 28)
        if not value:
            self.refuse(_step(place, "value"), NO_CHANGE)
        if isinstance(days, bool) or days not in CHANGE_DAYS:
            self.refuse(_step(place, "days"), BAD_CHANGE_DAYS)
            return None
        return Condition(key, "changed", value, days) if value else None

    def refuse(self, place: str, text: str) -> None:
        self.problems.setdefault(place or "filter", text)


def _step(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _value(kind: FieldKind, op: str, value: object) -> tuple[Any, str]:
    """The value as the operator needs it, or what is wrong with it."""
    if op == "between":
        return _pair(_day if kind is FieldKind.DATE else _number, value)
    if op in ("in", "not_in"):
        return _texts(value)
    if op in ("last_days", "next_days"):
        days = _number(value)
        whole = days is not None and days.is_integer() and 1 <= days <= 3660
        return (int(days or 0), "") if whole else (None, NO_DAYS)
    readers: dict[FieldKind, tuple[Callable[[object], Any], str]] = {
        FieldKind.DATE: (_day, NO_DAY),
        FieldKind.FLAG: (_flag, NO_FLAG),
        **dict.fromkeys(NUMERIC, (_number, NO_NUMBER)),
    }
    reader, problem = readers.get(kind, (_text, NO_TEXT))
    found = reader(value)
    return found, "" if found is not None else problem


def _pair(reader: Callable[[object], Any], value: object) -> tuple[Any, str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None, NO_PAIR
    low, high = reader(value[0]), reader(value[1])
    if low is None or high is None or low > high:
        return None, NO_PAIR
    return (low, high), ""


def _texts(value: object) -> tuple[Any, str]:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_VALUES:
        return None, NO_LIST
    texts = [_text(item) for item in value]
    return (tuple(texts), "") if None not in texts else (None, NO_LIST)


def _text(value: object) -> str | None:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT and "\0" not in value
    return value if fits else None  # type: ignore[return-value]


def _number(value: object) -> float | None:
    """A number, or a text that is one, as forms send it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e15 else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None
