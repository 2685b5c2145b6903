"""Queries over the book of business as database conditions."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce
from typing import Any
from uuid import UUID

import numpy as np
from babel.core import get_global
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from numpy.typing import NDArray

from banso.health.models import Pulse, Signal
from banso.health.rules.conditions import SCORE
from banso.health.rules.query import Condition, FieldKind, Node
from banso.health.rules.signals import COMPARE
from banso.health.selectors.columns import Floats, columns
from banso.health.selectors.portfolio.expressions import Among, JsonText
from banso.health.selectors.portfolio.fields import BAND_CHANGED, Field
from banso.health.types import SignalStatus
from banso.kit.money import currency_digits
from banso.kit.text import search_key
from banso.workspace.types import Actor

_COMPARE = {"eq": "exact", "gte": "gte", "lte": "lte", "gt": "gt", "lt": "lt"}
_PERCENT_SHARE = frozenset({"coverage"})


@dataclass(frozen=True)
class Builder:
    """Turns a query into conditions on pulses.

    Attributes:
        today: the day from which ``last_days`` and ``next_days`` count.
    """

    actor: Actor
    fields: Mapping[str, Field]
    today: date

    def apply(self, pulses: QuerySet[Pulse], node: Node) -> QuerySet[Pulse]:
        """The pulses for which the query holds."""
        annotations: dict[str, Any] = {}
        condition = self._q(node, annotations)
        return pulses.alias(**annotations).filter(condition) if condition else pulses

    def _q(self, node: Node, annotations: dict[str, Any]) -> Q:
        if isinstance(node, Condition):
            return self._condition(node, annotations)
        parts = [self._q(item, annotations) for item in node.items]
        join = operator.and_ if node.op == "and" else operator.or_
        return reduce(join, parts) if parts else Q()

    def _condition(self, item: Condition, annotations: dict[str, Any]) -> Q:
        field = self.fields[item.field]
        if item.op == "changed":
            return _changed(field, item)
        if field.kind is FieldKind.SIGNAL:
            return self._signal(item)
        if field.key == BAND_CHANGED:
            return band_changed() if item.value else ~band_changed()
        if field.kind is FieldKind.OWNER:
            return self._owner(field, item)
        if field.key == "search":
            return _search(field.path, item)
        if field.group == "metric":
            return _measured(field.path, item)
        if field.group == "attribute":
            return _text(_attribute(field, annotations), item)
        if field.key == "arr":
            return _money(item)
        if field.kind in (FieldKind.TEXT, FieldKind.CHOICE):
            return _text(field.path, item)
        if field.kind is FieldKind.DATE:
            return self._day(field.path, item)
        return _compared(field.path, _scaled(field, item))

    def _day(self, path: str, item: Condition) -> Q:
        match item.op:
            case "last_days":
                first = self.today - timedelta(days=item.value - 1)
                return Q(**{f"{path}__gte": first, f"{path}__lte": self.today})
            case "next_days":
                last = self.today + timedelta(days=item.value)
                return Q(**{f"{path}__gte": self.today, f"{path}__lte": last})
            case "on":
                return Q(**{path: item.value})
            case "before":
                return Q(**{f"{path}__lt": item.value})
            case "after":
                return Q(**{f"{path}__gt": item.value})
        return _compared(path, item)

    def _owner(self, field: Field, item: Condition) -> Q:
        if item.op in ("empty", "not_empty"):
            return Q(**{f"{field.path}__isnull": item.op == "empty"})
        values = item.value if isinstance(item.value, tuple) else (item.value,)
        me = self.actor.user_id if "me" in values else None
        mine = Q(pk__in=[]) if me is None else Q(**{field.path: me})
        uids = [value for value in values if _is_uid(value)]
        found = mine | Q(**{f"{field.path}__uid__in": uids}) if uids else mine
        return ~found if item.op == "is_not" else found

    def _signal(self, item: Condition) -> Q:
        live = Signal.objects.filter(
            account_id=OuterRef("pk"), status=SignalStatus.OPEN, rule__key=item.value
        )
        return Q(Exists(live)) if item.op == "has" else ~Q(Exists(live))


def _changed(field: Field, item: Condition) -> Q:
    """A fall or a rise by at least so much: in points of the score, else in percent."""
    towards = "lte" if item.value < 0 else "gte"
    key = field.metric or field.path
    found = columns([(key, 0), (key, item.days or 0)])
    now, then = found.values(key), found.values(key, item.days or 0)
    if key == SCORE:
        held = COMPARE[towards](np.round(now - then, 9), item.value)
    else:
        held = (then > 0) & COMPARE[towards](now, then * (1 + item.value / 100))
    return Q(Among("pk", found.account_ids[held]))


def _measured(key: str, item: Condition) -> Q:
    found = columns([(key, 0)])
    values = found.values(key)
    held = found.account_ids[_fulfilled(values, item)]
    # Accounts of which nothing is published yet have no value either.
    return ~Q(Among("pk", held)) if item.op == "empty" else Q(Among("pk", held))


def _fulfilled(values: Floats, item: Condition) -> NDArray[np.bool_]:
    """Where values fulfil a condition; for ``empty``, where they do not."""
    if item.op in ("empty", "not_empty"):
        return ~np.isnan(values)
    if item.op == "between":
        low, high = item.value
        return np.asarray((values >= low) & (values <= high))
    return np.asarray(COMPARE[item.op](values, item.value))


def band_changed() -> Q:
    """Whether an account is in another band than seven days ago; not where one is unknown."""
    return ~Q(band="") & ~Q(band_7="") & ~Q(band=F("band_7"))


def _attribute(field: Field, annotations: dict[str, Any]) -> str:
    # Names of columns are anything, so the annotation is called by a number instead.
    name = f"attribute_{len(annotations)}"
    annotations[name] = JsonText("account__attributes", field.path)
    return name


def _compared(path: str, item: Condition) -> Q:
    if item.op in ("empty", "not_empty"):
        return Q(**{f"{path}__isnull": item.op == "empty"})
    if item.op == "between":
        low, high = item.value
        return Q(**{f"{path}__gte": low, f"{path}__lte": high})
    return Q(**{f"{path}__{_COMPARE.get(item.op, 'exact')}": item.value})


def _scaled(field: Field, item: Condition) -> Condition:
    """A share is kept from 0 to 1 and read as percent."""
    if field.key not in _PERCENT_SHARE or item.value is None:
        return item
    pair = isinstance(item.value, tuple)
    value = tuple(one / 100 for one in item.value) if pair else item.value / 100
    return Condition(item.field, item.op, value)


def _text(path: str, item: Condition) -> Q:
    match item.op:
        case "empty":
            return Q(**{path: ""}) | Q(**{f"{path}__isnull": True})
        case "not_empty":
            return ~Q(**{path: ""}) & Q(**{f"{path}__isnull": False})
        case "contains":
            return Q(**{f"{path}__icontains": item.value})
        case "starts":
            return Q(**{f"{path}__istartswith": item.value})
        case "in":
            return Q(**{f"{path}__in": item.value})
        case "is":
            return Q(**{path: item.value})
    # What is not known is not the value either.
    unknown = Q(**{f"{path}__isnull": True})
    if item.op == "not_in":
        return unknown | ~Q(**{f"{path}__in": item.value})
    if item.op == "not_contains":
        return unknown | ~Q(**{f"{path}__icontains": item.value})
    return unknown | ~Q(**{path: item.value})


def _search(path: str, item: Condition) -> Q:
    """Every word occurs somewhere in the account's names, domain or numbers."""
    if item.op in ("empty", "not_empty"):
        return _text(path, item)
    values = item.value if isinstance(item.value, tuple) else (item.value,)
    found = Q(pk__in=[])
    for value in values:
        words = search_key(value).split()
        found |= reduce(operator.and_, (Q(**{f"{path}__contains": word}) for word in words), Q())
    return ~found if item.op in ("is_not", "not_contains") else found


def _money(item: Condition) -> Q:
    """Amounts are kept in minor units, whose size depends on the currency of the row."""
    if item.op in ("empty", "not_empty"):
        return Q(arr_minor=0) if item.op == "empty" else ~Q(arr_minor=0)
    by_digits = _currencies_by_digits()
    usual = ~Q(currency__in=[code for codes in by_digits.values() for code in codes])
    found = usual & _minor(item, 2)
    for digits, codes in by_digits.items():
        found |= Q(currency__in=codes) & _minor(item, digits)
    return found


def _minor(item: Condition, digits: int) -> Q:
    pair = isinstance(item.value, tuple)
    values = item.value if pair else (item.value,)
    minor = tuple(round(value * 10**digits) for value in values)
    return _compared("arr_minor", Condition(item.field, item.op, minor if pair else minor[0]))


@lru_cache(maxsize=1)
def _currencies_by_digits() -> dict[int, tuple[str, ...]]:
    """Currencies that do not have two decimals, by how many they have."""
    found: dict[int, list[str]] = {}
    for code in sorted(get_global("all_currencies")):
        digits = currency_digits(code)
        if digits != 2:
            found.setdefault(digits, []).append(code)
    return {digits: tuple(codes) for digits, codes in found.items()}


def _is_uid(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
