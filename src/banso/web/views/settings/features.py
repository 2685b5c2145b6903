"""Which features of the product are core, and which event means a sign-in."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.usage.selectors.features import feature_counts, find_features
from banso.usage.services.features import Mark, mark_features
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section

PER_PAGE = 100


def _asked(source: object) -> dict[str, str]:
    get = source.get  # type: ignore[attr-defined]
    return {"q": get("q", "").strip(), "mark": get("mark", ""), "page": get("page", "")}


@access("usage.features")
def features(request: HttpRequest) -> HttpResponse:
    """Every feature that usage data has named so far."""
    asked = _asked(request.GET)
    found = find_features(text=asked["q"], mark=asked["mark"])
    page = Paginator(found, PER_PAGE).get_page(asked["page"])
    context = {"page": page, "asked": asked, "counts": feature_counts()}
    return render_section(request, "features", "features", context)


@access("usage.features")
@require_POST
def save_features(request: HttpRequest) -> HttpResponse:
    """Take the marks of the features on one page of the list."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    core, login = set(request.POST.getlist("core")), set(request.POST.getlist("login"))
    pairs = zip(request.POST.getlist("key"), request.POST.getlist("name"), strict=True)
    marks = {
        key: Mark(name=name.strip(), is_core=key in core, is_login=key in login)
        for key, name in pairs
    }
    count = mark_features(actor=reader.actor, marks=marks)
    if count:
        text = ngettext(
            "%(count)d feature is changed. The scores are being recomputed.",
            "%(count)d features are changed. The scores are being recomputed.",
            count,
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("Nothing was changed."))
    kept = {key: value for key, value in _asked(request.POST).items() if value}
    return redirect(f"{reverse('settings-features')}?{urlencode(kept)}")
