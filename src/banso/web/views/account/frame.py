"""The frame of all account pages: the header line and the tabs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from banso.accounts import selectors
from banso.health.selectors.scores import change, day_score
from banso.web.reader import Reader
from banso.web.views.account.facts import Names
from banso.web.views.account.falls import change_sentence
from banso.web.views.account.next_step import next_step
from banso.web.words import lifecycle_word

#: How far back the header's sentence looks, like the arrow beside the score.
WHY_DAYS = 28
WHY_SECONDS = 3600
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


def _why(account: Any, pulse: Any, since: date) -> str:
    """The change of the score in one sentence; kept until the score is published anew."""
    key = f"why:{account.pk}:{pulse.updated_at.timestamp()}:{since}:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = _change_since(account, pulse.as_of, since)
        cache.set(key, found, WHY_SECONDS)
    return str(found)


def _change_since(account: Any, day: date, since: date) -> str:
    before, after = day_score(account, since), day_score(account, day)
    if before is None or after is None:
        return ""
    return change_sentence(change(before, after), Names.load())


def header(reader: Reader, account: Any) -> dict[str, Any]:
    """What stands above every tab: health, ARR, renewal, owners, next click."""
    pulse = pulse_of(account)
    renewal = pulse.renewal_on if pulse else None
    since = reader.today - timedelta(days=WHY_DAYS)
    return {
        "why": _why(account, pulse, since) if pulse and pulse.change_28 else "",
        "why_since": since,
        "account": account,
        "pulse": pulse,
        "stage": lifecycle_word(account.lifecycle),
        "renewal_days": (renewal - reader.today).days if renewal else None,
        "next_step": next_step(reader, account, pulse),
        "may_edit": reader.may("accounts.edit", account) or reader.may("accounts.assign"),
        "may_erase": reader.may("usage.erase"),
        "may_note": reader.may("accounts.note"),
        "may_judge": reader.may("health.judge", account),
        "may_signal": reader.may("health.signal"),
        "may_task": reader.may("tasks.create"),
        "may_import": reader.may("imports.run"),
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
    shared = header(reader_of(request), account)
    shared |= {
        "tab": tab,
        "tabs": _tabs(account, tab),
        "is_form": bool(template) and "form" in context,
    }
    name = f"account/{template or tab}.html"
    return render(request, name, {**shared, **context}, status=status)
