"""The overview of all settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from banso.web.access import access
from banso.web.views.settings.frame import render_section


@access("workspace.view")
def index(request: HttpRequest) -> HttpResponse:
    """Every section the reader may open, with what it is for."""
    return render_section(request, "index", "index", {})
