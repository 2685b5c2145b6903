"""Signing in and out, and the language before sign-in."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from banso.web.access import PUBLIC, access
from banso.web.reader import LANGUAGE_COOKIE


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in (with its limits on guessing) in our own page."""

    template_name = "session/sign_in.html"


class SignOut(LogoutView):  # type: ignore[misc]
    """allauth's sign-out; a GET only asks."""

    template_name = "session/sign_out.html"


sign_in = access(PUBLIC)(SignIn.as_view())
sign_out = access(PUBLIC)(SignOut.as_view())


@access(PUBLIC)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language chosen on the sign-in page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=365 * 86400, samesite="Lax")
    return response
