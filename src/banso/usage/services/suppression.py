"""Keeping accounts that were erased from coming back by themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.crypto import salted_hmac

from banso.kit import clock
from banso.usage.models import ErasedKey, EventSource

_SALT = "banso.usage.erased"


def remember_erased(sources: Iterable[EventSource], ids: Iterable[str]) -> None:
    """Note that no group call of these sources may create an account for one of the ids."""
    now, listed = clock.now(), list(ids)
    ErasedKey.objects.bulk_create(
        [
            ErasedKey(digest=_digest(source.key, key), erased_at=now)
            for source in sources
            for key in listed
        ],
        ignore_conflicts=True,
    )


def erased_among(source: EventSource, ids: Iterable[str]) -> set[str]:
    """Those of a source's ids whose accounts were erased."""
    digests = {_digest(source.key, key): key for key in ids}
    found = ErasedKey.objects.filter(digest__in=digests) if digests else ErasedKey.objects.none()
    return {digests[digest] for digest in found.values_list("digest", flat=True)}


def allow_again(source: EventSource, key: str) -> None:
    """Forget that the account of an id was erased, because a person said whose it is now."""
    ErasedKey.objects.filter(digest=_digest(source.key, key)).delete()


def _digest(source: str, key: str) -> str:
    """Without the installation's secret nobody can tell which id it was."""
    return salted_hmac(_SALT, f"{source}\0{key}", algorithm="sha256").hexdigest()
