"""Search from anywhere: accounts, people, pages and actions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from banso.web.access import access


@access("accounts.view")
def search(request: HttpRequest) -> HttpResponse:
    """Results as a page, or as the inside of the palette."""
    return render(request, "search/search.html", {})
