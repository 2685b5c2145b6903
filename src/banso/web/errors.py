"""Pages for what went wrong: what, and what to do about it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from banso.kit.errors import (
    BansoError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)

STATUS: dict[type[BansoError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    InvalidInputError: 400,
}


def status_of(error: BansoError) -> int:
    """The HTTP status that says what kind of error it is."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def error_page(request: HttpRequest, error: BansoError) -> HttpResponse:
    """The page, or for an htmx request the fragment, that shows an error."""
    status = status_of(error)
    template = "errors/toast.html" if request.headers.get("HX-Request") else "errors/error.html"
    return render(request, template, {"error": error, "status": status}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404."""
    return error_page(request, NotFoundError(_("This page does not exist.")))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own 403, such as a form that was open too long."""
    return error_page(request, ForbiddenError(_("This was refused."), remedy=_("Reload the page.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, usually one that was open across a sign-out."""
    return error_page(
        request,
        ForbiddenError(
            _("This form was open for too long, so nothing was changed."),
            remedy=_("Go back, reload the page and send it again."),
        ),
    )
