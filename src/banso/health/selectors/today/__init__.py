"""Today: who needs somebody, why, and what is at stake."""

from banso.health.selectors.today.items import Item, Today, today
from banso.health.selectors.today.reasons import Evidence, Reason
from banso.health.selectors.today.scope import Scope, default_scope
from banso.health.selectors.today.summary import BandSlice, Moved, Summary, summary

__all__ = [
    "BandSlice",
    "Evidence",
    "Item",
    "Moved",
    "Reason",
    "Scope",
    "Summary",
    "Today",
    "default_scope",
    "summary",
    "today",
]
