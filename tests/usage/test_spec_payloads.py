"""Every example of the Segment specification is understood."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from banso.accounts.models import Account, Activity, Contact
from banso.usage.models import InboxBatch, KnownAs, UnmatchedParty
from banso.usage.rules.collect.door import examine
from banso.usage.services.intake import SeenKeys, drain_inbox
from tests.usage.collected import RECEIVED, make_source, rows

B2B = [
    "Account Created",
    "Account Deleted",
    "Signed Up",
    "Signed In",
    "Signed Out",
    "Invite Sent",
    "Account Added User",
    "Account Removed User",
    "Trial Started",
    "Trial Ended",
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("stopped_clock"),
]


def test_all_examples_of_the_specification(shared_data: Path) -> None:
    source = make_source()
    text = (shared_data / "segment_spec_payloads" / "payloads.json").read_text()
    refused = Counter[str]()
    for number, example in enumerate(json.loads(text)):
        body = json.dumps({"batch": [example["payload"]]}).encode()
        at = RECEIVED - timedelta(seconds=60 - number)
        found = examine(body, "batch", at)
        refused.update(one.code for one in found.refused)
        if found.keys:
            InboxBatch.objects.create(
                source=source, route="batch", received_at=at, body=body, messages=1
            )
    # Examples that are cut down to what they are about, without anybody who did it.
    assert refused == {"nobody": 3}
    drained = drain_inbox(SeenKeys())
    # The events of mails and chats are those of a user who was taken out of his account before.
    assert (drained.messages, drained.rows, drained.held, drained.duplicates) == (29, 11, 10, 2)
    features = Counter(row["feature"] for row in rows())
    assert features == dict.fromkeys([*B2B, "Page: Home"], 1)
    assert sorted(UnmatchedParty.objects.values_list("kind", "key", "messages")) == [
        ("user", "019mr8mf4r", 9),
        ("user", "AiUGstSDIg", 1),
    ]
    accounts = Account.objects.order_by("id").values_list("name", "industry", "employees")
    assert sorted(accounts, key=str) == [("Initech", "", None), ("Initech", "Technology", 329)]
    assert sorted(Contact.objects.values_list("name", "email", "phone")) == [
        ("Peter Gibbons", "peter@example.com", ""),
        ("Peter Gibbons", "pgibbons@example.com", "410-555-9412"),
    ]
    assert sorted(KnownAs.objects.values_list("former_key", "user_key")) == [
        ("39239-239239-239239-23923", "507f191e81"),
        ("507f191e810c19729de860ea", "97980cfea0067"),
        ("jen@email.com", "507f191e81"),
    ]
    assert sorted(Activity.objects.values_list("title", flat=True)) == [
        "Account Created",
        "Account Deleted",
        "Trial Ended",
        "Trial Started",
    ]
