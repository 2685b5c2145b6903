"""Whatever somebody does to the audit log in the database shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.workspace.models import AuditDetail, AuditEntry, AuditHead
from banso.workspace.services import audit
from banso.workspace.services.audit import verify_chain
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
VALUES = st.none() | st.dictionaries(
    TEXT, TEXT | st.integers(-(2**53), 2**53) | st.none() | st.booleans(), max_size=3
)
ENTRIES = st.lists(st.tuples(TEXT, VALUES, VALUES), min_size=2, max_size=7)
FIELDS = ["at", "actor_kind", "actor_id", "action", "target_type", "target_uid", "detail_hash"]
FIELDS += ["previous_hash", "hash"]

Tamper = Callable[[int, int], None]


def write(entries: list[tuple[str, Any, Any]]) -> None:
    for action, before, after in entries:
        with transaction.atomic():
            audit.record(SYSTEM, action, "thing", "uid", before=before, after=after)


def edit(name: str) -> Tamper:
    def change(first: int, second: int) -> None:
        entry = AuditEntry.objects.get(seq=first)
        old = getattr(entry, name)
        match name:
            case "at":
                new: Any = old + timedelta(microseconds=second)
            case "actor_id":
                new = second if old is None else None
            case "hash" | "previous_hash" | "detail_hash":
                new = old[:-1] + ("0" if old[-1] != "0" else "1")
            case _:
                new = f"{old[:6]}x"
        AuditEntry.objects.filter(seq=first).update(**{name: new})

    return change


def edit_detail(first: int, second: int) -> None:
    AuditDetail.objects.filter(entry_id=first).update(after={"n": "never", "second": second})


def delete(first: int, second: int) -> None:
    AuditEntry.objects.filter(seq__range=sorted((first, second))).delete()


def delete_and_close_the_gap(first: int, second: int) -> None:
    AuditEntry.objects.filter(seq=first).delete()
    for entry in AuditEntry.objects.filter(seq__gt=first).order_by("seq"):
        AuditDetail.objects.filter(entry_id=entry.seq).delete()
        AuditEntry.objects.filter(seq=entry.seq).update(seq=F("seq") - 1)


def swap(first: int, second: int) -> None:
    second = second if second != first else first % AuditEntry.objects.count() + 1
    AuditDetail.objects.filter(entry_id__in=(first, second)).delete()
    for old, new in ((first, 900), (second, first), (900, second)):
        AuditEntry.objects.filter(seq=old).update(seq=new)


def cut_off(first: int, second: int) -> None:
    AuditEntry.objects.filter(seq__gte=first).delete()


def cut_off_with_the_head(first: int, second: int) -> None:
    cut_off(max(first, 2), second)
    AuditHead.objects.all().delete()


def empty(first: int, second: int) -> None:
    AuditEntry.objects.all().delete()


def insert(first: int, second: int) -> None:
    last = AuditEntry.objects.order_by("seq").last()
    assert last is not None
    last.seq, last.action = last.seq + 1, "thing.never_happened"
    last.save(force_insert=True)


TAMPERS: dict[str, Tamper] = {f"edit {name}": edit(name) for name in FIELDS} | {
    f.__name__: f
    for f in (
        edit_detail,
        delete,
        delete_and_close_the_gap,
        swap,
        cut_off,
        cut_off_with_the_head,
        empty,
        insert,
    )
}


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ENTRIES, st.sampled_from(sorted(TAMPERS)), st.integers(0, 99), st.integers(0, 99))
def test_tampering_is_found(
    db: None, entries: list[tuple[str, Any, Any]], name: str, first: int, second: int
) -> None:
    count = len(entries)
    with transaction.atomic():
        write(entries)
        assert verify_chain() == audit.ChainReport(count, None)
        with connection.constraint_checks_disabled():
            TAMPERS[name](first % count + 1, second % count + 1)
        assert verify_chain().broken_at is not None, name
        transaction.set_rollback(True)
