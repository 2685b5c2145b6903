"""A person or an account can be forgotten wherever usage keeps them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.apps import apps

from banso.accounts.models import Account, Contact
from banso.kit.errors import ForbiddenError
from banso.usage.events import UsageErased
from banso.usage.models import (
    ErasedKey,
    EventSource,
    InboxBatch,
    Person,
    RefusedMessage,
    UnmatchedParty,
    UsageBatch,
)
from banso.usage.rules.intake.requests import read_held
from banso.usage.selectors.batches import batch_rows
from banso.usage.services.batches import accept_batch
from banso.usage.services.erasing import request_party_erasure
from banso.usage.services.erasure import erase_account, erase_contact, erase_person
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.usage.services.matching import match_party
from banso.usage.services.suppression import _digest
from banso.workspace.models import Job
from banso.workspace.selectors import actor_of
from banso.workspace.services.jobs import JobCancelledError, run_job
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


def everywhere() -> str:
    """All rows of all rooms as text, with the open payloads of usage."""
    found = [everything()]
    for model in apps.get_models():
        found += map(str, model._default_manager.values())
    for row in InboxBatch.objects.all():
        found.append(bytes(row.body).decode())
    for row in RefusedMessage.objects.all():
        found.append(bytes(row.body).decode())
    return "\n".join(found)


def test_nothing_of_a_person_is_left(source: EventSource) -> None:
    arrive(
        source,
        track(key="w1", userId="u-canary"),
        track(key="w2", userId="other", context={"groupId": "A2"}),
    )
    arrive(source, track(key="w3", userId="u-canary"))
    assert "canary" in everywhere()
    assert erase_person(actor=SYSTEM, source="web", user_key="u-canary") == 1
    assert "canary" not in everywhere()
    assert [row["message_key"] for row in rows()] == ["t3"]
    assert UsageBatch.objects.get().rows == 1
    assert UnmatchedParty.objects.get().messages == 1
    assert not Contact.objects.exists()
    assert InboxBatch.objects.get().messages == 1
    drain_inbox(SeenKeys())
    assert [row["message_key"] for row in rows()] == ["t3", "w2"]
    assert erase_person(actor=SYSTEM, source="web", user_key="u-canary") == 0


def test_an_accounts_usage_and_people_go_and_those_of_others_stay(source: EventSource) -> None:
    arrive(source, group("g9", "A1", traits={"name": "Canary Ltd"}), track(key="w", groupId="A2"))
    account = Account.objects.get(name="One")
    assert erase_account(actor=SYSTEM, account=account) == 1
    (batch,) = UsageBatch.objects.values_list("pk", flat=True)
    assert batch_rows(batch)["message_key"].to_pylist() == ["t3"]
    assert "A1" not in everything()
    assert "canary" not in everywhere().lower()
    assert [one.name for one in Account.objects.all()] == ["Two"]
    assert InboxBatch.objects.get().messages == 1


def test_an_erased_account_comes_back_only_by_a_person(source: EventSource) -> None:
    erase_account(actor=SYSTEM, account=Account.objects.get(name="One"))
    arrive(
        source,
        group("g7", "A1", traits={"name": "One"}),
        group("g8", "A9", traits={"name": "Nine"}),
        track(key="t9", userId="u9", groupId="A1"),
    )
    drain_inbox(SeenKeys())
    assert {one.name for one in Account.objects.all()} == {"Two", "Nine"}
    party = UnmatchedParty.objects.get(key="A1")
    assert party.messages == 1
    match_party(actor=SYSTEM, party=party, account=Account.objects.get(name="Two"))
    assert not ErasedKey.objects.filter(digest=_digest("web", "A1")).exists()
    drain_inbox(SeenKeys())
    assert "t9" in [row["message_key"] for row in rows()]


def test_a_person_who_is_elsewhere_too_stays_there(source: EventSource) -> None:
    arrive(source, track(key="t6", userId="u-canary", groupId="A2"))
    arrive(source, group("g3", "A2", userId="u-canary"))
    drain_inbox(SeenKeys())
    erase_account(actor=SYSTEM, account=Account.objects.get(name="One"))
    assert "t6" in [row["message_key"] for row in rows()]
    assert Person.objects.filter(user_key="u-canary").exists()


def test_who_asks_again_after_it_was_cut_short_erases_everything(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("banso.usage.services.rewriting._rewrite", die)
    with pytest.raises(KeyboardInterrupt):
        erase_contact(actor=SYSTEM, contact=Contact.objects.get(user_key="u-canary"))
    monkeypatch.undo()
    # Events under the id from before the sign-in are found only by the link between the two.
    erase_contact(actor=SYSTEM, contact=Contact.objects.get(user_key="u-canary"))
    assert "canary" not in everywhere()


def test_what_came_in_meanwhile_goes_too(source: EventSource) -> None:
    def arrive_late(done: int, total: int) -> None:
        if (done, total) == (1, 1):
            arrive(source, track(key="late", userId="u-canary", context={"groupId": "A1"}))
            drain_inbox(SeenKeys())

    erase_person(actor=SYSTEM, source="web", user_key="u-canary", progress=arrive_late)
    assert [row["message_key"] for row in rows()] == ["t3"]


def test_how_far_it_is_is_told_batch_by_batch(source: EventSource) -> None:
    arrive(source, track(key="w1", userId="other", context={"groupId": "A2"}))
    drain_inbox(SeenKeys())
    told: list[tuple[int, int]] = []
    erase_account(
        actor=SYSTEM,
        account=Account.objects.get(name="One"),
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


def test_who_stops_it_half_way_lets_the_warehouse_know_what_is_gone(
    source: EventSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(done: int, total: int) -> None:
        raise JobCancelledError

    published: list[object] = []
    monkeypatch.setattr("banso.usage.services.rewriting.events.publish", published.append)
    with pytest.raises(JobCancelledError):
        erase_person(actor=SYSTEM, source="web", user_key="u-canary", progress=stop)
    assert published == [UsageErased()]


def test_somebody_who_only_waits_to_be_matched_is_erased_in_the_background(
    source: EventSource, people: Any
) -> None:
    arrive(source, track(key="h1", userId="u-held"))
    drain_inbox(SeenKeys())
    party = UnmatchedParty.objects.get(key="u-held")
    request_party_erasure(actor=actor_of(people["admin"]), party=party)
    job = Job.objects.get(kind="usage.erase")
    assert "u-held" not in json.dumps(job.params)
    for _time in range(2):
        Job.objects.filter(pk=job.pk).update(status="queued")
        run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.status, job.done, job.total) == ("done", 1, 1)
    assert "u-held" not in everywhere()


def test_usage_that_files_brought_goes_with_its_user(source: EventSource) -> None:
    account = Account.objects.get(name="Two")
    table = pa.table(
        {
            "row_key": ["r1", "r2"],
            "account_id": pa.array([account.pk] * 2, pa.int64()),
            "user_key": ["u-canary", "u2"],
            "day": pa.array([date(2026, 4, 1)] * 2, pa.date32()),
            "feature": ["a", "a"],
            "events": pa.array([1, 1], pa.int64()),
        }
    )
    (batch,) = accept_batch(actor=SYSTEM, source="files", kind="counted", table=table)
    assert erase_person(actor=SYSTEM, source="files", user_key="u-canary") == 1
    assert batch_rows(batch.pk)["user_key"].to_pylist() == ["u2"]
    batch.refresh_from_db()
    assert (batch.rows, batch.stale_accounts) == (1, [account.pk])


def test_only_administrators_erase(source: EventSource, people: Any) -> None:
    with pytest.raises(ForbiddenError):
        erase_person(actor=actor_of(people["leader"]), source=source.key, user_key="u-canary")
