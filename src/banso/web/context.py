"""What every page shows around its own content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from banso.web.navigation import entries_for


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The company, the day the product looks at, and the navigation the reader may use."""
    reader = getattr(request, "reader", None)
    if reader is None:
        return {}
    return {
        "reader": reader,
        "navigation": entries_for(reader, request.path),
        # Messages wait for a page that a person has asked for.
        "is_live_refresh": "X-Banso-Live" in request.headers,
    }
