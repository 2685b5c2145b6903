"""Today: the ordered list of what the reader should do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from banso.web.access import access


@access("health.view")
def today(request: HttpRequest) -> HttpResponse:
    """The page that a person starts the day with."""
    return render(request, "today/today.html", {})
