"""Reads of what was refused, and of requests that the worker could not take."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from banso.kit.errors import NotFoundError
from banso.usage.models import InboxBatch, RefusedMessage

#: Characters of a message that pages show.
SHOWN = 4_000


def refused(code: str = "", source_id: int | None = None) -> QuerySet[RefusedMessage]:
    """Messages in quarantine, the newest first; of one reason and of one source where named."""
    found = RefusedMessage.objects.filter(replayed_at=None).select_related("source")
    if code:
        found = found.filter(code=code)
    if source_id is not None:
        found = found.filter(source_id=source_id)
    return found.order_by("-id")


def count_refused() -> int:
    """How many messages lie in quarantine."""
    return RefusedMessage.objects.filter(replayed_at=None).count()


def refused_by_code() -> list[tuple[str, int]]:
    """Code and how many messages were refused for it, the most frequent first."""
    found = RefusedMessage.objects.filter(replayed_at=None).order_by().values_list("code")
    return list(found.annotate(count=Count("id")).order_by("-count", "code"))


def refused_by_uid(uid: UUID) -> RefusedMessage:
    """One message in quarantine.

    Raises:
        NotFoundError: it was replayed or discarded meanwhile.
    """
    found = RefusedMessage.objects.filter(uid=uid, replayed_at=None).first()
    if found is None:
        raise NotFoundError(_("This message is no longer in quarantine."))
    return found


def shown_body(message: RefusedMessage) -> str:
    """The message for reading: indented where it is JSON, cut where it is long."""
    text = bytes(message.body).decode(errors="replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    # A terminal or a browser would swallow or act on control characters.
    text = "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in text[:SHOWN])
    return text if len(text) < SHOWN else f"{text}…"


def set_aside() -> list[InboxBatch]:
    """Requests that failed too often and wait for a person, the oldest first."""
    found = InboxBatch.objects.exclude(set_aside_at=None).select_related("source")
    return list(found.defer("body").order_by("id"))


def set_aside_by_id(batch_id: int) -> InboxBatch:
    """One request that was set aside.

    Raises:
        NotFoundError: it was tried again or discarded meanwhile.
    """
    found = InboxBatch.objects.exclude(set_aside_at=None).filter(pk=batch_id).first()
    if found is None:
        raise NotFoundError(_("This request is no longer set aside."))
    return found
