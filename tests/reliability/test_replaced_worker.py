"""A worker that another one has replaced writes nothing that anybody would see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from banso.accounts.models import Account, AccountKey
from banso.health.models import MetricColumn, Pulse, ScoreMonth, Signal
from banso.health.services import compute
from banso.health.services.history import fill_history
from banso.usage.models import InboxBatch, UsageBatch
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.workspace.models import Bulletin
from banso.workspace.services import lease
from banso.workspace.services.lease import LeaseLostError
from tests.health.conftest import house  # noqa: F401 - a fixture
from tests.usage.collected import RECEIVED, arrive, make_source, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
SEEN_BY_PEOPLE = (Pulse, Signal, MetricColumn, ScoreMonth, Bulletin)


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise LeaseLostError

    monkeypatch.setattr(lease, "confirm", lost)


def test_it_publishes_nothing(house: Any, replaced: None) -> None:  # noqa: F811
    account = house.account("Acme")
    house.line(account, date(2026, 1, 1))
    house.use(account, date(2026, 4, 1), 10)
    with pytest.raises(LeaseLostError):
        compute.refresh()
    assert [model.__name__ for model in SEEN_BY_PEOPLE if model.objects.exists()] == []


def test_it_writes_no_history(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    account = house.account("Acme")
    house.line(account, date(2026, 1, 1))
    house.use(account, date(2026, 4, 1), 10)
    compute.refresh()
    before = list(ScoreMonth.objects.values_list("pk", "payload"))

    def lost() -> None:
        raise LeaseLostError

    monkeypatch.setattr(lease, "confirm", lost)
    with pytest.raises(LeaseLostError):
        fill_history()
    assert list(ScoreMonth.objects.values_list("pk", "payload")) == before


def test_it_leaves_the_inbox_to_the_other(replaced: None) -> None:
    source = make_source()
    account = Account.objects.create(name="Initech", created_at=RECEIVED, updated_at=RECEIVED)
    AccountKey.objects.create(account=account, source=source.key, external_id="A1")
    arrive(source, track(key="m1", userId="u1", context={"groupId": "A1"}))
    with pytest.raises(LeaseLostError):
        drain_inbox(SeenKeys())
    waiting = InboxBatch.objects.get()
    assert (waiting.attempts, waiting.set_aside_at) == (0, None)
    assert not UsageBatch.objects.exists()
