"""The person who looks at a page: language, zone, theme, and what he may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant

from banso.workspace import selectors
from banso.workspace.policies import may
from banso.workspace.types import Actor

if TYPE_CHECKING:
    from banso.workspace.models import Company, User

LANGUAGE_COOKIE = "banso_language"


@dataclass
class Reader:
    """Who reads; ``user`` is null before sign-in."""

    user: User | None
    company: Company
    language: str

    @cached_property
    def actor(self) -> Actor:
        """The reader as an actor; only for signed-in readers."""
        if self.user is None:
            raise RuntimeError("Nobody is signed in.")
        return selectors.actor_of(self.user, self.company)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        own = self.user.time_zone if self.user else ""
        return ZoneInfo(own or self.company.time_zone)

    @cached_property
    def today(self) -> date:
        """The day the product looks at."""
        return selectors.business_day(self.company)

    @property
    def theme(self) -> str:
        """auto, light or dark."""
        return self.user.theme if self.user else "auto"

    @property
    def may_pin(self) -> bool:
        """Whether the reader may choose the day that everybody sees."""
        return self.may("workspace.pin_day")

    @property
    def may_set_up(self) -> bool:
        """Whether the reader may change the company's settings."""
        return self.may("workspace.settings")

    def may(self, name: str, record: object = None) -> bool:
        """Whether the reader may do something; used by pages to leave out dead buttons."""
        return self.user is not None and may(self.actor, name, record)


def _asked_language(request: HttpRequest, company: Company) -> str:
    known = dict(settings.LANGUAGES)
    cookie = request.COOKIES.get(LANGUAGE_COOKIE, "")
    if cookie in known:
        return cookie
    for part in request.headers.get("Accept-Language", "").split(","):
        try:
            found = get_supported_language_variant(part.split(";")[0].strip().lower())
        except LookupError:
            continue
        if found in known:
            return found
    return company.language


def reader_of(request: HttpRequest) -> Reader:
    """The reader behind a request."""
    company = selectors.company()
    user = request.user if request.user.is_authenticated else None
    language = user.language if user else _asked_language(request, company)
    return Reader(user=user, company=company, language=language)


def reader(request: HttpRequest) -> Reader:
    """The reader that the middleware has put on the request."""
    return request.reader  # type: ignore[attr-defined, no-any-return]
