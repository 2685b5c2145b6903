"""Sources of events: their names, their switches, and the keys with which they send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banso.kit import clock
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError
from banso.usage.selectors.write_keys import write_keys
from banso.usage.services.sources import change_source, create_source, retire_key, rotate_key
from banso.workspace.models import AuditDetail, AuditEntry, User
from banso.workspace.selectors import actor_of
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_source_begins_with_a_key_of_its_own() -> None:
    web, server = (create_source(actor=SYSTEM, name=name) for name in ("Web app", "サーバー"))
    assert (web.key, server.key) == ("web-app", "events")
    assert create_source(actor=SYSTEM, name="Web-app").key == "web-app-2"
    (key,) = web.keys.all()
    assert len(key.key) >= 32
    assert write_keys()[key.key] == (web.pk, True)


@pytest.mark.parametrize("name", ["", "  ", "web APP", "x" * 121])
def test_a_name_is_there_and_is_not_taken(name: str) -> None:
    create_source(actor=SYSTEM, name="Web app")
    with pytest.raises(InvalidInputError):
        create_source(actor=SYSTEM, name=name)


def test_a_source_is_switched_off_and_on() -> None:
    source = create_source(actor=SYSTEM, name="Web app")
    change_source(actor=SYSTEM, source=source, is_enabled=False)
    assert set(write_keys().values()) == {(source.pk, False)}
    change_source(actor=SYSTEM, source=source, is_enabled=True, name="web app")
    assert set(write_keys().values()) == {(source.pk, True)}
    count = AuditEntry.objects.count()
    change_source(actor=SYSTEM, source=source, name="web app")
    assert AuditEntry.objects.count() == count


def test_a_rotated_key_is_let_in_for_a_week(stopped_clock: object) -> None:
    source = create_source(actor=SYSTEM, name="Web app")
    (old,) = source.keys.all()
    new = rotate_key(actor=SYSTEM, source=source)
    assert set(write_keys()) == {old.key, new.key}
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert set(write_keys()) == {new.key}
    rotate_key(actor=SYSTEM, source=source)
    old.refresh_from_db()
    assert old.retired_at == clock.now() + timedelta(days=7)


def test_a_leaked_key_is_retired_at_once() -> None:
    source = create_source(actor=SYSTEM, name="Web app")
    (old,) = source.keys.all()
    with pytest.raises(ConflictError):
        retire_key(actor=SYSTEM, key=old)
    new = rotate_key(actor=SYSTEM, source=source)
    retire_key(actor=SYSTEM, key=old)
    assert set(write_keys()) == {new.key}
    told = [str(detail.after) for detail in AuditDetail.objects.all()]
    assert not any(old.key in text or new.key in text for text in told)


def test_only_administrators_see_to_sources(people: dict[str, User]) -> None:
    with pytest.raises(ForbiddenError):
        create_source(actor=actor_of(people["leader"]), name="Web app")
