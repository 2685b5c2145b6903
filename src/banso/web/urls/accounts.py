"""Addresses of the account list."""

from __future__ import annotations

from django.urls import path

from banso.web.views import accounts

urlpatterns = [
    path("accounts/", accounts.accounts, name="accounts"),
]
