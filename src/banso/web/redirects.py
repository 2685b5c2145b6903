"""Going back to where the reader came from, and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """The address that the form names, if it lies on this host; else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else default


def back(request: HttpRequest, default: str = "/") -> HttpResponseRedirect:
    """A redirect to :func:`safe_next`."""
    return HttpResponseRedirect(safe_next(request, default))
