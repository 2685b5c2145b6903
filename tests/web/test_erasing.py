"""Erasing an account or a person on their pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from banso.accounts.models import Account, Contact
from banso.accounts.services.accounts import create_account
from banso.accounts.services.contacts import create_contact
from banso.kit import clock
from banso.usage.models import UnmatchedParty
from banso.usage.services.sources import create_source
from banso.workspace.models import Job
from banso.workspace.services.jobs import run_job
from banso.workspace.types import SYSTEM

#: With transactions as in reality, which begin and end where the code says so.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def contact(client: Client, people: dict[str, Any]) -> Contact:
    client.force_login(people["admin"])
    account = create_account(actor=SYSTEM, name="Aozora", cs_owner=people["csm"])
    return create_contact(actor=SYSTEM, account=account, name="Sato")


def erase() -> None:
    (job,) = Job.objects.filter(kind="usage.erase")
    run_job.func(job.pk)


def test_an_account_goes_only_when_it_is_confirmed(client: Client, contact: Contact) -> None:
    page = f"/accounts/{contact.account.uid}/"
    assert f"{page}erase/" in client.get(page).text
    assert "Aozora" in client.get(f"{page}erase/").text
    assert client.post(f"{page}erase/").status_code == 400
    assert not Job.objects.filter(kind="usage.erase").exists()
    assert client.post(f"{page}erase/", {"sure": "yes"}).status_code == 302
    erase()
    assert not Account.objects.exists()
    assert client.get(page).status_code == 404


def test_a_person_goes_and_the_account_stays(client: Client, contact: Contact) -> None:
    page = f"/accounts/{contact.account.uid}/people/"
    assert f"{page}{contact.uid}/erase/" in client.get(page).text
    client.post(f"{page}{contact.uid}/erase/", {"sure": "yes"})
    erase()
    assert not Contact.objects.exists()
    assert Account.objects.exists()


def test_who_only_waits_to_be_matched_can_be_erased(client: Client, people: dict[str, Any]) -> None:
    client.force_login(people["admin"])
    source, now = create_source(actor=SYSTEM, name="Web app"), clock.now()
    seen = {"source": source, "first_seen_at": now, "last_seen_at": now, "messages": 1}
    user = UnmatchedParty.objects.create(kind="user", key="u-1", name="Sato", **seen)
    group = UnmatchedParty.objects.create(kind="group", key="g-1", **seen)
    pages = "/settings/sources/unmatched/"
    listed = client.get(pages).text
    assert f"{pages}{user.uid}/erase/" in listed
    assert f"{pages}{group.uid}/erase/" not in listed
    assert f"{pages}{user.uid}/erase/" in client.get(f"{pages}{user.uid}/").text
    assert client.get(f"{pages}{group.uid}/erase/").status_code == 404
    assert "Erase Sato" in client.get(f"{pages}{user.uid}/erase/").text
    assert client.post(f"{pages}{user.uid}/erase/").status_code == 400
    client.post(f"{pages}{user.uid}/erase/", {"sure": "yes"})
    erase()
    assert [party.key for party in UnmatchedParty.objects.all()] == ["g-1"]
    client.force_login(people["leader"])
    assert "/erase/" not in client.get(pages).text


def test_nobody_else_is_offered_it(contact: Contact, people: dict[str, Any]) -> None:
    client = Client()
    client.force_login(people["leader"])
    page = f"/accounts/{contact.account.uid}/"
    assert "erase/" not in client.get(page).text + client.get(f"{page}people/").text
    assert client.post(f"{page}erase/", {"sure": "yes"}).status_code == 403
