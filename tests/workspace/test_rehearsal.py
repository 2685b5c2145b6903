"""What is only rehearsed leaves nothing behind and keeps nobody waiting."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from banso.workspace.models import AuditEntry
from banso.workspace.selectors import company, users_by_email
from banso.workspace.services.company import change_company
from banso.workspace.services.people import create_user
from banso.workspace.services.rehearsal import rehearsed
from banso.workspace.types import SYSTEM


def for_show(*, fails=False):
    mail = "show@banso.example"
    create_user(actor=SYSTEM, email=mail, name="Show", role="csm", password="a long secret")
    if fails:
        raise ZeroDivisionError


def rename(name):
    try:
        change_company(actor=SYSTEM, name=name)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_others_write_while_something_is_rehearsed(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with rehearsed():
        for_show()
        assert users_by_email({"show@banso.example"})
        with ThreadPoolExecutor() as others:
            others.submit(rename, "For good").result(timeout=20)
    assert company().name == "For good"
    assert not users_by_email({"show@banso.example"})
    assert AuditEntry.objects.count() == 1
    assert not any(Path(tmp_path / "rehearsals").glob("*"))


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_that_fails_leaves_the_database_as_it_was(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(ZeroDivisionError), rehearsed():
        for_show(fails=True)
    change_company(actor=SYSTEM, name="For good")
    assert not users_by_email({"show@banso.example"})
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_within_a_transaction_only_the_rehearsal_is_taken_back():
    change_company(actor=SYSTEM, name="Before")
    with rehearsed():
        for_show()
    assert not users_by_email({"show@banso.example"})
    assert company().name == "Before"
    assert AuditEntry.objects.count() == 1
