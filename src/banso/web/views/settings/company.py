"""Company-wide settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.views.settings.forms.company import CompanyForm
from banso.web.views.settings.frame import render_section
from banso.workspace.services.company import FIELDS, change_company


@access("workspace.settings")
def company(request: HttpRequest) -> HttpResponse:
    """Show and change the settings of the company."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    present = {field: getattr(reader.company, field) for field in FIELDS}
    form = CompanyForm(request.POST or None, initial=present, language=reader.language)
    if request.method == "POST":
        saved = submit(form, lambda: change_company(actor=reader.actor, **form.cleaned_data))
        if saved:
            messages.success(request, _("The company settings are saved."))
            return redirect("settings-company")
    return render_section(request, "company", "company", {"form": form}, status=200)
