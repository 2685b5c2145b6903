"""What the fixed values of accounts and people are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTIMENTS: dict[str, Any] = {
    "good": pgettext_lazy("sentiment", "Good"),
    "mixed": pgettext_lazy("sentiment", "Mixed"),
    "bad": pgettext_lazy("sentiment", "Bad"),
}
SENTIMENT_ICONS = {"good": "smile", "mixed": "meh", "bad": "frown"}
SENTIMENT_TONES = {"good": "healthy", "mixed": "caution", "bad": "danger"}
OUTCOMES: dict[str, Any] = {
    "helped": _("We acted, and it helped"),
    "no_effect": _("We acted, without effect"),
    "false_alarm": _("False alarm"),
    "known": _("Known and expected"),
    "won": pgettext_lazy("signal outcome", "Won"),
    "lost": pgettext_lazy("signal outcome", "Lost"),
}
SIDES: dict[str, Any] = {"cs": _("CS owner"), "sales": _("Sales owner")}
PRIORITIES: dict[str, Any] = {
    "low": pgettext_lazy("priority", "Low"),
    "normal": pgettext_lazy("priority", "Normal"),
    "high": pgettext_lazy("priority", "High"),
    "urgent": pgettext_lazy("priority", "Urgent"),
}
#: Timeline kinds: what they are called, and their icon.
KINDS: dict[str, tuple[Any, str]] = {
    "note": (pgettext_lazy("timeline", "Note"), "sticky-note"),
    "call": (pgettext_lazy("timeline", "Call"), "phone"),
    "meeting": (pgettext_lazy("timeline", "Meeting"), "users-round"),
    "mail": (pgettext_lazy("timeline", "Mail"), "mail"),
    "ticket": (pgettext_lazy("timeline", "Ticket"), "life-buoy"),
    "survey": (pgettext_lazy("timeline", "Survey"), "message-square-quote"),
    "usage": (pgettext_lazy("timeline", "Usage"), "activity"),
    "stage": (pgettext_lazy("timeline", "Stage"), "route"),
    "score": (pgettext_lazy("timeline", "Health"), "heart-pulse"),
    "signal": (pgettext_lazy("timeline", "Signal"), "bell-ring"),
    "contract": (pgettext_lazy("timeline", "Contract"), "file-pen-line"),
    "cancellation": (pgettext_lazy("timeline", "Cancellation"), "door-open"),
    "owner": (pgettext_lazy("timeline", "Owner"), "arrow-right-left"),
    "task": (pgettext_lazy("timeline", "Task"), "list-checks"),
}


def label(words: dict[str, Any], key: str) -> str:
    """The word for a value; an unknown value speaks for itself."""
    return str(words.get(key, key))
