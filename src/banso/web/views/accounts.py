"""The book of business."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from banso.web.access import access


@access("accounts.view")
def accounts(request: HttpRequest) -> HttpResponse:
    """The list of accounts."""
    return render(request, "accounts/list.html", {})
