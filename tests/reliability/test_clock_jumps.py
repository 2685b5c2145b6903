"""A clock that jumps while events arrive loses none, counts none twice, and holds none up."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from banso.health.services.live import LiveCycle
from banso.health.services.warehouse import warehouse
from banso.kit import clock
from banso.usage.models import EventSource, InboxBatch, UsageBatch
from banso.usage.selectors.batches import first_live_batch
from banso.usage.services.intake import SeenKeys, drain_inbox
from tests.conftest import NOON
from tests.health.conftest import house  # noqa: F401 - a fixture
from tests.usage.collected import arrive, group, make_source, rows, track

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("house")]
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
JUMPS = [HOUR, -HOUR, YEAR, -YEAR]
BACK_AND_FORTH = [timedelta(), HOUR, -HOUR, YEAR, timedelta(), -YEAR, YEAR, timedelta(seconds=9)]


@pytest.fixture
def source() -> EventSource:
    return make_source()


def event(key: str) -> dict[str, Any]:
    return track(key=key, userId="u1", context={"groupId": "A1"}, timestamp=NOON.isoformat())


def keys() -> Counter[str]:
    return Counter(str(row["message_key"]) for row in rows())


def events_in_warehouse() -> int:
    count = warehouse().query("SELECT count(*) AS n FROM raw_events")["n"][0].as_py()
    return int(count)


def test_everything_counts_once_whatever_the_clock_says(source: EventSource) -> None:
    """Each moment brings a new event and all the earlier ones again."""
    cycle = LiveCycle()
    for number, jump in enumerate(BACK_AND_FORTH):
        with clock.at(NOON + jump):
            if number == 0:
                arrive(source, group("g1", "A1", userId="u1", traits={"name": "One"}))
                cycle.warm_up()
            for key in range(number + 1):
                arrive(source, event(f"m{key}"), received_at=clock.now())
            while cycle.run_once():
                pass
    assert keys() == {f"m{number}": 1 for number in range(len(BACK_AND_FORTH))}
    assert events_in_warehouse() == len(BACK_AND_FORTH)
    assert not InboxBatch.objects.exists()


@pytest.mark.parametrize("jump", JUMPS)
def test_a_worker_that_starts_after_a_jump_knows_what_came_before(
    jump: timedelta, source: EventSource
) -> None:
    with clock.at(NOON):
        arrive(source, group("g1", "A1", userId="u1", traits={"name": "One"}), event("m1"))
        first = LiveCycle()
        first.warm_up()
        first.run_once()
    with clock.at(NOON + jump):
        arrive(source, event("m1"), event("m2"), received_at=clock.now())
        second = LiveCycle()
        second.warm_up()
        second.run_once()
    assert keys() == {"m1": 1, "m2": 1}


@pytest.mark.parametrize("jump", JUMPS)
def test_a_request_put_off_by_a_wrong_clock_is_tried_again_soon(
    jump: timedelta, source: EventSource
) -> None:
    damaged = arrive(source, event("m1"))
    InboxBatch.objects.filter(pk=damaged.pk).update(is_gzip=True)
    seen = SeenKeys()
    with clock.at(NOON + jump):
        drain_inbox(seen)
    InboxBatch.objects.filter(pk=damaged.pk).update(is_gzip=False)
    with clock.at(NOON + timedelta(minutes=3)):
        drain_inbox(seen)
    assert not InboxBatch.objects.exists()


def keep(moment: datetime, *, is_judged: bool = True) -> int:
    """An empty batch of live events of a hundred rows."""
    batch = UsageBatch.objects.create(
        source="web",
        kind=UsageBatch.LIVE,
        rows=100,
        payload=b"",
        created_at=moment,
        projected_at=moment if is_judged else None,
    )
    return batch.pk


def test_memory_goes_back_by_time_and_by_number() -> None:
    moments = [NOON + timedelta(minutes=number) for number in range(10)]
    kept = [keep(moment) for moment in moments]
    newest = keep(moments[-1], is_judged=False)
    assert first_live_batch(moments[3], at_least=1) == kept[3]
    assert first_live_batch(NOON + YEAR, at_least=300) == kept[8]
    assert first_live_batch(NOON + YEAR, at_least=10_000) == kept[0]
    # What was put together has the highest number and is old all the same.
    UsageBatch.objects.filter(pk__in=kept[:8]).delete()
    keep(moments[7])
    assert first_live_batch(NOON + YEAR, at_least=300) == kept[8]
    assert first_live_batch(NOON + YEAR, at_least=1) == newest
    UsageBatch.objects.all().delete()
    assert first_live_batch(NOON) is None
