"""Template tags and filters that every page may use; loaded without ``{% load %}``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from banso.web import badges, drawing, formats, words

register = template.Library()

register.filter("day", formats.day)
register.filter("short_day", formats.short_day)
register.filter("weekday_day", formats.weekday_day)
register.filter("moment", formats.moment)
register.filter("number", formats.number)
register.filter("fixed", formats.fixed)
register.filter("percent", formats.percent)
register.filter("money", formats.money)
register.filter("short_money", formats.short_money)
register.filter("signed", formats.signed)
register.filter("score", formats.score)
register.filter("metric_value", formats.metric_value)
register.filter("role_word", words.role_word)
register.filter("lifecycle_word", words.lifecycle_word)
register.filter("contact_role_word", words.contact_role_word)
register.filter("literacy_word", words.literacy_word)
register.filter("band_word", badges.band_word)
register.simple_tag(badges.health)
register.simple_tag(badges.change_arrow)
register.simple_tag(drawing.band_mark, name="band_mark")
register.simple_tag(drawing.avatar, name="avatar")


@register.filter
def ago(value: Any, today: date | None = None) -> str:
    """How far a day or moment lies from now; bare days are measured from the given day."""
    return formats.ago(value, today or None)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """The value under a key of a mapping, or nothing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """A lucide icon by its name, e.g. ``{% icon "sun" %}``; decorative unless it has a label."""
    return drawing.icon(str(name), int(size), str(label))


@register.simple_tag
def sparkline(
    values: Sequence[float | None] | None, tone: str = "", label: str = "", **sizes: Any
) -> SafeString:
    """A small line of values, oldest first; scores unless ``low`` and ``high`` say otherwise."""
    return drawing.sparkline(values or [], tone=tone, label=label, **sizes)


@register.simple_tag
def bar(share: float | None, tone: str = "", label: str = "", size: str = "") -> SafeString:
    """A horizontal bar filled to a share between 0 and 1."""
    return drawing.bar(share, tone=tone, label=label, size=size)


@register.simple_tag
def stacked_bar(parts: Sequence[tuple[float, str]], label: str = "", size: str = "") -> SafeString:
    """A horizontal bar of (share, tone) parts."""
    return drawing.stacked_bar(parts, label=label, size=size)


@register.simple_tag
def url_if(name: str, *args: Any) -> str:
    """The address of a page, or nothing where the page does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def sort_header(
    context: template.Context, key: str, label: str, sort: str, kind: str = ""
) -> SafeString:
    """A ``<th>`` that sorts the list by a key; a second press turns the order round.

    Args:
        sort: the order in force: a key, with ``-`` in front for descending.
        kind: ``num`` for columns of figures, which start with the greatest.
    """
    current = sort.lstrip("-") == key
    descending = sort.startswith("-") if current else kind != "num"
    query = context["request"].GET.copy()
    query.pop("page", None)
    query["sort"] = key if descending else f"-{key}"
    state = ("descending" if sort.startswith("-") else "ascending") if current else ""
    return format_html(
        '<th scope="col" class="{}"{}><a class="sort" href="?{}">{}{}</a></th>',
        kind,
        format_html(' aria-sort="{}"', state) if state else "",
        query.urlencode(),
        label,
        drawing.icon("arrow-down" if state == "descending" else "arrow-up", 14),
    )
