"""The book of business: every account that one may see, filtered, sorted and paged."""

from banso.health.selectors.portfolio.facets import Slice, facets
from banso.health.selectors.portfolio.fields import (
    DEFAULT_COLUMNS,
    DEFAULT_SORT,
    Field,
    all_fields,
)
from banso.health.selectors.portfolio.page import (
    Page,
    Row,
    View,
    export,
    has_customers,
    matching_ids,
    portfolio,
    view,
    visible_pulses,
)

__all__ = [
    "DEFAULT_COLUMNS",
    "DEFAULT_SORT",
    "Field",
    "Page",
    "Row",
    "Slice",
    "View",
    "all_fields",
    "export",
    "facets",
    "has_customers",
    "matching_ids",
    "portfolio",
    "view",
    "visible_pulses",
]
