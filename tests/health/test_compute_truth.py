"""What makes a score worth believing: nothing is known early, and nothing depends on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from banso.health.rules.months import unpack
from banso.health.services import compute
from banso.health.services.compute import picture
from banso.health.services.warehouse import drop_warehouse, warehouse
from tests.conftest import Open
from tests.engine.samples import fingerprint
from tests.health.conftest import Furnished, House, furnish

TODAY = date(2026, 4, 15)


def months() -> dict[tuple[int, date, int], bytes]:
    from banso.health.models import ScoreMonth

    rows = ScoreMonth.objects.values_list("account_id", "month", "version_id", "payload")
    return {(one, month, version): bytes(payload) for one, month, version, payload in rows}


def pulses() -> list[Mapping[str, Any]]:
    from banso.health.models import Pulse

    return list(Pulse.objects.order_by("pk").values())


def scores(day: date) -> dict[str, tuple[Any, ...]]:
    return {
        row["name"]: (row["unrounded"], row["band"], row["coverage"], row["measures"])
        for row in compute.score_rows(as_of=day)
    }


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), three_customers)


@pytest.fixture
def company(house: House) -> House:
    """Three customers: steady, falling silent, and one that left."""
    return house


def three_customers(house: House) -> None:
    steady, falling, left = (house.account(name) for name in ("Steady", "Falling", "Left"))
    house.line(steady, date(2025, 6, 1))
    house.line(falling, date(2025, 7, 1))
    house.line(left, date(2025, 6, 1), date(2026, 2, 1))
    house.use(steady, date(2025, 9, 1), 220, users=6)
    house.use(falling, date(2025, 9, 1), 190, users=4)
    house.use(left, date(2025, 9, 1), 120, users=3)
    compute.refresh_everything()


def test_later_facts_never_change_an_earlier_score(company: Any) -> None:
    from banso.accounts.models import Account
    from banso.helpdesk.models import Ticket
    from banso.voice.models import NpsAnswer

    past = TODAY - timedelta(days=60)
    before, kept = scores(past), months()
    account = Account.objects.get(name="Steady")
    company.use(account, past + timedelta(days=1), 50, users=40, feature="later")
    company.line(account, past + timedelta(days=1), mrr_minor=90_000, seats=500)
    moment = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    Ticket.objects.create(account=account, opened_at=moment, priority="urgent", external_id="t")
    NpsAnswer.objects.create(account=account, score=0, answered_at=moment, external_id="n")
    result = compute.refresh_everything()
    assert result.sync.loaded
    assert scores(past) == before
    assert scores(TODAY) != before
    last = past.replace(day=1)
    old = {key: payload for key, payload in kept.items() if key[1] < last}
    assert old
    assert {key: payload for key, payload in months().items() if key[1] < last} == old


def test_an_early_end_is_not_known_beforehand(company: Any) -> None:
    from banso.accounts.models import Account
    from banso.contracts.models import SubscriptionLine

    past = date(2026, 1, 10)
    before = scores(past)["Steady"]
    line = SubscriptionLine.objects.filter(account=Account.objects.get(name="Steady"))
    line.update(end_on=date(2026, 3, 1))
    compute.refresh_everything()
    assert scores(past)["Steady"] == before
    assert scores(TODAY)["Steady"][0] is None


def test_the_history_of_today_is_what_is_published_today(company: Any) -> None:
    from banso.health.models import Pulse, ScoreMonth

    judged = 0
    for pulse in Pulse.objects.filter(is_customer=True):
        row = ScoreMonth.objects.get(account_id=pulse.pk, month=TODAY.replace(day=1))
        month = unpack(bytes(row.payload), 30)
        at = TODAY.day - 1
        assert month.score[at] == pytest.approx(pulse.computed_score, abs=1e-4)
        assert month.coverage[at] == pytest.approx(pulse.coverage, abs=1e-6)
        keys = [measure["key"] for group in row.version.spec["groups"] for measure in
                group["measures"]]  # fmt: skip
        for key, value, points in zip(keys, month.values[:, at], month.points[:, at], strict=True):
            kept = pulse.measures.get(key)
            if kept is None:
                assert np.isnan(points)
            else:
                assert [value, points] == pytest.approx(kept, abs=1e-3, nan_ok=True)
        assert np.isnan(month.coverage[at + 1 :]).all()
        judged += 1
    assert judged == 2


def test_any_past_day_is_the_same_from_history_and_from_sql(company: Any) -> None:
    from banso.accounts.models import Account

    day = date(2025, 12, 20)
    by_name = scores(day)
    for account in Account.objects.all():
        kept = [
            unpack(payload, 31).score[day.day - 1]
            for (one, month, _version), payload in months().items()
            if one == account.pk and month == day.replace(day=1)
        ]
        assert kept[0] == pytest.approx(by_name[account.name][0], abs=1e-3)


def test_earlier_days_are_the_same_read_together_and_one_by_one(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ago = (1, 7, 90)
    together = picture.look(TODAY, earlier=ago).earlier
    monkeypatch.setattr(picture, "history", lambda *_: pytest.fail("read together"))
    monkeypatch.setattr(picture, "FEW_ACCOUNTS", 2)
    one_by_one = picture.look(TODAY, earlier=ago).earlier
    assert list(together) == list(one_by_one) == list(ago)
    for days in ago:
        assert together[days].keys() == one_by_one[days].keys()
        for key, values in one_by_one[days].items():
            np.testing.assert_allclose(together[days][key], values, rtol=1e-12, err_msg=key)
    assert together[1]["logins_28d"].tolist() != together[90]["logins_28d"].tolist()


def test_a_warehouse_made_anew_gives_the_same(company: Any) -> None:
    before = (fingerprint(warehouse()), pulses(), months())
    compute.rebuild()
    after = (fingerprint(warehouse()), pulses(), months())
    assert after == before


def test_a_lost_warehouse_is_filled_again_by_itself(company: Any) -> None:
    before = fingerprint(warehouse())
    drop_warehouse()
    result = compute.refresh()
    assert len(result.sync.loaded) == 3
    assert fingerprint(warehouse()) == before


def test_taking_usage_back_takes_its_effect_back(company: Any) -> None:
    from banso.accounts.models import Account
    from banso.usage.models import UsageBatch
    from banso.usage.services.batches import revert_batches
    from banso.workspace.types import SYSTEM

    before, held = scores(TODAY), fingerprint(warehouse())
    company.use(Account.objects.get(name="Falling"), TODAY - timedelta(days=20), 21, users=9)
    UsageBatch.objects.filter(pk=UsageBatch.objects.latest("id").pk).update(origin="import:1")
    compute.refresh()
    assert scores(TODAY) != before
    assert revert_batches(actor=SYSTEM, origin="import:1") == 21 * 9
    compute.refresh()
    assert scores(TODAY) == before
    assert fingerprint(warehouse()) == held
    assert UsageBatch.objects.exclude(reverted_at=None).get().projected_at is None
