"""The book of business: every account that one may see, filtered, sorted and paged."""

from banso.health.rules.query import CHANGE_DAYS, OPERATORS, FieldKind
from banso.health.selectors.portfolio.facets import Slice, facets
from banso.health.selectors.portfolio.fields import (
    BAND_CHANGED,
    DEFAULT_COLUMNS,
    DEFAULT_SORT,
    Field,
    all_fields,
)
from banso.health.selectors.portfolio.page import (
    Page,
    Row,
    export,
    has_customers,
    matching_ids,
    portfolio,
)
from banso.health.selectors.portfolio.view import View, fields_named, view, visible_pulses

__all__ = [
    "BAND_CHANGED",
    "CHANGE_DAYS",
    "DEFAULT_COLUMNS",
    "DEFAULT_SORT",
    "OPERATORS",
    "Field",
    "FieldKind",
    "Page",
    "Row",
    "Slice",
    "View",
    "all_fields",
    "export",
    "facets",
    "fields_named",
    "has_customers",
    "matching_ids",
    "portfolio",
    "view",
    "visible_pulses",
]
