"""What the filter builder needs to know: fields, how each can be compared, and the words for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from banso.accounts import selectors
from banso.accounts.types import Lifecycle
from banso.health.selectors.portfolio import (
    BAND_CHANGED,
    CHANGE_DAYS,
    OPERATORS,
    Field,
    FieldKind,
    all_fields,
    fields_named,
)
from banso.health.selectors.signals import signal_rules
from banso.web.access import access
from banso.web.badges import band_word
from banso.web.reader import Reader, reader
from banso.web.views.accounts.filters import Json, built_json, filters_of
from banso.web.words import lifecycle_word
from banso.workspace.selectors import users

_NUMBERS = {
    FieldKind.NUMBER,
    FieldKind.MONEY,
    FieldKind.PERCENT,
    FieldKind.DAYS,
    FieldKind.MINUTES,
    FieldKind.POINTS,
}
#: What has to be typed after an operator; one value where nothing is said.
_SHAPES = {
    "between": "two",
    "in": "many",
    "not_in": "many",
    "empty": "none",
    "not_empty": "none",
    "last_days": "days",
    "next_days": "days",
    "changed": "change",
}


@access("accounts.view")
def build_filter(request: HttpRequest) -> HttpResponse:
    """The filter builder, inside its dialog or as a page of its own."""
    who = reader(request)
    filters = filters_of(request, who)
    context = {
        "filters": filters,
        "built_json": built_json(filters),
        "fields": field_choices(who, fields_named(filters.built)),
        "operators": operator_choices(),
        "words": {**words(), "change_days": CHANGE_DAYS},
    }
    return _inside(request, "accounts/filter_builder.html", _("Filter"), context)


@access("accounts.view")
def choose_columns(request: HttpRequest) -> HttpResponse:
    """The choice of columns, inside its dialog or as a page of its own."""
    who = reader(request)
    shown = filters_of(request, who).columns
    fields = [
        field
        for field in all_fields(who.actor, shown).values()
        if field.path and field.key not in ("name", "search")
    ]
    groups: dict[str, list[tuple[str, str, bool]]] = {}
    for field in fields:
        entry = (field.key, field.label(who.language), field.key in shown)
        groups.setdefault(group_word(field.group), []).append(entry)
    title = pgettext("account list", "Columns")
    return _inside(request, "accounts/columns.html", title, {"groups": groups.items()})


def _inside(request: HttpRequest, inside: str, title: str, context: Json) -> HttpResponse:
    """The inside of a dialog where a script asks for it, else a page around it."""
    alone = not request.headers.get("HX-Request")
    shown = {**context, "alone": alone, "inside": inside, "title": title}
    response = render(request, "accounts/dialog_page.html" if alone else inside, shown)
    patch_vary_headers(response, ["HX-Request"])
    return response


def group_word(group: str) -> str:
    """The heading under which fields of a group stand."""
    return {
        "account": _("Account"),
        "health": _("Health"),
        "contract": _("Contract"),
        "usage": _("Usage"),
        "metric": _("Metrics"),
        "attribute": _("Your own columns"),
    }.get(group, group)


def field_choices(who: Reader, used: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Every field by which accounts can be filtered, with its choices where they are few."""
    options = _options(who)
    return [
        {
            "key": field.key,
            "label": field.label(who.language),
            "group": group_word(field.group),
            "type": field.kind + ("+" if field.has_earlier else ""),
            "input": _input(field),
            "options": options.get(field.key),
            "points": field.key == "score",
        }
        for field in all_fields(who.actor, used).values()
    ]


def _input(field: Field) -> str:
    if field.kind in _NUMBERS:
        return "number"
    return {FieldKind.DATE: "date", FieldKind.FLAG: "flag"}.get(field.kind, "text")


def _options(who: Reader) -> dict[str, list[tuple[Any, str]]]:
    people = [("me", _("Me")), *((str(user.uid), user.name) for user in users())]
    yes_or_no = [(True, _("Yes")), (False, _("No"))]
    name = "name_ja" if who.language == "ja" else "name_en"
    return {
        "band": [(band, band_word(band)) for band in ("danger", "caution", "healthy")],
        "lifecycle": [(stage.value, lifecycle_word(stage)) for stage in Lifecycle],
        "segment": [(name, name) for name in selectors.segment_names(who.actor)],
        "cs_owner": people,
        "sales_owner": people,
        "is_customer": yes_or_no,
        BAND_CHANGED: yes_or_no,
        "signal": [(rule.key, getattr(rule, name)) for rule in signal_rules()],
    }


def operator_choices() -> dict[str, list[dict[str, str]]]:
    """Kind of field to its operators with their words; ``+`` where earlier values are kept."""
    found = {str(kind): _entries(kind, OPERATORS[kind]) for kind in FieldKind}
    for kind in _NUMBERS:
        found[f"{kind}+"] = _entries(kind, (*OPERATORS[kind], "changed"))
    return found


def _entries(kind: FieldKind, operators: Iterable[str]) -> list[dict[str, str]]:
    named = operator_words()
    return [
        {"op": op, "label": named[op], "value": _SHAPES.get(op, "one")}
        for op in sorted(operators, key=lambda op: op in ("empty", "not_empty"))
    ]


def operator_words() -> dict[str, str]:
    """Operators as people say them between a field and a value."""
    return {
        "contains": pgettext("filter", "contains"),
        "not_contains": pgettext("filter", "does not contain"),
        "is": pgettext("filter", "is"),
        "is_not": pgettext("filter", "is not"),
        "starts": pgettext("filter", "starts with"),
        "in": pgettext("filter", "is one of"),
        "not_in": pgettext("filter", "is none of"),
        "empty": pgettext("filter", "is empty"),
        "not_empty": pgettext("filter", "is not empty"),
        "on": pgettext("filter", "on"),
        "before": pgettext("filter", "before"),
        "after": pgettext("filter", "after"),
        "between": pgettext("filter", "between"),
        "last_days": pgettext("filter", "in the last days"),
        "next_days": pgettext("filter", "in the next days"),
        "has": pgettext("filter", "is open"),
        "has_not": pgettext("filter", "is not open"),
        "eq": "=",
        "gte": "≥",
        "lte": "≤",
        "gt": ">",
        "lt": "<",
        "changed": pgettext("filter", "changed by at least"),
    }


def words() -> dict[str, str]:
    """The words of the builder itself."""
    return {
        "field": _("Field"),
        "operator": _("Comparison"),
        "value": _("Value"),
        "days": pgettext("filter", "days"),
        "percent_over": pgettext("filter", "% over"),
        "points_over": pgettext("filter", "points over"),
        "remove": _("Remove"),
        "join": _("How the conditions are joined"),
        "and": _("All of these hold"),
        "or": _("Any of these holds"),
        "add_condition": _("Condition"),
        "add_group": _("Group"),
    }
