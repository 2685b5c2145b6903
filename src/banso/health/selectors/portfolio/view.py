"""A query read and bound to an actor: what pages, exports and bulk actions work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from django.db.models import F, Q, QuerySet

from banso.health.models import Pulse
from banso.health.rules.query import Condition, Group, Node
from banso.health.rules.query_reading import parse
from banso.health.selectors.columns import columns
from banso.health.selectors.portfolio.conditions import Builder
from banso.health.selectors.portfolio.expressions import JsonText
from banso.health.selectors.portfolio.fields import (
    ATTRIBUTE,
    DEFAULT_COLUMNS,
    DEFAULT_SORT,
    METRIC,
    Field,
    fields_for,
    forms,
)
from banso.health.selectors.wording import worded
from banso.workspace.selectors import business_day
from banso.workspace.types import Actor

OWNER_PATHS = {"cs_owner": "account__cs_owner__name", "sales_owner": "account__sales_owner__name"}


@dataclass(frozen=True)
class View:
    """A query read and bound to an actor: what pages, exports and bulk actions work on."""

    actor: Actor
    fields: Mapping[str, Field]
    query: Group
    columns: list[Field]
    sort: str
    today: date

    @property
    def is_costly(self) -> bool:
        """Whether the database is better asked once, for the ids of all accounts that match.

        Filtering and sorting by the company's own columns reads JSON of every account, and metrics
        are not sorted by the database at all.
        """
        key = self.sort.removeprefix("-")
        return any(one.startswith(ATTRIBUTE) for one in (*_keys(self.query), key)) or (
            key.startswith(METRIC)
        )

    @cached_property
    def pulses(self) -> QuerySet[Pulse]:
        """The matching pulses that the actor may see, without order."""
        found = visible_pulses(self.actor)
        return Builder(self.actor, self.fields, self.today).apply(found, self.query)

    def ids(self, start: int = 0, end: int | None = None) -> list[int]:
        """The matching accounts in order, or a part of them; what is empty always comes last."""
        field = self.fields[self.sort.removeprefix("-")]
        descending = self.sort.startswith("-")
        if field.group == "metric":
            return self._by_metric(field.path, descending)[start:end]
        expression = _order(field)
        last = expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)
        return list(self.pulses.order_by(last, "pk").values_list("pk", flat=True)[start:end])

    def _by_metric(self, key: str, descending: bool) -> list[int]:
        ids = np.array(list(self.pulses.values_list("pk", flat=True)), dtype=np.int64)
        values = columns([(key, 0)]).of(ids).values(key)
        # NaN is sorted last in both directions.
        order = np.lexsort((ids, -values if descending else values))
        return [int(one) for one in ids[order].tolist()]


def view(
    actor: Actor,
    query: object = None,
    *,
    sort: str = DEFAULT_SORT,
    columns: Sequence[str] = DEFAULT_COLUMNS,
) -> View:
    """Read what somebody asked for.

    Columns that are not there any more are left out; an unknown order falls back to the default:
    saved segments must survive a metric that was archived.

    Raises:
        InvalidInputError: the query cannot be read; ``fields`` says where and why.
    """
    fields = fields_for(actor, [*columns, sort.removeprefix("-"), *fields_named(query)])
    read = worded(lambda data: parse(data, forms(fields)), query)
    key = sort.removeprefix("-")
    if key not in fields or not fields[key].can_sort:
        sort = DEFAULT_SORT
    shown = [fields[key] for key in dict.fromkeys(columns) if key in fields]
    return View(actor, fields, read, shown, sort, business_day())


def visible_pulses(actor: Actor) -> QuerySet[Pulse]:
    """The pulses of the accounts that the actor may see."""
    if not actor.restricted:
        return Pulse.objects.order_by()
    return Pulse.objects.order_by().filter(
        Q(account__cs_owner_id=actor.user_id) | Q(account__sales_owner_id=actor.user_id)
    )


def _keys(node: Node) -> list[str]:
    if isinstance(node, Condition):
        return [node.field]
    return [key for item in node.items for key in _keys(item)]


def fields_named(query: object) -> list[str]:
    """The keys of the fields that occur anywhere in a query that has not been read yet."""
    if isinstance(query, Mapping):
        key = query.get("field")
        inside = [name for value in query.values() for name in fields_named(value)]
        return [*inside, key] if isinstance(key, str) else inside
    if isinstance(query, list):
        return [name for item in query for name in fields_named(item)]
    return []


def _order(field: Field) -> Any:
    if field.group == "attribute":
        return JsonText("account__attributes", field.path)
    return F(OWNER_PATHS.get(field.key, field.path))
