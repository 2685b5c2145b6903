"""Who is reading, in which language; and the door that lets nobody through unnamed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from banso.kit.errors import BansoError, ForbiddenError
from banso.web.access import PUBLIC, permission_of
from banso.web.errors import error_page
from banso.web.reader import Reader, reader_of
from banso.workspace.policies import may
from banso.workspace.selectors import company_read_once

#: What browsers send to pages; a view that only tells POST from the rest must not meet others.
METHODS = ("GET", "HEAD", "POST")
Next = Callable[[HttpRequest], HttpResponse]


class ReaderMiddleware:
    """Puts ``request.reader`` on the request and speaks the reader's language and zone.

    A signed-in person's own setting counts; before sign-in the cookie that the language switch
    sets, then what the browser asks for, then the company's language.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with company_read_once():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        reader: Reader = reader_of(request)
        request.reader = reader  # type: ignore[attr-defined]
        with translation.override(reader.language), timezone.override(reader.zone):
            request.LANGUAGE_CODE = reader.language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", reader.language)
        return response


class AccessMiddleware:
    """Refuses every page that names no permission, and every reader who lacks it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Check the permission that the page names before the page runs."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        needed = permission_of(view)
        if needed == PUBLIC:
            return None
        reader: Reader = request.reader  # type: ignore[attr-defined]
        if reader.user is None:
            return redirect(f"/sign-in/?{urlencode({'next': request.get_full_path()})}")
        if needed is None or not may(reader.actor, needed):
            return error_page(
                request,
                ForbiddenError(
                    _("Your role does not allow this page."),
                    remedy=_("Ask a leader or an administrator."),
                ),
            )
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show errors that a person can act on; leave the others to Django."""
        return error_page(request, error) if isinstance(error, BansoError) else None
