"""A person says whose the messages of an unknown sender are."""

from __future__ import annotations

import pytest

from banso.accounts.models import Account
from banso.accounts.services.accounts import create_account
from banso.kit.errors import ForbiddenError, InvalidInputError
from banso.usage.models import EventSource, MatchRule, UnmatchedParty
from banso.usage.selectors.unmatched import parties, shared_domains, suggestions
from banso.usage.services.intake import SeenKeys, drain_inbox
from banso.usage.services.matching import ignore_party, match_domain, match_party, remove_rule
from banso.workspace.models import User
from banso.workspace.selectors import actor_of
from banso.workspace.types import SYSTEM
from tests.usage.collected import RECEIVED, arrive, group, identify, make_source, rows, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
WHEN = "2026-04-10T01:00:00Z"


@pytest.fixture
def source() -> EventSource:
    return make_source(matches_domains=False, creates_accounts=False)


def account(name: str = "Initech", domain: str = "") -> Account:
    return create_account(actor=SYSTEM, name=name, domain=domain)


def drain() -> None:
    drain_inbox(SeenKeys())


def test_a_match_counts_what_waits_with_its_true_time(source: EventSource) -> None:
    arrive(source, track(key="m1", userId="u1", timestamp=WHEN))
    drain()
    assert rows() == []
    (party,) = parties()
    match_party(actor=SYSTEM, party=party, account=(initech := account()))
    arrive(source, track(key="m2", userId="u1"))
    drain()
    counted = sorted((str(row["ts"])[:10], row["account_id"]) for row in rows())
    assert counted == [("2026-04-10", initech.pk), ("2026-04-15", initech.pk)]
    assert not parties().exists()


def test_a_domain_is_matched_for_all_its_users(source: EventSource) -> None:
    for user in ("u1", "u2"):
        arrive(
            source,
            identify(f"i-{user}", userId=user, traits={"email": f"{user}@Initech.example"}),
            track(key=f"t-{user}", userId=user),
        )
    drain()
    (domain,) = shared_domains()
    assert (domain.domain, domain.parties) == ("initech.example", 2)
    initech = account()
    match_domain(actor=SYSTEM, source=source, domain=domain.domain, account=initech)
    drain()
    assert [row["account_id"] for row in rows()] == [initech.pk] * 2
    assert shared_domains() == []
    with pytest.raises(InvalidInputError):
        match_domain(actor=SYSTEM, source=source, domain=" ", account=initech)


def test_a_rule_taken_back_no_longer_holds(source: EventSource) -> None:
    arrive(source, track(key="m1", userId="u1"))
    drain()
    rule = match_party(actor=SYSTEM, party=parties()[0], account=account())
    drain()
    remove_rule(actor=SYSTEM, rule=rule)
    arrive(source, track(key="m2", userId="u1"))
    drain()
    assert len(rows()) == 1
    assert parties().count() == 1


def test_an_ignored_sender_leaves_the_list_and_can_come_back(source: EventSource) -> None:
    arrive(source, track(key="m1", userId="u1"))
    drain()
    party = UnmatchedParty.objects.get()
    ignore_party(actor=SYSTEM, party=party)
    assert not parties().exists()
    assert parties(ignored=True).get() == party
    ignore_party(actor=SYSTEM, party=party, ignored=False)
    assert parties().get() == party


def test_an_account_is_suggested_by_domain_or_name(source: EventSource) -> None:
    arrive(
        source,
        group("g1", "G-7", userId="u9", traits={"name": "Initech Inc."}),
        identify("i1", userId="u1", traits={"email": "a@hooli.example"}),
        track(key="t1", userId="u1"),
        track(key="t2", context={"groupId": "G-7"}, userId="u9"),
        track(key="t3", userId="stranger"),
    )
    drain()
    account("Hooli", domain="hooli.example")
    account("Initech")
    found = suggestions(SYSTEM, parties())
    told = {
        party.key: (found[party.pk].name, found[party.pk].why)
        for party in parties()
        if party.pk in found
    }
    assert told == {"u1": ("Hooli", "domain"), "G-7": ("Initech", "name")}
    assert parties().count() == 3


def test_csms_do_not_match(source: EventSource, people: dict[str, User]) -> None:
    party = UnmatchedParty.objects.create(
        source=source, kind="user", key="u1", first_seen_at=RECEIVED, last_seen_at=RECEIVED
    )
    with pytest.raises(ForbiddenError):
        match_party(actor=actor_of(people["csm"]), party=party, account=account())
    assert not MatchRule.objects.exists()
