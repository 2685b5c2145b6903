"""Signing in and out."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from banso.web.access import PUBLIC, access
from banso.web.views import session

urlpatterns = [
    path("", access(PUBLIC)(RedirectView.as_view(pattern_name="today")), name="home"),
    path("sign-in/", session.sign_in, name="sign-in"),
    path("sign-out/", session.sign_out, name="sign-out"),
    # The sign-in library looks its own pages up by these names.
    path("sign-in/", session.sign_in, name="account_login"),
    path("sign-out/", session.sign_out, name="account_logout"),
    path("language/", session.set_language, name="set-language"),
    path("theme/", session.set_theme, name="set-theme"),
    path("unpin-day/", session.unpin_day, name="unpin-day"),
]
