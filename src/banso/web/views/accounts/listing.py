"""The list of accounts."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.health.selectors.portfolio import Page, facets, portfolio
from banso.kit.numbers import small_int
from banso.web.access import access
from banso.web.badges import band_word
from banso.web.reader import Reader, reader
from banso.web.views.accounts.bulk import offered_undo
from banso.web.views.accounts.cells import Cells
from banso.web.views.accounts.filters import (
    NO_BAND,
    RENEWAL_DAYS,
    Filters,
    built_json,
    count_conditions,
    filters_of,
)
from banso.workspace.selectors import users
from banso.workspace.types import Role

BANDS = ("danger", "caution", "healthy", NO_BAND)


@access("accounts.view")
def accounts(request: HttpRequest) -> HttpResponse:
    """The book of business: filtered, sorted, a page at a time."""
    who = reader(request)
    filters = filters_of(request, who)
    page = portfolio(
        who.actor,
        filters.query,
        sort=filters.sort,
        page=_page_number(request),
        columns=filters.columns,
    )
    context = {
        "filters": filters,
        "page": page,
        "sort": page.sort,
        "lines": _lines(who, page),
        "columns": _headings(who, page),
        "bands": band_choices(who, filters),
        "choices": _choices(who),
        "customer_choices": _customer_choices(filters),
        "segments": selectors.segments(who.actor),
        "people": _people(who),
        "undo": offered_undo(request),
        **_carried(filters),
        **_around(page),
        **_allowed(who, filters),
    }
    return render(request, "accounts/list.html", context)


def _carried(filters: Filters) -> dict[str, Any]:
    return {
        "query_json": json.dumps(filters.query, ensure_ascii=False) if filters.query else "",
        "built_json": built_json(filters),
        "built_count": count_conditions(filters.built),
    }


def _around(page: Page) -> dict[str, int]:
    return {
        "first": (page.number - 1) * page.size + 1,
        "last": min(page.number * page.size, page.total),
        "previous": page.number - 1,
        "next": page.number + 1,
    }


def _allowed(who: Reader, filters: Filters) -> dict[str, bool]:
    return {
        "may_assign": who.may("accounts.assign"),
        "may_create": who.may("accounts.create"),
        "may_export": who.may("accounts.export"),
        "may_import": who.may("imports.run"),
        "may_segment": who.may("accounts.segment"),
        "may_share": who.may("accounts.share_segment"),
        "may_edit_segment": bool(filters.segment)
        and who.may("accounts.edit_segment", filters.segment),
    }


def _page_number(request: HttpRequest) -> int:
    return max(1, small_int(request.GET.get("page", "1"), most=10**7) or 1)


def _lines(who: Reader, page: Page) -> list[Any]:
    cells = Cells(page.columns, who.today, who.company.currency, who.language)
    return [cells.line(row) for row in page.rows]


def _headings(who: Reader, page: Page) -> list[dict[str, str]]:
    return [
        {
            # Band words would sort by alphabet; the score is what people mean.
            "key": ("score" if field.key == "band" else field.key) if field.can_sort else "",
            "label": field.label(who.language),
            "kind": "num" if field.is_numeric else "",
        }
        for field in page.columns
        if field.key != "name"
    ]


def band_choices(who: Reader, filters: Filters) -> list[dict[str, Any]]:
    """Bands with how many accounts each has under the other filters, and their share."""
    found = facets(who.actor, filters.without("band").query, ("band",))["band"]
    counts = {slice_.value or NO_BAND: slice_.accounts for slice_ in found}
    total = sum(counts.values())
    chosen = filters.quick.get("band", ())
    return [
        {
            "band": band,
            "key": "" if band == NO_BAND else band,
            "word": band_word("" if band == NO_BAND else band),
            "count": counts.get(band, 0),
            "share": counts.get(band, 0) / total if total else 0,
            "chosen": band in chosen,
        }
        for band in BANDS
    ]


def _choices(who: Reader) -> dict[str, list[tuple[str, str]]]:
    names = selectors.segment_names(who.actor)
    return {
        "segment": [(name, name) for name in names],
        "renewal": [
            (str(days), _("Within %(days)d days") % {"days": days}) for days in RENEWAL_DAYS
        ],
    }


def _customer_choices(filters: Filters) -> list[dict[str, Any]]:
    words = {"yes": _("Under contract"), "no": _("Without contract"), "all": _("All")}
    chosen = filters.quick.get("customer", "all")
    return [{"key": key, "word": word, "chosen": key == chosen} for key, word in words.items()]


def _people(who: Reader) -> list[dict[str, Any]]:
    return [
        {"uid": str(user.uid), "name": user.name, "me": user.pk == who.actor.user_id}
        for user in users()
        if user.role != Role.VIEWER
    ]
