"""Taking the demo company out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors.accounts import counts_of_source
from banso.connectors.services.demo import SOURCE, start_removal
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section


@access("accounts.delete")
def demo(request: HttpRequest) -> HttpResponse:
    """What belongs to the demo company and would go."""
    return render_section(request, "demo", "demo", {"counts": counts_of_source(SOURCE)})


@access("accounts.delete")
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Remove the demo company's data in the background."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you know that this cannot be undone."))
        return redirect("settings-demo")
    start_removal(actor=reader.actor)
    messages.success(request, _("The demo data is being removed."))
    return redirect("settings-jobs")
