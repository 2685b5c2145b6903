"""Writing the rows behind a metric as a table: column names, and each cell in its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.accounts import selectors
from banso.usage.selectors.profile import feature_labels
from banso.web import formats
from banso.web.views.account.facts import Names
from banso.web.views.account.words import KINDS, PRIORITIES, label

COLUMNS: dict[str, Any] = {
    "day": gettext_lazy("Day"),
    "events": gettext_lazy("Events"),
    "users": gettext_lazy("Users"),
    "feature": gettext_lazy("Feature"),
    "days": gettext_lazy("Days with use"),
    "last_day": gettext_lazy("Last used"),
    "user": gettext_lazy("Person"),
    "opened": gettext_lazy("Opened"),
    "subject": gettext_lazy("Subject"),
    "priority": gettext_lazy("Priority"),
    "status": gettext_lazy("State"),
    "minutes": gettext_lazy("First response"),
    "closed": gettext_lazy("Closed"),
    "answered": gettext_lazy("Answered"),
    "score": gettext_lazy("Score"),
    "comment": gettext_lazy("Comment"),
    "person": gettext_lazy("Person"),
    "product": gettext_lazy("Product"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "term_ends": gettext_lazy("Term ends"),
    "per_year": gettext_lazy("ARR"),
    "seats": gettext_lazy("Seats"),
    "is_trial": gettext_lazy("Trial"),
    "is_addon": gettext_lazy("Add-on"),
    "points": gettext_lazy("Points"),
    "when": gettext_lazy("When"),
    "kind": gettext_lazy("Kind"),
}
_DAYS = frozenset({"day", "last_day", "from", "to", "term_ends"})
_MOMENTS = frozenset({"opened", "closed", "answered", "when"})
FIGURES = frozenset({"events", "users", "days", "score", "seats", "points", "minutes", "per_year"})


class Cells:
    """Words for the cells of one account's rows."""

    def __init__(self, account: Any, names: Names) -> None:
        self._account = account
        self._names = names
        self._features: dict[str, tuple[str, bool]] | None = None
        self._people: dict[str, str] | None = None

    def table(
        self, rows: Sequence[Mapping[str, Any]]
    ) -> tuple[list[tuple[str, bool]], list[list[tuple[str, bool]]]]:
        """Headings and rows; each with whether it is a figure. Columns without any cell go."""
        keys = [key for key in (rows[0] if rows else ()) if any(row[key] for row in rows)]
        head = [(str(COLUMNS.get(key, key)), key in FIGURES) for key in keys]
        return head, [[(self._cell(key, row[key]), key in FIGURES) for key in keys] for row in rows]

    def _cell(self, key: str, value: Any) -> str:
        if value is None or value == "":
            return formats.NOTHING
        if key in _DAYS:
            return formats.short_day(value)
        if key in _MOMENTS:
            return formats.moment(value)
        if key == "per_year":
            return formats.money(*value)
        if key == "minutes":
            return formats.metric_value(value, "minutes")
        if key in FIGURES:
            return formats.number(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return self._word(key, str(value))

    def _word(self, key: str, value: str) -> str:
        if key == "feature":
            if self._features is None:
                self._features = feature_labels()
            return self._features.get(value, (value, False))[0]
        if key == "user":
            if self._people is None:
                self._people = {p.user_key: p.name for p in selectors.contacts(self._account)}
            return self._people.get(value, value)
        if key == "priority":
            return label(PRIORITIES, value)
        return str(KINDS[value][0]) if key == "kind" and value in KINDS else value
