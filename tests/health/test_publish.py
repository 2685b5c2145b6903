"""Usage profiles say what the warehouse holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from banso.health.services import compute
from banso.usage.selectors.profile import profile_of
from banso.workspace.services.company import pin_day

TODAY = date(2026, 4, 15)


def test_a_profile_shows_days_features_and_people(house: Any) -> None:
    account = house.account("Acme")
    house.use(account, TODAY - timedelta(days=9), 10, users=3)
    house.use(account, TODAY - timedelta(days=1), 1, users=1, feature="mail")
    compute.refresh()
    found = profile_of(account)
    assert found is not None
    first = TODAY - timedelta(days=9)
    assert found.on(found.events, first, TODAY) == [6] * 8 + [8, 6]
    assert found.on(found.users, first, TODAY) == [3] * 10
    assert [use.feature for use in found.feature_table(TODAY)] == ["report", "mail"]
    assert [use.now for use in found.feature_table(TODAY)] == [60, 2]
    assert (found.last_day, found.users_seen) == (TODAY, 3)
    assert [(user.user_key, sum(user.events)) for user in found.user_weeks] == [
        ("u0", 22),
        ("u1", 20),
        ("u2", 20),
    ]
    # 6 to 12 April and 13 to 15 April, from Monday on.
    assert found.user_weeks[1].events[-2:] == [14, 6]
    assert found.first_week.weekday() == 0


def test_usage_without_known_people_has_no_matrix(house: Any) -> None:
    account = house.account("Acme")
    house.batch(
        pa.table(
            {
                "row_key": ["a"],
                "account_id": [account.pk],
                "day": [TODAY],
                "feature": ["report"],
                "events": [12],
                "users": [4],
            }
        )
    )
    compute.refresh()
    found = profile_of(account)
    assert found is not None
    assert (found.users[-1], found.user_weeks, found.users_seen) == (4, [], 0)


def test_only_accounts_whose_usage_changed_are_published_again(house: Any) -> None:
    from banso.usage.models import UsageProfile

    one, two = house.account("One"), house.account("Two")
    for account in (one, two):
        house.use(account, TODAY - timedelta(days=5), 3)
    compute.refresh()
    UsageProfile.objects.update(published_at="2026-01-01T00:00:00Z")
    house.use(two, TODAY, 1, feature="mail")
    compute.refresh()
    fresh = UsageProfile.objects.filter(published_at__year=2026, published_at__month=4)
    assert list(fresh.values_list("account_id", flat=True)) == [two.pk]


def test_looking_at_another_day_shows_the_usage_of_that_day(house: Any) -> None:
    account = house.account("Acme")
    house.use(account, TODAY - timedelta(days=20), 21)
    compute.refresh()
    for day in (TODAY - timedelta(days=10), TODAY - timedelta(days=3)):
        pin_day(day=day)
        compute.refresh()
        found = profile_of(account)
        assert found is not None
        assert found.last_day == day
