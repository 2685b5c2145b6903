"""Where the data comes from, and how fresh it is: events as they happen, and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from banso.connectors.selectors import feeds
from banso.usage.selectors.quarantine import count_refused
from banso.usage.selectors.sources import SourceRow, source_rows
from banso.usage.selectors.unmatched import count_parties
from banso.web.access import access
from banso.web.reader import reader
from banso.web.views.imports.words import KINDS
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.inbox import inbox_context
from banso.web.views.sources.words import STATE_TONES, STATES

if TYPE_CHECKING:
    from banso.usage.models import EventSource


def state_of(source: EventSource) -> dict[str, Any]:
    """How a source fares, in one word."""
    known = "on" if source.first_event_at else "waiting"
    state = known if source.is_enabled else "off"
    return {"code": state, "word": STATES[state], "tone": STATE_TONES[state]}


def _row(row: SourceRow) -> dict[str, Any]:
    return {
        "source": row.source,
        "today": row.today,
        "keys": row.keys,
        "state": state_of(row.source),
    }


@access("imports.view")
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with what it brings."""
    context: dict[str, Any] = {
        "rows": [{"feed": feed, "kind": KINDS[feed.kind]} for feed in feeds()],
        "may_view_events": reader(request).may("usage.view_sources"),
        "may_connect": reader(request).may("usage.sources"),
    }
    if context["may_view_events"]:
        context |= {
            "events": [_row(row) for row in source_rows()],
            "unmatched": count_parties(),
            "refused": count_refused(),
            **inbox_context(),
        }
    return render_section(request, "sources", "sources/list", context)
