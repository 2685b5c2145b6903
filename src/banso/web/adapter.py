"""Sign-in by invitation: nobody opens an account for himself, and signing in needs no applause."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth with self-registration switched off."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the page that opens shows who is signed in, and allauth words it its way."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
