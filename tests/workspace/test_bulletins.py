"""Notes between processes: what changed, and what somebody has open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banso.kit import clock
from banso.workspace.services import bulletins
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_what_is_posted_is_found_by_those_who_ask_later(stopped_clock: object) -> None:
    before = bulletins.latest_bulletin()
    bulletins.post(bulletins.ACCOUNTS, {3, 1})
    bulletins.post(bulletins.ACCOUNTS, set())
    (found,) = bulletins.bulletins_after(before)
    assert found[1:] == (bulletins.ACCOUNTS, [1, 3])
    assert bulletins.bulletins_after(found[0]) == []


def test_more_than_can_be_named_are_told_as_many(stopped_clock: object) -> None:
    bulletins.post(bulletins.ACCOUNTS, range(bulletins.MOST + 1))
    assert bulletins.bulletins_after(0)[-1][2] == []


def test_a_watch_ends_unless_it_is_renewed() -> None:
    with clock.at(NOON):
        bulletins.watch(bulletins.ACCOUNTS, [1, 2, 2], seconds=30)
    with clock.at(NOON + timedelta(seconds=20)):
        bulletins.watch(bulletins.ACCOUNTS, [2], seconds=30)
    with clock.at(NOON + timedelta(seconds=40)):
        assert bulletins.watched(bulletins.ACCOUNTS) == {2}


def test_old_notes_are_forgotten() -> None:
    with clock.at(NOON):
        bulletins.post(bulletins.ACCOUNTS, {1})
        bulletins.watch(bulletins.ACCOUNTS, [1])
    with clock.at(NOON + bulletins.KEEP + timedelta(seconds=1)):
        bulletins.post(bulletins.ACCOUNTS, {2})
        bulletins.forget_old()
        assert [ids for _, _, ids in bulletins.bulletins_after(0)] == [[2]]
        assert bulletins.watched(bulletins.ACCOUNTS) == set()
