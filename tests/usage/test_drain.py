"""What waits in the inbox becomes usage, once."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from banso.accounts.models import Account, AccountKey
from banso.usage.models import ArrivalMinute, EventSource, Feature, InboxBatch, UsageBatch
from banso.usage.services.intake import SeenKeys, digests, drain_inbox
from tests.usage.collected import RECEIVED, arrive, make_source, rows, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def source() -> EventSource:
    return make_source()


@pytest.fixture
def account(source: EventSource) -> Account:
    account = Account.objects.create(name="Initech", created_at=RECEIVED, updated_at=RECEIVED)
    AccountKey.objects.create(account=account, source=source.key, external_id="A1")
    return account


def in_a1(key: str, **fields: object) -> dict[str, object]:
    return track(key=key, userId="u1", context={"groupId": "A1"}, **fields)


def test_a_track_call_becomes_a_row(source: EventSource, account: Account) -> None:
    arrive(
        source,
        in_a1("m1", timestamp="2026-04-14T15:30:00.250Z", properties={"revenue": 12.5}),
        sent_at="2026-04-15T02:59:00Z",
    )
    seen = SeenKeys()
    drained = drain_inbox(seen)
    assert rows() == [
        {
            "source": "web",
            "message_key": "m1",
            "account_id": account.pk,
            "user_key": "u1",
            "ts": datetime(2026, 4, 14, 15, 31, 0, 250_000),
            "day": date(2026, 4, 15),
            "feature": "Opened",
            "value": 12.5,
        }
    ]
    ((number, table),) = drained.batches
    assert number == UsageBatch.objects.get().pk
    assert table.num_rows == drained.rows == drained.messages == 1
    assert drained.oldest_received_at == RECEIVED
    assert not drained.more
    assert not seen.unseen(digests("web", ["m1"])).any()
    assert not InboxBatch.objects.exists()
    assert Feature.objects.get().key == "Opened"
    source.refresh_from_db()
    assert source.first_event_at == source.last_event_at == RECEIVED


def test_a_message_counts_once(source: EventSource, account: Account) -> None:
    del account
    arrive(source, in_a1("m1"), in_a1("m2"), in_a1("m1"))
    arrive(source, in_a1("m2"), in_a1("m3"))
    seen = SeenKeys()
    first = drain_inbox(seen)
    assert (first.rows, first.duplicates, first.messages) == (3, 2, 5)
    arrive(source, in_a1("m3"), in_a1("m4"))
    again = drain_inbox(seen)
    assert (again.rows, again.duplicates) == (1, 1)
    assert [row["message_key"] for row in rows()] == ["m1", "m2", "m3", "m4"]
    minute = ArrivalMinute.objects.get()
    assert (minute.accepted, minute.duplicates, minute.held) == (4, 3, 0)


def test_a_key_counts_per_source(source: EventSource, account: Account) -> None:
    other = make_source("app")
    AccountKey.objects.create(account=account, source="app", external_id="A1")
    arrive(source, in_a1("m1"))
    arrive(other, in_a1("m1"))
    drained = drain_inbox(SeenKeys())
    assert len(drained.batches) == drained.rows == 2
    assert {row["source"] for row in rows()} == {"web", "app"}


def test_no_more_is_taken_at_once_than_asked_for(source: EventSource, account: Account) -> None:
    del account
    for number in range(5):
        arrive(source, in_a1(f"{number}a"), in_a1(f"{number}b"))
    seen = SeenKeys()
    first = drain_inbox(seen, most_messages=4)
    assert (first.rows, first.more) == (4, True)
    assert drain_inbox(seen).rows == 6
