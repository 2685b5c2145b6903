"""Every request gets a number, is timed and counted, and stands in the log by its route."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from random import getrandbits
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from banso.workspace.services import gauges

logger = logging.getLogger(__name__)
REQUESTS = gauges.counter(
    "banso_requests_total", "Pages answered, by name of the route and status", ["route", "status"]
)
REQUEST_SECONDS = gauges.timer(
    "banso_request_seconds", "How long pages took, by name of the route", ["route"]
)
HEADER = "X-Request-ID"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_request: ContextVar[HttpRequest | None] = ContextVar("banso_request", default=None)


def request_id(given: str | None) -> str:
    """The number that a proxy gave the request, or a new one."""
    if given and _ACCEPTABLE.fullmatch(given):
        return given
    # It tells requests apart and guards nothing; asking the system for each would hold up others.
    return f"{getrandbits(128):032x}"


def route_of(request: HttpRequest) -> str:
    """The name of the address, never the address itself, which may name somebody."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path.startswith("/static/") else "unknown"
    return match.view_name or "unnamed"


def asked_by(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add to a log event the number of the person who asked; for the formatter."""
    reader = getattr(_request.get(), "reader", None)
    if reader is not None and reader.user is not None:
        event["user"] = reader.user.pk
    return event


class ObserveMiddleware:
    """The outermost: what it measures is what the browser waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request_id(request.headers.get(HEADER))
        token, began = _request.set(request), time.perf_counter()
        try:
            with structlog.contextvars.bound_contextvars(request_id=number):
                response = self.get_response(request)
                _note(request, response.status_code, time.perf_counter() - began)
        finally:
            _request.reset(token)
        response.headers[HEADER] = number
        return response


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    REQUESTS.labels(route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    told = {"route": route, "method": request.method, "status": status}
    logger.info("request", extra={**told, "milliseconds": round(seconds * 1000, 1)})
