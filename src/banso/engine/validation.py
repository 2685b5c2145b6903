"""Check a definition against the other metrics and the datasets it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from banso.engine.datasets import NUMERIC, ColumnType, DatasetSpec
from banso.engine.definitions import (
    Change,
    Definition,
    Filter,
    Greatest,
    Leaf,
    Ratio,
    Reference,
    State,
    Window,
)
from banso.engine.planning import Catalogue, inline
from banso.kit.errors import InvalidInputError
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_WITHOUT_COLUMN = frozenset({"count", "days_since_last"})
_OF_DAYS = frozenset({"days_until", "days_since"})
_OLDEST_YEAR = 1900
_Problem = tuple[str, str]


def validate(
    definition: Definition,
    catalogue: Catalogue,
    datasets: Mapping[str, DatasetSpec],
    *,
    key: str | None = None,
) -> None:
    """Check that a definition can be evaluated.

    Args:
        key: the key under which it is (to be) kept, so that circles through itself are found.

    Raises:
        InvalidInputError: with one entry of ``fields`` per problem: place → what is wrong.
    """
    problems = dict(_problems(definition, datasets, ""))
    if key is not None and not _KEY.fullmatch(key):
        problems["key"] = Sentence(_("“%(key)s” is not lower-case letters, digits and _."), key=key)
    if not problems:
        inline(catalogue, definition, () if key is None else (key,))
        return
    raise InvalidInputError(
        " ".join(f"{place}: {problem}" for place, problem in problems.items()),
        code="invalid-metric",
        fields=problems,
    )


def _problems(
    node: Definition, datasets: Mapping[str, DatasetSpec], path: str
) -> Iterator[_Problem]:
    if isinstance(node, Window | State):
        yield from _leaf_problems(node, datasets, path)
        return
    for step, reference in _references(node):
        if not isinstance(reference, str):
            yield from _problems(reference, datasets, f"{path}{step}.")


def _references(node: Ratio | Change | Greatest) -> Iterator[tuple[str, Reference]]:
    match node:
        case Ratio(numerator, denominator):
            yield "numerator", numerator
            yield "denominator", denominator
        case Change(of):
            yield "of", of
        case Greatest(of):
            yield from ((f"of[{i}]", item) for i, item in enumerate(of))


def _leaf_problems(
    leaf: Leaf, datasets: Mapping[str, DatasetSpec], path: str
) -> Iterator[_Problem]:
    spec = datasets.get(leaf.dataset)
    if spec is None:
        known = ", ".join(sorted(datasets))
        problem = _("there is no dataset “%(name)s”; there are %(known)s.")
        yield f"{path}dataset", Sentence(problem, name=leaf.dataset, known=known)
        return
    kind, grain = ("window", "event") if isinstance(leaf, Window) else ("state", "interval")
    if spec.grain != grain:
        problem = _("%(name)s holds %(held)s rows; a %(kind)s metric needs %(needed)s rows.")
        yield (
            f"{path}dataset",
            Sentence(problem, name=spec.name, held=spec.grain, kind=kind, needed=grain),
        )
        return
    if wrong := _column_problem(leaf, spec):
        yield f"{path}column", wrong
    if isinstance(leaf, Window) and leaf.aggregation == "slope" and (leaf.window or 0) < 2:
        yield f"{path}window", _("a slope needs a window of at least 2 days.")
    for i, item in enumerate(leaf.filters):
        yield from _filter_problems(item, spec, f"{path}filters[{i}].")


def _column_problem(leaf: Leaf, spec: DatasetSpec) -> str | None:
    if leaf.aggregation in _WITHOUT_COLUMN:
        takes_none = Sentence(_("%(how)s takes no column."), how=leaf.aggregation)
        return takes_none if leaf.column else None
    if leaf.column is None:
        return Sentence(_("%(how)s needs a column."), how=leaf.aggregation)
    found = spec.all_columns.get(leaf.column)
    if found is None:
        return _no_column(leaf.column, spec)
    wanted: frozenset[ColumnType] = frozenset({"day"}) if leaf.aggregation in _OF_DAYS else NUMERIC
    if leaf.aggregation != "distinct" and found not in wanted:
        return Sentence(
            _("%(how)s needs a column of %(wanted)s, not %(type)s."),
            how=leaf.aggregation,
            wanted=" / ".join(sorted(wanted)),
            type=found,
        )
    return None


def _no_column(name: str, spec: DatasetSpec) -> str:
    return Sentence(
        _("%(dataset)s has no column “%(name)s”; it has %(columns)s."),
        dataset=spec.name,
        name=name,
        columns=", ".join(spec.all_columns),
    )


def _filter_problems(item: Filter, spec: DatasetSpec, path: str) -> Iterator[_Problem]:
    column_type = spec.all_columns.get(item.column)
    if column_type is None:
        yield f"{path}column", _no_column(item.column, spec)
        return
    if column_type == "text" and item.op in ("gte", "lte", "gt", "lt"):
        problem = _("%(op)s does not apply to the text column %(column)s.")
        yield f"{path}op", Sentence(problem, op=item.op, column=item.column)
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    for value in values:
        if not _fits(value, column_type):
            problem = _("%(value)s does not compare with a %(type)s column.")
            yield f"{path}value", Sentence(problem, value=repr(value), type=column_type)


def _fits(value: object, column_type: ColumnType) -> bool:
    if column_type in NUMERIC:
        return not isinstance(value, str)
    if not isinstance(value, str):
        return False
    if column_type == "text":
        return "\x00" not in value
    try:
        return date.fromisoformat(value).year >= _OLDEST_YEAR
    except ValueError:
        return False
