"""In whatever order, batches and repetitions messages come, the same is known in the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from banso.accounts.models import Account, Contact
from banso.usage.models import HeldMessages, KnownAs, KnownGroup, Membership, Person, UnmatchedParty
from banso.usage.services.intake import SeenKeys, drain_inbox
from tests.usage.collected import arrive, group, identify, make_source, rows, track

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("stopped_clock"),
]


def on(day: int) -> str:
    return f"2026-04-{day:02d}T01:00:00Z"


#: Everything but what a drain decides for good by what is known then: a user who is in several
#: groups names the group, a visitor who signs in names none before, and nobody who was taken out of
#: a group goes on.
MESSAGES = [
    group("g1", "A1", userId="u1", timestamp=on(1), traits={"name": "One", "industry": "Paper"}),
    group("g2", "A1", userId="u2", timestamp=on(3), traits={"name": "One KK", "employees": 30}),
    group("g3", "A2", userId="u1", timestamp=on(2), traits={"name": "Two", "plan": "pro"}),
    group("g4", "A2", anonymousId="x1", timestamp=on(2), traits={"plan": "free", "name": "Two"}),
    group("g5", "A1", userId="u1", timestamp=on(5), traits={"industry": "Steel"}),
    identify("i1", userId="u1", timestamp=on(1), traits={"email": "a@one.example", "name": "A"}),
    identify("i2", userId="u1", timestamp=on(4), traits={"name": "Aoki", "title": "CTO"}),
    identify("i3", userId="u2", anonymousId="x2", timestamp=on(3), traits={"email": "b@x.example"}),
    {"type": "alias", "messageId": "a1", "previousId": "x3", "userId": "u2", "timestamp": on(2)},
    track(key="t1", userId="u1", timestamp=on(6), context={"groupId": "A1"}),
    track(key="t2", userId="u1", timestamp=on(6), context={"groupId": "A2"}),
    track(key="t3", userId="u2", timestamp=on(1), properties={"value": 4}),
    track(key="t4", userId="u2", timestamp=on(9)),
    track(key="t5", anonymousId="x2", timestamp=on(9)),
    track(key="t6", anonymousId="x3", timestamp=on(1)),
    track(key="t7", userId="nobody", timestamp=on(1)),
    track("Account Removed User", key="t8", userId="u2", timestamp=on(12), groupId="A1"),
    {"type": "page", "messageId": "p1", "name": "Home", "userId": "u2", "timestamp": on(8)},
]


def known() -> dict[str, Any]:
    """All that the messages have led to, by names instead of numbers."""
    names = dict(Account.objects.values_list("pk", "name"))
    fields = ("name", "industry", "employees", "attributes", "source")
    people = ("account__name", "name", "email", "title", "user_key")
    span = ("first_at", "last_at", "last_key")
    return {
        "rows": sorted(
            (row["message_key"], names[row["account_id"]], row["user_key"], row["ts"],
             row["feature"], row["value"])
            for row in rows()
        ),
        "accounts": sorted(map(repr, Account.objects.values_list(*fields))),
        "contacts": sorted(Contact.objects.values_list(*people)),
        "people": sorted(map(repr, Person.objects.values_list("user_key", "email"))),
        "traits": {row.user_key: row.traits for row in Person.objects.all()},
        "groups": {row.group_key: row.traits for row in KnownGroup.objects.all()},
        "members": sorted(
            map(repr, Membership.objects.values_list("user_key", "group_key", *span, "left_at"))
        ),
        "links": sorted(KnownAs.objects.values_list("former_key", "user_key", *span)),
        "waiting": sorted(UnmatchedParty.objects.values_list("kind", "key")),
        "held": HeldMessages.objects.exists(),
    }  # fmt: skip


def outcome(requests: list[list[dict[str, Any]]], pauses: list[bool]) -> dict[str, Any]:
    """What is known after the requests, drained after each that a pause follows and at the end."""
    with transaction.atomic():
        source, seen = make_source(), SeenKeys()
        for number, messages in enumerate(requests):
            arrive(source, *messages, sent_at="2026-04-15T02:59:30Z")
            if pauses[number % len(pauses)]:
                drain_inbox(seen, most_messages=3)
        while drain_inbox(seen, most_messages=5).more:
            pass
        found = known()
        transaction.set_rollback(True)
    return found


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    """The messages in any order, some of them twice, cut into requests."""
    again = draw(st.lists(st.sampled_from(MESSAGES), max_size=6))
    messages = draw(st.permutations([*MESSAGES, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(messages) - 1), max_size=12)))
    return [messages[a:b] for a, b in zip([0, *cuts], [*cuts, len(messages)], strict=True)]


# Every example drains dozens of times, so that making a failing one smaller would take minutes.
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deliveries(), st.lists(st.booleans(), min_size=1, max_size=8))
def test_order_does_not_matter(requests: list[list[dict[str, Any]]], pauses: list[bool]) -> None:
    expected = outcome([MESSAGES], [False])
    assert [row[0] for row in expected["rows"]] == [
        "p1", "t1", "t2", "t3", "t4", "t5", "t6", "t8",
    ]  # fmt: skip
    found = outcome(requests, pauses)
    assert {name: found[name] for name in found if found[name] != expected[name]} == {
        name: expected[name] for name in found if found[name] != expected[name]
    }
