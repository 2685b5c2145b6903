"""Sources of events and the keys with which they send."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from banso.kit import clock
from banso.kit.errors import ConflictError, InvalidInputError
from banso.usage.models import EventSource, WriteKey
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import check_fields, take
from banso.workspace.types import Actor

#: How long a key that was replaced is still let in.
GRACE = timedelta(days=7)
#: Random bytes of a key, which become 32 letters.
_KEY_BYTES = 24
_FIELDS = ("name", "is_enabled", "creates_accounts", "matches_domains")


@transaction.atomic
def create_source(
    *, actor: Actor, name: str, creates_accounts: bool = True, matches_domains: bool = True
) -> EventSource:
    """Make a source with its first write key.

    Raises:
        InvalidInputError: the name is empty, too long or taken.
    """
    require(actor, "usage.sources")
    source = EventSource(
        name=_free_name(name),
        creates_accounts=creates_accounts,
        matches_domains=matches_domains,
        created_at=clock.now(),
    )
    check_fields(source, ["name"])
    source.key = _free_key(source.name)
    source.save()
    _add_key(source)
    audit.record(actor, "event_source.created", "event_source", source.uid, after=_image(source))
    return source


@transaction.atomic
def change_source(*, actor: Actor, source: EventSource, **changes: Any) -> EventSource:
    """Change name, is_enabled, creates_accounts or matches_domains; takes effect within a second.

    Raises:
        InvalidInputError: the name is empty, too long or taken.
    """
    require(actor, "usage.sources")
    before = _image(take(source))
    if "name" in changes:
        changes["name"] = _free_name(changes["name"], but=source)
    for field in changes.keys() & set(_FIELDS):
        setattr(source, field, changes[field])
    check_fields(source, ["name"])
    if (after := _image(source)) != before:
        source.save(update_fields=_FIELDS)
        audit.record(
            actor, "event_source.changed", "event_source", source.uid, before=before, after=after
        )
    return source


@transaction.atomic
def rotate_key(*, actor: Actor, source: EventSource, grace: timedelta = GRACE) -> WriteKey:
    """Make a new write key; those before it are let in for the grace, and refused after it."""
    require(actor, "usage.sources")
    until = clock.now() + grace
    take(source).keys.filter(retired_at=None).update(retired_at=until)
    key = _add_key(source)
    note = {"until": until.isoformat(timespec="seconds"), "key": _shown(key)}
    audit.record(actor, "event_source.key_rotated", "event_source", source.uid, after=note)
    return key


@transaction.atomic
def retire_key(*, actor: Actor, key: WriteKey) -> None:
    """Refuse a write key from now on.

    Raises:
        ConflictError: it is the only key that stays, so that the source would be shut out for good.
    """
    require(actor, "usage.sources")
    take(key.source)
    if not key.source.keys.filter(retired_at=None).exclude(pk=key.pk).exists():
        raise ConflictError(
            _("This is the source's only lasting key. Rotate it first, or switch the source off.")
        )
    now = clock.now()
    WriteKey.objects.filter(pk=key.pk).exclude(retired_at__lte=now).update(retired_at=now)
    audit.record(
        actor,
        "event_source.key_retired",
        "event_source",
        key.source.uid,
        after={"key": _shown(key)},
    )


def _add_key(source: EventSource) -> WriteKey:
    text = secrets.token_urlsafe(_KEY_BYTES)
    return WriteKey.objects.create(source=source, key=text, created_at=clock.now())


def _shown(key: WriteKey) -> str:
    return f"…{key.key[-4:]}"


def _free_name(name: str, but: EventSource | None = None) -> str:
    name = name.strip()
    clash = EventSource.objects.filter(name__iexact=name)
    if not name or (clash.exclude(pk=but.pk) if but else clash).exists():
        message = _("A source needs a name that no other source has.")
        raise InvalidInputError(message, fields={"name": message})
    return name


def _free_key(name: str) -> str:
    """A short name for usage rows, made from the source's name; ``events`` where none can be."""
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "events"
    taken = set(EventSource.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)


def _image(source: EventSource) -> dict[str, Any]:
    return {field: getattr(source, field) for field in _FIELDS}
