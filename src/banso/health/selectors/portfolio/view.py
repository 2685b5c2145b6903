"""A query read and bound to an actor: what pages, exports and bulk actions work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from banso.health.models import Pulse
from banso.health.rules.query import Condition, Group, Node
from banso.health.rules.query_reading import parse
from banso.health.selectors.portfolio.conditions import Builder
from banso.health.selectors.portfolio.fields import (
    ATTRIBUTE,
    DEFAULT_COLUMNS,
    DEFAULT_SORT,
    METRIC,
    Field,
    fields_for,
    forms,
)
from banso.health.selectors.portfolio.json_values import JsonNumber, JsonText
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
        """Whether filtering or sorting reads JSON of every account."""
        keys = [*_keys(self.query), self.sort.removeprefix("-")]
        return any(key.startswith((METRIC, ATTRIBUTE)) for key in keys)

    def pulses(self) -> QuerySet[Pulse]:
        """The matching pulses that the actor may see, without order."""
        found = visible_pulses(self.actor)
        return Builder(self.actor, self.fields, self.today).apply(found, self.query)

    def ordered(self) -> QuerySet[Pulse]:
        """The matching pulses in order; what is empty comes last either way."""
        field = self.fields[self.sort.removeprefix("-")]
        found, expression = self.pulses(), _order(field)
        descending = self.sort.startswith("-")
        last = expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)
        return found.order_by(last, "pk")


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
    if field.group == "metric":
        return JsonNumber("metrics", field.path)
    if field.group == "attribute":
        return JsonText("account__attributes", field.path)
    return F(OWNER_PATHS.get(field.key, field.path))
