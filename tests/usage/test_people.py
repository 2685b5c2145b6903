"""What identify, group and alias calls say, and whose messages are whose."""

from __future__ import annotations

import pytest

from banso.accounts.models import Account, AccountKey, Activity, Contact
from banso.kit.text import company_key
from banso.usage.models import EventSource, Feature, HeldMessages, UnmatchedParty
from banso.usage.services.intake import Drained, SeenKeys, drain_inbox
from banso.usage.services.matching import match_domain, match_party, remove_rule
from banso.workspace.types import SYSTEM
from tests.usage.collected import RECEIVED, arrive, group, identify, make_source, rows, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
LATER = "2026-04-15T02:00:00Z"
EARLIER = "2026-04-10T02:00:00Z"


@pytest.fixture
def source() -> EventSource:
    return make_source()


def drain(seen: SeenKeys | None = None) -> Drained:
    """Drain until nothing more waits."""
    seen = seen or SeenKeys()
    total = drained = drain_inbox(seen)
    while drained.more:
        drained = drain_inbox(seen)
        total.rows += drained.rows
        total.accounts |= drained.accounts
    return total


def of_whom() -> dict[str, str]:
    """Message key to the name of its account."""
    names = dict(Account.objects.values_list("pk", "name"))
    return {row["message_key"]: names[row["account_id"]] for row in rows()}


def make_account(name: str, **fields: object) -> Account:
    moments = {"created_at": RECEIVED, "updated_at": RECEIVED}
    return Account.objects.create(name=name, name_key=company_key(name), **moments, **fields)


def test_a_group_call_creates_an_account(source: EventSource) -> None:
    traits = {
        "name": "Initech K.K.",
        "industry": "Technology",
        "employees": 329,
        "website": "https://www.Initech.example/about",
        "plan": "enterprise",
        "address": {"country": "Japan", "street": "1-2-3"},
    }
    arrive(source, group("g1", "A1", userId="u1", traits=traits))
    drained = drain()
    account = Account.objects.get()
    assert drained.accounts == {account.pk}
    assert (account.name, account.industry, account.employees) == (
        "Initech K.K.",
        "Technology",
        329,
    )
    assert (account.domain, account.country, account.address) == (
        "initech.example",
        "Japan",
        "1-2-3",
    )
    assert account.attributes == {"plan": "enterprise"}
    assert account.source == "web"
    assert account.keys.get().external_id == "A1"
    assert rows() == []


def test_a_group_of_a_known_domain_or_name_is_that_account(source: EventSource) -> None:
    by_domain = make_account("Initech Holdings", domain="initech.example")
    by_name = make_account("株式会社ハロー")
    arrive(
        source,
        group("g1", "A1", userId="u", traits={"name": "Initech", "domain": "initech.example"}),
        group("g2", "A2", userId="u", traits={"name": "ハロー"}),
    )
    drain()
    known = dict(AccountKey.objects.values_list("external_id", "account_id"))
    assert known == {"A1": by_domain.pk, "A2": by_name.pk}
    assert Account.objects.count() == 2
    by_name.refresh_from_db()
    assert by_name.name == "株式会社ハロー"


def test_two_accounts_of_one_name_are_never_guessed(source: EventSource) -> None:
    make_account("Initech")
    make_account("Initech Inc.")
    source.creates_accounts = False
    source.save()
    arrive(source, group("g1", "A1", userId="u", traits={"name": "Initech"}))
    drain()
    assert UnmatchedParty.objects.get().name == "Initech"
    assert not AccountKey.objects.exists()


def test_fields_that_a_person_changed_stay(source: EventSource) -> None:
    arrive(source, group("g1", "A1", userId="u", traits={"name": "Initech", "industry": "IT"}))
    drain()
    Account.objects.update(name="Initech Corporation")
    traits = {"name": "Initech 2", "industry": "Software"}
    arrive(source, group("g2", "A1", userId="u", traits=traits, timestamp=LATER))
    drain()
    account = Account.objects.get()
    assert (account.name, account.industry) == ("Initech Corporation", "IT")


def test_fields_follow_the_latest_message_whenever_it_came(source: EventSource) -> None:
    def call(key: str, industry: str, at: str) -> None:
        traits = {"name": "Initech", "industry": industry}
        arrive(source, group(key, "A1", userId="u", traits=traits, timestamp=at))
        drain()

    call("g1", "IT", EARLIER)
    call("g2", "Software", LATER)
    call("g0", "Paper", EARLIER)
    assert Account.objects.get().industry == "Software"


def test_a_user_without_group_is_of_the_group_he_was_seen_in_last(source: EventSource) -> None:
    arrive(
        source,
        group("g1", "A1", userId="u1", traits={"name": "One"}, timestamp="2026-04-10T00:00:00Z"),
        group("g2", "A2", userId="u1", traits={"name": "Two"}, timestamp="2026-04-12T00:00:00Z"),
        track(key="before", userId="u1", timestamp="2026-04-09T00:00:00Z"),
        track(key="between", userId="u1", timestamp="2026-04-11T00:00:00Z"),
        track(key="after", userId="u1", timestamp="2026-04-13T00:00:00Z"),
        track(key="told", userId="u1", context={"groupId": "A1"}, timestamp=LATER),
    )
    drain()
    assert of_whom() == {"before": "One", "between": "One", "after": "Two", "told": "One"}


def test_an_id_from_before_the_sign_in_is_the_user_later(source: EventSource) -> None:
    arrive(
        source,
        group("g1", "A1", userId="u1", traits={"name": "One"}, timestamp=EARLIER),
        identify("i1", userId="u1", anonymousId="anon", timestamp=EARLIER),
        track(key="t1", anonymousId="anon", timestamp=LATER),
        {"type": "alias", "messageId": "a1", "previousId": "old", "userId": "u1"},
        track(key="t2", anonymousId="old", timestamp=LATER),
    )
    drain()
    assert {row["message_key"]: row["user_key"] for row in rows()} == {"t1": "u1", "t2": "u1"}


def test_identify_adds_a_contact_at_every_account_of_the_person(source: EventSource) -> None:
    traits = {"firstName": "花子", "lastName": "青木", "email": "Hanako@one.example", "seat": 3}
    arrive(
        source,
        identify("i1", userId="u1", traits=traits),
        group("g1", "A1", userId="u1", traits={"name": "One"}),
        group("g2", "A2", userId="u1", traits={"name": "Two"}),
    )
    drained = drain()
    assert drained.accounts == set(Account.objects.values_list("pk", flat=True))
    people = Contact.objects.values_list("account__name", "name", "email", "user_key", "consent")
    assert sorted(people) == [
        ("One", "青木 花子", "Hanako@one.example", "u1", None),
        ("Two", "青木 花子", "Hanako@one.example", "u1", None),
    ]
    assert Contact.objects.first().attributes == {"seat": "3"}


def test_a_contact_made_by_hand_is_completed_and_not_overwritten(source: EventSource) -> None:
    account = make_account("One")
    AccountKey.objects.create(account=account, source="web", external_id="A1")
    moments = {"created_at": RECEIVED, "updated_at": RECEIVED}
    Contact.objects.create(
        account=account, name="青木様", email="h@one.example", source="manual", **moments
    )
    traits = {"name": "Hanako Aoki", "email": "H@one.example", "title": "CTO"}
    arrive(
        source,
        group("g1", "A1", userId="u1"),
        identify("i1", userId="u1", traits=traits),
    )
    drain()
    contact = Contact.objects.get()
    assert (contact.name, contact.title, contact.user_key) == ("青木様", "CTO", "u1")
    assert (contact.source, contact.email) == ("manual", "h@one.example")


def test_what_nobody_is_known_for_waits_and_flows_in_with_its_time(source: EventSource) -> None:
    seen = SeenKeys()
    event = track(key="t1", userId="u1", timestamp="2026-04-14T20:00:00Z")
    arrive(source, event, event)
    arrive(source, event)
    drained = drain(seen)
    assert (drained.rows, drained.held, drained.duplicates) == (0, 1, 2)
    party = UnmatchedParty.objects.get()
    assert (party.kind, party.key, party.messages) == ("user", "u1", 1)
    assert party.sample["event"] == "Opened"
    arrive(source, group("g1", "A1", userId="u1", traits={"name": "One"}))
    assert drain(seen).rows == 1
    (row,) = rows()
    assert (row["message_key"], str(row["ts"])) == ("t1", "2026-04-14 20:00:00")
    assert not UnmatchedParty.objects.exists()
    assert not HeldMessages.objects.exists()


def test_messages_of_an_unknown_group_wait_for_the_group(source: EventSource) -> None:
    arrive(source, track(key="t1", userId="u1", context={"groupId": "A1"}))
    arrive(source, group("g0", "A2", userId="u2"), track(key="t2", userId="u2"))
    drain()
    assert sorted(UnmatchedParty.objects.values_list("kind", "key")) == [
        ("group", "A1"),
        ("group", "A2"),
    ]
    arrive(source, group("g1", "A1", traits={"name": "One"}, anonymousId="x"))
    arrive(source, group("g2", "A2", traits={"name": "Two"}, anonymousId="x"))
    drain()
    assert of_whom() == {"t1": "One", "t2": "Two"}


def test_a_visitor_waits_until_he_signs_in(source: EventSource) -> None:
    seen = SeenKeys()
    arrive(source, track(key="t1", anonymousId="anon"))
    arrive(source, group("g1", "A1", userId="u1", traits={"name": "One"}))
    drain(seen)
    assert of_whom() == {}
    arrive(source, identify("i1", userId="u1", anonymousId="anon"))
    drain(seen)
    assert [(row["message_key"], row["user_key"]) for row in rows()] == [("t1", "u1")]


def test_the_domain_of_a_mail_address_says_the_account(source: EventSource) -> None:
    make_account("One", domain="one.example")
    make_account("Free", domain="gmail.com")
    arrive(
        source,
        track(key="t1", userId="u1"),
        track(key="t2", userId="u2", context={"traits": {"email": "b@one.example"}}),
        track(key="t3", userId="u3", context={"traits": {"email": "c@gmail.com"}}),
    )
    seen = SeenKeys()
    drain(seen)
    assert of_whom() == {"t2": "One"}
    arrive(source, identify("i1", userId="u1", traits={"email": "A@One.example"}))
    drain(seen)
    assert of_whom() == {"t1": "One", "t2": "One"}
    assert Contact.objects.get().name == "A@One.example"


def test_domains_can_be_left_out_of_account(source: EventSource) -> None:
    source.matches_domains = False
    source.save()
    make_account("One", domain="one.example")
    arrive(source, identify("i1", userId="u1", traits={"email": "a@one.example"}))
    arrive(source, track(key="t1", userId="u1"))
    drain()
    assert of_whom() == {}


def test_a_person_can_say_whose_messages_are(source: EventSource) -> None:
    seen, one, two = SeenKeys(), make_account("One"), make_account("Two")
    arrive(source, track(key="t1", userId="u1"))
    arrive(source, track(key="t2", userId="u2", context={"groupId": "A2"}))
    arrive(source, identify("i3", userId="u3", traits={"email": "x@three.example"}))
    arrive(source, track(key="t3", userId="u3"))
    drain(seen)
    parties = {party.key: party for party in UnmatchedParty.objects.all()}
    match_party(actor=SYSTEM, party=parties["u1"], account=one)
    rule = match_party(actor=SYSTEM, party=parties["A2"], account=two)
    match_domain(actor=SYSTEM, source=source, domain="three.example", account=one)
    drain(seen)
    assert of_whom() == {"t1": "One", "t2": "Two", "t3": "One"}
    arrive(source, group("g2", "A2", userId="u4", traits={"industry": "IT"}))
    drain(seen)
    remove_rule(actor=SYSTEM, rule=rule)
    arrive(source, track(key="t4", userId="u2", context={"groupId": "A2"}))
    drain(seen)
    assert "t4" not in of_whom()


def test_b2b_events_are_usage_and_change_what_they_tell(source: EventSource) -> None:
    def told(event: str, key: str, user: str, at: str = EARLIER, **more: object) -> dict:
        fields = {"userId": user, "context": {"groupId": "A1"}, "timestamp": at, **more}
        return track(event, key=key, **fields)

    arrive(
        source,
        told("Account Created", "k1", "u1", properties={"account_name": "Initech"}),
        told("Signed Up", "k2", "u2", properties={"first_name": "Pe", "email": "p@i.example"}),
        told("Signed In", "k3", "u2"),
        told("Account Added User", "k4", "u3"),
        track(key="in", userId="u3", timestamp="2026-04-11T00:00:00Z"),
        told("Account Removed User", "k5", "u3", at="2026-04-12T00:00:00Z"),
        track(key="out", userId="u3", timestamp="2026-04-13T00:00:00Z"),
        told("Trial Started", "k6", "u1", at=LATER),
    )
    drain()
    assert set(of_whom()) == {"k1", "k2", "k3", "k4", "k5", "k6", "in"}
    assert set(of_whom().values()) == {"Initech"}
    assert Contact.objects.get().name == "Pe"
    assert list(Feature.objects.filter(is_login=True).values_list("key", flat=True)) == [
        "Signed In"
    ]
    entries = Activity.objects.values_list("title", flat=True)
    assert sorted(entries) == ["Account Created", "Trial Started"]
