"""Writing and checking the audit log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_noop

from banso.kit import clock
from banso.workspace.models import AuditDetail, AuditEntry, AuditHead
from banso.workspace.types import Actor

GENESIS = "0" * 64


def _canonical(value: Any) -> str:
    return json.dumps(
        value, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def _link_hash(entry: AuditEntry) -> str:
    return _digest(
        entry.seq,
        entry.at.isoformat(),
        entry.actor_kind,
        entry.actor_id,
        entry.action,
        entry.target_type,
        entry.target_uid,
        entry.detail_hash,
        entry.previous_hash,
    )


_recording: ContextVar[bool] = ContextVar("recording", default=True)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Make no entries within the block; only for :mod:`.rehearsal`, which takes all of it back."""
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


def record(
    actor: Actor,
    action: str,
    target_type: str,
    target_uid: object,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry; must run inside the transaction of the write that it describes."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs inside the transaction of what it describes.")
    if not _recording.get():
        return
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1)
    detail = json.loads(_canonical({"before": before, "after": after}))
    entry = AuditEntry(
        seq=head.seq + 1,
        at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        action=action,
        target_type=target_type,
        target_uid=str(target_uid),
        detail_hash=_digest(_canonical(detail)),
        previous_hash=head.hash,
    )
    entry.hash = _link_hash(entry)
    entry.save(force_insert=True)
    AuditDetail.objects.create(entry=entry, **detail)
    head.seq, head.hash = entry.seq, entry.hash
    head.save()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The outcome of checking the log: ``broken_at`` is the first link that does not hold.

    ``reason`` is a message id, worded in the reader's language when shown.
    """

    entries: int
    broken_at: int | None
    reason: str = ""


def verify_chain() -> ChainReport:
    """Walk the whole log and recompute every hash.

    Finds entries that were edited, deleted, reordered or cut off at the end, and details that were
    edited; a detail erased on request is reported by its absence being allowed.
    """
    previous, seq = GENESIS, 0
    for entry in AuditEntry.objects.order_by("seq").select_related("detail").iterator(2000):
        seq += 1
        if entry.seq != seq or entry.previous_hash != previous:
            reason = gettext_noop("an entry is missing or out of order")
            return ChainReport(seq, entry.seq, reason)
        if entry.hash != _link_hash(entry):
            return ChainReport(seq, entry.seq, gettext_noop("the entry was changed"))
        detail = getattr(entry, "detail", None)
        if detail is not None:
            content = _canonical({"before": detail.before, "after": detail.after})
            if _digest(content) != entry.detail_hash:
                return ChainReport(seq, entry.seq, gettext_noop("the detail was changed"))
        previous = entry.hash
    # Without a head nothing was ever written; a deleted one gives itself away by the entries.
    head = AuditHead.objects.filter(id=1).first() or AuditHead()
    if (head.seq, head.hash) != (seq, previous):
        return ChainReport(seq, seq, gettext_noop("the end of the log is missing"))
    return ChainReport(seq, None)
