"""Signing in and out; the language, the theme and the day that everybody sees."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.connectors.services.demo import PASSWORD
from banso.web.access import PUBLIC, access
from banso.web.reader import LANGUAGE_COOKIE, reader
from banso.web.redirects import back
from banso.workspace import selectors
from banso.workspace.services.company import pin_day
from banso.workspace.services.people import change_user


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's sign-in (with its limits on guessing) in our own page."""

    template_name = "session/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and the sign-ins of the demo company where that is what is loaded."""
        demo = {"demo_users": selectors.demo_users(), "demo_password": PASSWORD}
        context: dict[str, Any] = super().get_context_data(**demo, **kwargs)
        return context


class SignOut(LogoutView):  # type: ignore[misc]
    """allauth's sign-out; a GET only asks."""

    template_name = "session/sign_out.html"


sign_in = access(PUBLIC)(SignIn.as_view())
sign_out = access(PUBLIC)(SignOut.as_view())


@access(PUBLIC)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language: in this browser, and from now on to this person."""
    response = back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=365 * 86400, samesite="Lax")
        _keep_preference(request, language=chosen)
    return response


@access("workspace.own_profile")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Show light, dark, or what the device prefers."""
    chosen = request.POST.get("theme", "")
    if chosen in {"auto", "light", "dark"}:
        _keep_preference(request, theme=chosen)
    return back(request)


@access("workspace.pin_day")
@require_POST
def unpin_day(request: HttpRequest) -> HttpResponse:
    """Let the whole product look at today again."""
    pin_day(day=None, actor=reader(request).actor)
    messages.success(request, _("Everybody sees today’s data again."))
    return back(request)


def _keep_preference(request: HttpRequest, **changes: str) -> None:
    user = reader(request).user
    if user is not None and any(getattr(user, key) != value for key, value in changes.items()):
        change_user(actor=reader(request).actor, user=user, **changes)
