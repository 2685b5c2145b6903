"""What a stream needs from the database; runs in threads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from banso.accounts.selectors.accounts import account_ids_by_uid
from banso.kit import clock
from banso.kit.errors import BansoError, ForbiddenError
from banso.web.live.hub import Bulletins
from banso.workspace.policies import may, require
from banso.workspace.selectors import actor_of
from banso.workspace.services import bulletins
from banso.workspace.types import Actor

#: Changes this shortly before a stream began may be missing on its page.
BEFORE = timedelta(seconds=3)


class NotSignedInError(BansoError):
    """There is no session, or it has ended."""

    code = "not-signed-in"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a reader may hear: accounts by number with their public ids, and arrivals."""

    accounts: dict[int, str]
    wants_arrivals: bool
    recent: Bulletins


def reader_of_cookies(header: str) -> Actor:
    """Who is signed in.

    The session is read from the database: another process may have ended it.

    Raises:
        NotSignedInError: nobody.
    """
    request = HttpRequest()
    request.session = SessionStore(_session_key(header))
    user = get_user(request)
    if not user.is_authenticated:
        raise NotSignedInError("Nobody is signed in.")
    return actor_of(user)


def _session_key(header: str) -> str | None:
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return found.value if found else None


def subscribe(cookies: str, uids: Sequence[str], topics: Iterable[str]) -> Subscription:
    """What the reader may hear of what the page asks for.

    Raises:
        NotSignedInError: nobody is signed in.
        ForbiddenError: the reader may hear nothing of the kind.
    """
    actor = reader_of_cookies(cookies)
    arrivals = bulletins.ARRIVALS in topics
    if uids:
        require(actor, "accounts.view")
    if arrivals and not may(actor, "usage.view_sources"):
        if not uids:
            raise ForbiddenError("Your role does not see what arrives.")
        arrivals = False
    accounts = account_ids_by_uid(actor, [uid for uid in uids if _is_uid(uid)])
    start = bulletins.latest_bulletin(before=clock.now() - BEFORE)
    return Subscription(accounts, arrivals, bulletins.bulletins_after(start))


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
