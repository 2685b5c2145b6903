"""Messages that were refused, and requests that could not be read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from banso.kit.errors import NotFoundError
from banso.usage.selectors.quarantine import refused as in_quarantine
from banso.usage.selectors.quarantine import refused_by_code, set_aside, shown_body
from banso.usage.selectors.sources import source_by_uid
from banso.web.access import access
from banso.web.reader import reader
from banso.web.views.settings.frame import render_section
from banso.web.views.sources.words import TYPES, refusal

if TYPE_CHECKING:
    from banso.usage.models import EventSource, RefusedMessage

PER_PAGE = 25


@access("usage.view_sources")
def refused(request: HttpRequest) -> HttpResponse:
    """What lies in quarantine, by reason; and what the worker could not take."""
    code, source = request.GET.get("code", ""), _source(request.GET.get("source", ""))
    found = in_quarantine(code, source.pk if source else None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counts = refused_by_code()
    context = {
        "page": page,
        "rows": [_row(message) for message in page],
        "code": code,
        "source": source,
        "chosen": refusal(code) if code else None,
        "codes": [{"count": count, **refusal(one)} for one, count in counts],
        "total": sum(count for _one, count in counts),
        "set_aside": set_aside(),
        "may_match": reader(request).may("usage.match"),
    }
    return render_section(request, "sources", "sources/refused", context)


def _source(text: str) -> EventSource | None:
    with suppress(ValueError, NotFoundError):
        return source_by_uid(UUID(text))
    return None


def _row(message: RefusedMessage) -> dict[str, Any]:
    return {
        "message": message,
        "type": TYPES.get(message.route, message.route),
        "refusal": refusal(message.code),
        "body": shown_body(message),
    }
