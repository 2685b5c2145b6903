"""The rows from which a metric of an account was made."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from banso.web.access import access
from banso.web.views.account.frame import account_for, render_tab


@access("accounts.view")
def metric(request: HttpRequest, uid: UUID, key: str) -> HttpResponse:
    """A metric's value on a day, its formula in words, and its rows."""
    return render_tab(request, account_for(request, uid), "health", {"key": key}, template="metric")
