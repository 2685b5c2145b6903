"""Where the data comes from, and how fresh it is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from banso.connectors.selectors import feeds
from banso.web.access import access
from banso.web.views.imports.words import KINDS
from banso.web.views.settings.frame import render_section


@access("imports.view")
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with what it brings."""
    rows = [{"feed": feed, "kind": KINDS[feed.kind]} for feed in feeds()]
    return render_section(request, "sources", "imports/sources", {"rows": rows})
