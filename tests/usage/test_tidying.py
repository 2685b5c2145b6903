"""What waits is matched anew, and what nobody needs goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banso.accounts.models import Account, AccountKey
from banso.kit import clock
from banso.usage.models import ArrivalMinute, EventSource, HeldMessages, UnmatchedParty
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.usage.services.matching import ignore_party
from banso.usage.services.tidying import forget_old, match_waiting
from banso.workspace.types import SYSTEM
from tests.usage.collected import RECEIVED, arrive, identify, make_source, rows, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def source() -> EventSource:
    source = make_source()
    arrive(
        source,
        track(key="t1", userId="u1", context={"groupId": "A1"}),
        identify("i2", userId="u2", anonymousId="x2", traits={"email": "a@two.example"}),
        track(key="t2", userId="u2"),
        track(key="t3", anonymousId="x2"),
        track(key="t4", anonymousId="x4"),
    )
    drain_inbox(SeenKeys())
    return source


def test_accounts_that_came_otherwise_get_what_waits(source: EventSource) -> None:
    assert match_waiting() == 0
    moments = {"created_at": RECEIVED, "updated_at": RECEIVED}
    one = Account.objects.create(name="One", **moments)
    AccountKey.objects.create(account=one, source="crm", external_id="A1")
    two = Account.objects.create(name="Two", domain="two.example", **moments)
    assert match_waiting() == 3
    drain_inbox(SeenKeys())
    found = {row["message_key"]: (row["account_id"], row["user_key"]) for row in rows()}
    assert found == {"t1": (one.pk, "u1"), "t2": (two.pk, "u2"), "t3": (two.pk, "u2")}
    assert UnmatchedParty.objects.get().key == "x4"
    assert match_waiting() == 0


def test_what_is_ignored_and_old_visitors_are_let_go(source: EventSource) -> None:
    del source
    ignore_party(actor=SYSTEM, party=UnmatchedParty.objects.get(key="A1"))
    assert forget_old() == {"ignored": 0, "visitors": 0, "replayed": 0, "minutes": 0}
    with clock.at(RECEIVED + timedelta(days=31)):
        assert forget_old()["ignored"] == 1
    with clock.at(RECEIVED + timedelta(days=91)):
        assert forget_old() == {"ignored": 0, "visitors": 2, "replayed": 0, "minutes": 1}
    left = UnmatchedParty.objects.values_list("key", "messages")
    assert sorted(left) == [("A1", 0), ("u2", 1)]
    assert HeldMessages.objects.count() == 1
    assert not ArrivalMinute.objects.exists()
