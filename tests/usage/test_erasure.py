"""A person or an account can be forgotten wherever usage keeps them."""

from __future__ import annotations

import json

import pytest
from django.apps import apps

from banso.accounts.models import Account
from banso.usage.models import EventSource, RefusedMessage, UnmatchedParty, UsageBatch
from banso.usage.rules.intake.requests import read_held
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.erasure import forget_account, forget_person
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.workspace.types import SYSTEM
from tests.usage.collected import RECEIVED, arrive, group, identify, make_source, rows, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


@pytest.fixture
def source() -> EventSource:
    source = make_source()
    in_a1 = {"context": {"groupId": "A1"}}
    arrive(
        source,
        group("g1", "A1", userId="u-canary", traits={"name": "One"}),
        group("g2", "A2", userId="other", traits={"name": "Two"}),
        identify("i1", userId="u-canary", anonymousId="x-canary", traits={"name": "A"}),
        track(key="t1", userId="u-canary", **in_a1),
        track(key="t2", anonymousId="x-canary", **in_a1),
        track(key="t3", userId="other", context={"groupId": "A2"}),
        track(key="t4", userId="other", groupId="A3"),
        track(key="t5", userId="u-canary", groupId="A3"),
    )
    text = json.dumps({"type": "huh", "userId": "u-canary"})
    RefusedMessage.objects.create(
        source=source, received_at=RECEIVED, position=0, route="batch", code="unknown-type",
        body=text.encode(),
    )  # fmt: skip
    drain_inbox(SeenKeys())
    return source


def everything() -> str:
    """All rows of the room as text, payloads opened."""
    found = [str(row) for row in rows()]
    for model in apps.get_app_config("usage").get_models():
        found += map(str, model.objects.values())
    for party in UnmatchedParty.objects.all():
        found += [str(read_held(bytes(held.payload))) for held in party.held.all()]
    return "\n".join(found)


def test_nothing_of_a_person_is_left(source: EventSource) -> None:
    assert "canary" in everything()
    (batch,) = UsageBatch.objects.values_list("pk", flat=True)
    assert forget_person(actor=SYSTEM, source=source, user_key="u-canary") == [batch]
    assert "canary" not in everything()
    assert [row["message_key"] for row in rows()] == ["t3"]
    assert UsageBatch.objects.get().rows == 1
    assert UnmatchedParty.objects.get().messages == 1
    assert forget_person(actor=SYSTEM, source=source, user_key="u-canary") == []


def test_an_accounts_usage_goes_and_that_of_others_stays(source: EventSource) -> None:
    del source
    account = Account.objects.get(name="One")
    assert len(forget_account(actor=SYSTEM, account_id=account.pk, keys=[("web", "A1")])) == 1
    (batch,) = UsageBatch.objects.values_list("pk", flat=True)
    assert batch_rows(batch)["message_key"].to_pylist() == ["t3"]
    assert "A1" not in everything()
