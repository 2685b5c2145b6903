"""The audit log says who did what, and shows it when somebody tampers with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from banso.workspace.models import AuditEntry, AuditHead
from banso.workspace.services import audit
from banso.workspace.services.audit import verify_chain
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record(
                SYSTEM, "thing.changed", "thing", number, before={"n": 0}, after={"n": number}
            )


def test_an_untouched_log_is_whole() -> None:
    write(5)
    assert verify_chain().broken_at is None
    assert verify_chain().entries == 5


def _edit() -> None:
    AuditEntry.objects.filter(seq=3).update(action="nothing.happened")


def _edit_detail() -> None:
    entry = AuditEntry.objects.get(seq=3)
    entry.detail.after = {"n": 99}
    entry.detail.save()


def _delete() -> None:
    AuditEntry.objects.filter(seq=3).delete()


def _reorder() -> None:
    AuditEntry.objects.filter(seq=3).update(seq=30)
    AuditEntry.objects.filter(seq=4).update(seq=3)
    AuditEntry.objects.filter(seq=30).update(seq=4)


def _cut_off_the_end() -> None:
    AuditEntry.objects.filter(seq__gte=4).delete()


def _empty_it() -> None:
    AuditEntry.objects.all().delete()


@pytest.mark.parametrize(
    "tamper", [_edit, _edit_detail, _delete, _reorder, _cut_off_the_end, _empty_it]
)
def test_tampering_shows(tamper: Callable[[], None]) -> None:
    write(5)
    tamper()
    assert verify_chain().broken_at is not None


def test_details_can_be_erased_on_request_without_breaking_the_chain() -> None:
    write(3)
    AuditEntry.objects.get(seq=2).detail.delete()
    assert verify_chain().broken_at is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        audit.record(SYSTEM, "thing.changed", "thing", 1)
    assert not AuditHead.objects.exists()
