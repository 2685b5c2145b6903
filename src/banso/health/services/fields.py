"""Checking what people type when they design or judge health."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from banso.kit.errors import InvalidInputError
from banso.kit.text import clean
from banso.workspace.selectors import business_day

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


def refuse(field: str, message: str) -> InvalidInputError:
    """The error of one field."""
    return InvalidInputError(message, fields={field: message})


def name(field: str, value: object) -> str:
    """A name of 1 to 120 characters."""
    found = clean(str(value or ""))
    if not 1 <= len(found) <= 120:
        raise refuse(field, _("Give it a name of at most 120 characters."))
    return found


def key(value: object) -> str:
    """A key of lower-case letters, digits and _ that never changes."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise refuse(
            "key", _("Use up to 60 lower-case letters, digits and _, beginning with a letter.")
        )
    return value


def text(field: str, value: object, limit: int) -> str:
    """A text of at most ``limit`` characters, possibly empty."""
    found = clean(str(value or ""))
    if len(found) > limit:
        raise refuse(field, _("At most %(limit)d characters.") % {"limit": limit})
    return found


def reason(value: object) -> str:
    """Why somebody judged as he did: never empty."""
    found = text("reason", value, 500)
    if not found:
        raise refuse("reason", _("Write the reason, so that others can follow it later."))
    return found


def future_day(value: object, *, most_days: int, from_tomorrow: bool = False) -> date:
    """The last day on which something holds: not past, and at most so many days ahead."""
    today = business_day()
    first = today + timedelta(days=1) if from_tomorrow else today
    last = today + timedelta(days=most_days)
    if not isinstance(value, date) or not first <= value <= last:
        raise refuse(
            "until",
            _("Choose a day from %(first)s to %(last)s.")
            % {"first": first.isoformat(), "last": last.isoformat()},
        )
    return value


def changed(record: object, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs from the record: (before, after)."""
    after = {field: value for field, value in values.items() if getattr(record, field) != value}
    return {field: getattr(record, field) for field in after}, after
