"""The score of any day, taken apart, and the change between two days."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from banso.web.access import access
from banso.web.views.account.frame import account_for, render_tab


@access("accounts.view")
def health(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The waterfall of a day; beside it, where asked, what changed since another day."""
    return render_tab(request, account_for(request, uid), "health", {})
