"""The frame of all account pages: the header line and the tabs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from banso.accounts import selectors
from banso.web.reader import Reader
from banso.web.views.account.next_step import next_step
from banso.web.words import lifecycle_word

TABS: tuple[tuple[str, Any, str], ...] = (
    ("overview", _("Overview"), "account"),
    ("timeline", _("Timeline"), "account-timeline"),
    ("usage", _("Usage"), "account-usage"),
    ("contracts", _("Contracts"), "account-contracts"),
    ("people", _("People"), "account-people"),
    ("health", _("Health"), "account-health"),
)


def reader_of(request: HttpRequest) -> Reader:
    """The person who looks at the page."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def account_for(request: HttpRequest, uid: UUID) -> Any:
    """The account of the page; 404 where the reader may not know of it."""
    return selectors.account_by_uid(reader_of(request).actor, uid)


def pulse_of(account: Any) -> Any:
    """Where the account stands, or None before the first computation."""
    return getattr(account, "pulse", None)


def _tabs(account: Any, current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name, args=[account.uid]), "current": key == current}
        for key, label, name in TABS
    ]


def header(reader: Reader, account: Any) -> dict[str, Any]:
    """What stands above every tab: health, ARR, renewal, owners, next click."""
    pulse = pulse_of(account)
    renewal = pulse.renewal_on if pulse else None
    return {
        "account": account,
        "pulse": pulse,
        "stage": lifecycle_word(account.lifecycle),
        "renewal_days": (renewal - reader.today).days if renewal else None,
        "next_step": next_step(reader, account, pulse),
        "may_edit": reader.may("accounts.edit", account) or reader.may("accounts.assign"),
        "may_note": reader.may("accounts.note"),
        "may_judge": reader.may("health.judge", account),
        "may_signal": reader.may("health.signal"),
        "may_task": reader.may("tasks.create"),
    }


def render_tab(
    request: HttpRequest,
    account: Any,
    tab: str,
    context: dict[str, Any],
    *,
    template: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render one tab of the account page inside the frame."""
    shared = header(reader_of(request), account) | {"tab": tab, "tabs": _tabs(account, tab)}
    name = f"account/{template or tab}.html"
    return render(request, name, {**shared, **context}, status=status)
