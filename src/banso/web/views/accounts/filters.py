"""What the address of the account list asks for, as one query."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.health.selectors.portfolio import DEFAULT_SORT, has_customers
from banso.kit.errors import InvalidInputError
from banso.kit.json_text import read_json
from banso.kit.numbers import small_int
from banso.web.reader import Reader

#: The list shows score, band word, change and sparkline together in the column ``band``.
DEFAULT_COLUMNS = (
    "name",
    "band",
    "arr",
    "renewal_on",
    "active_users",
    "last_active_on",
    "risks_open",
    "cs_owner",
)
COLUMNS_KEPT_AS = "account_columns"
#: No renewal is looked for further ahead.
MOST_DAYS = 36_500
QUICK = ("q", "band", "owner", "segment", "lifecycle", "renewal", "customer")
RENEWAL_DAYS = (30, 60, 90, 180)
NO_BAND = "none"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Filters:
    """Quick filters, the query built by hand or saved, order and columns.

    Attributes:
        quick: name to value; ``band`` to a tuple of bands.
        built: the query from the filter builder, or of the chosen segment.
        segment: the saved segment that was chosen.
    """

    quick: Mapping[str, Any]
    built: Json
    sort: str
    columns: Sequence[str]
    segment: Any = None

    @property
    def query(self) -> dict[str, Any]:
        """All conditions together."""
        parts = _quick_conditions(self.quick)
        if self.built:
            parts.append(dict(self.built))
        return {"and": parts} if parts else {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filtered but former customers."""
        return not self.built and set(self.quick) <= {"customer"}

    def without(self, name: str) -> Filters:
        """The same without one quick filter."""
        return replace(self, quick={k: v for k, v in self.quick.items() if k != name})


def filters_of(request: HttpRequest, reader: Reader, data: QueryDict | None = None) -> Filters:
    """Read the address (or the fields that a form carries along).

    Raises:
        NotFoundError: the segment does not exist for this reader.
        InvalidInputError: the query is not JSON.
    """
    given = request.GET if data is None else data
    segment = None
    if uid := _uid(given.get("seg", "")):
        segment = selectors.segment_by_uid(reader.actor, uid)
    built = _built(given.get("query", ""))
    if not built and segment and "query" not in given:
        built = segment.query
    quick = _quick(given)
    if "customer" not in given and not built and has_customers(reader.actor):
        quick["customer"] = "yes"
    kept = request.session.get(COLUMNS_KEPT_AS) or DEFAULT_COLUMNS
    return Filters(
        quick=quick,
        built=built,
        sort=given.get("sort") or (segment.sort if segment else "") or DEFAULT_SORT,
        columns=(segment.columns if segment else []) or kept,
        segment=segment,
    )


def built_json(filters: Filters) -> str:
    """The built query as a form carries it along; empty when there is none."""
    return json.dumps(filters.built, ensure_ascii=False) if filters.built else ""


def count_conditions(node: Any) -> int:
    """How many conditions a query holds."""
    if not isinstance(node, dict):
        return 0
    inside = [item for op in ("and", "or") for item in node.get(op) or []]
    return sum(map(count_conditions, inside)) + ("field" in node)


def _quick(given: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: value for name in QUICK if (value := given.get(name, "").strip()[:200])
    }
    if bands := tuple(band for band in given.getlist("band") if band):
        found["band"] = bands
    if found.get("renewal") and small_int(str(found["renewal"]), most=MOST_DAYS) is None:
        del found["renewal"]
    return found


def _built(text: str) -> Json:
    if not text:
        return {}
    try:
        found = read_json(text)
    except InvalidInputError:
        found = None
    if not isinstance(found, dict):
        raise InvalidInputError(
            _("This filter could not be read."), remedy=_("Build it again with the filter button.")
        )
    return found


def _quick_conditions(quick: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    if q := quick.get("q"):
        found.append({"field": "search", "op": "contains", "value": q})
    if bands := quick.get("band"):
        found.append(_bands(bands))
    for name in ("segment", "lifecycle"):
        if value := quick.get(name):
            found.append({"field": name, "op": "is", "value": value})
    if owner := quick.get("owner"):
        empty = {"field": "cs_owner", "op": "empty"}
        found.append(empty if owner == "none" else {**empty, "op": "is", "value": owner})
    if days := quick.get("renewal"):
        found.append({"field": "renewal_on", "op": "next_days", "value": int(days)})
    if (customer := quick.get("customer")) in ("yes", "no"):
        found.append({"field": "is_customer", "op": "is", "value": customer == "yes"})
    return found


def _bands(bands: Sequence[str]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if known := [band for band in bands if band != NO_BAND]:
        parts.append({"field": "band", "op": "in", "value": known})
    if NO_BAND in bands:
        parts.append({"field": "band", "op": "empty"})
    return parts[0] if len(parts) == 1 else {"or": parts}


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
