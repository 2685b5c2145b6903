"""What the forms of several areas share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError

T = TypeVar("T")


def submit(form: forms.Form, write: Callable[[], T]) -> T | None:
    """Run a write for a valid form; what the service refuses is shown at the form's fields.

    Returns the write's result, or ``None`` when the form has errors to show.
    """
    if not form.is_valid():
        return None
    try:
        return write()
    except InvalidInputError as error:
        known = {name: text for name, text in error.fields.items() if name in form.fields}
        for name, text in known.items():
            form.add_error(name, text)
        if not known or error.remedy:
            form.add_error(None, str(error))
    except ConflictError as error:
        form.add_error(None, str(error))
    return None


class LongSelect(forms.Select):
    """A list of hundreds of choices, written in one go: Django's own takes a template for each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The ``<select>`` with its options."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) == chosen else "", label)
                for key, label in self.choices
            ),
        )
        all_attrs = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(all_attrs), options)


@lru_cache(maxsize=64)
def _zones(on: str) -> tuple[tuple[str, str], ...]:
    moment = datetime.fromisoformat(on)
    found = []
    for name in available_timezones():
        if "/" not in name or name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/")):
            continue
        offset = moment.astimezone(ZoneInfo(name)).strftime("%z")
        found.append((name, f"{name.replace('_', ' ')} (UTC{offset[:3]}:{offset[3:]})"))
    return (("UTC", "UTC"), *sorted(found))


def time_zones() -> tuple[tuple[str, str], ...]:
    """Choices of time zones with their present offset from UTC."""
    return _zones(clock.now().replace(hour=0, minute=0, second=0, microsecond=0).isoformat())


@lru_cache(maxsize=8)
def currencies(language: str) -> tuple[tuple[str, str], ...]:
    """Choices of the currencies in use today, named in the reader's language."""
    names = Locale.parse(language).currencies
    in_use = {
        code
        for entries in get_global("territory_currencies").values()
        for code, _start, end, tender in entries
        if end is None and tender
    }
    return tuple((code, f"{code} · {names.get(code, code)}") for code in sorted(in_use))
