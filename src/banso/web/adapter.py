"""Sign-in by invitation: nobody opens an account for himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with self-registration switched off."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
