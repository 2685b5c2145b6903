"""Adding an account, changing its fields, and finding one while typing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.accounts import selectors
from banso.accounts.services.accounts import (
    PossibleDuplicateError,
    change_account,
    create_account,
)
from banso.web.access import access
from banso.web.forms import submit
from banso.web.views.account.forms import AccountForm
from banso.web.views.account.frame import account_for, reader_of, render_tab
from banso.workspace.policies import require

FIELDS = ("name", "name_kana", "name_en", "domain", "corporate_number", "industry", "employees",
          "segment", "lifecycle", "customer_since", "country", "region", "address", "language",
          "time_zone", "cs_owner", "sales_owner")  # fmt: skip
PICKED = 8


def _create(form: AccountForm, actor: Any) -> tuple[Any, list[Any]]:
    """The new account, or those that look the same."""
    allow = bool(form.data.get("confirmed"))
    try:
        values = form.values()
        return create_account(actor=actor, allow_duplicate=allow, **values), []
    except PossibleDuplicateError as error:
        return None, error.matches


@access("accounts.create")
def new(request: HttpRequest) -> HttpResponse:
    """Add an account; one that looks like another is asked about first."""
    reader = reader_of(request)
    segments = selectors.segment_names(reader.actor)
    initial = {"language": reader.company.language, "name": request.GET.get("name", "")}
    form = AccountForm(request.POST or None, reader=reader, segments=segments, initial=initial)
    matches: list[Any] = []
    if request.method == "POST":
        account, matches = submit(form, lambda: _create(form, reader.actor)) or (None, [])
        if account:
            messages.success(request, _("%(name)s is added.") % {"name": account.name})
            return redirect("account", account.uid)
    status = 409 if matches else 400 if form.errors else 200
    return render(request, "account/new.html", {"form": form, "matches": matches}, status=status)


@access("accounts.edit")
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change the fields of an account."""
    reader, account = reader_of(request), account_for(request, uid)
    require(reader.actor, "accounts.edit", account)
    initial = {field: getattr(account, field) for field in FIELDS}
    initial["seen_at"] = account.updated_at.isoformat()
    segments = selectors.segment_names(reader.actor)
    form = AccountForm(request.POST or None, reader=reader, segments=segments, initial=initial)
    if request.method == "POST":
        saved = submit(form, lambda: _change(reader.actor, account, form))
        if saved:
            messages.success(request, _("%(name)s is saved.") % {"name": account.name})
            return redirect("account", uid)
        account = account_for(request, uid)
    status = 400 if form.errors else 200
    return render_tab(request, account, "", {"form": form}, template="edit", status=status)


def _change(actor: Any, account: Any, form: AccountForm) -> Any:
    values, seen = form.values(), form.cleaned_data["seen_at"]
    return change_account(actor=actor, account=account, seen_at=seen, **values)


@access("accounts.view")
def pick(request: HttpRequest) -> JsonResponse:
    """Accounts whose name fits what is being typed, for the account field of forms."""
    found = selectors.search(reader_of(request).actor, request.GET.get("q", ""), limit=PICKED)
    return JsonResponse(
        {
            "accounts": [
                {"uid": str(account.uid), "name": account.name, "note": account.segment}
                for account in found
            ]
        }
    )
