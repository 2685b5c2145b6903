"""Erasing from the command line."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from banso.config.cli import erase, main
from banso.usage.models import Person
from banso.usage.services.intake import SeenKeys, drain_inbox
from tests.usage.collected import arrive, group, identify, make_source

#: With transactions as in reality, which begin and end where the code says so.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Any:
    from banso.accounts.models import Account

    monkeypatch.setattr(erase, "prepare", lambda **_options: None)
    arrive(
        make_source(),
        group("g1", "A1", userId="u1", traits={"name": "One"}),
        identify("i1", userId="u1", traits={"name": "A"}),
        identify("i2", userId="u2", traits={"name": "B"}),
    )
    drain_inbox(SeenKeys())
    return Account.objects.get()


def test_a_person_and_an_account_are_erased(known: Any, capsys: Any) -> None:
    assert main(["erase", "--person", "web", "u2"]) == 0
    assert [one.user_key for one in Person.objects.all()] == ["u1"]
    assert main(["erase", "--account", str(known.uid)]) == 0
    assert not Person.objects.exists()
    assert "Erased" in capsys.readouterr().err


def test_an_unknown_account_is_said_to_be_so(known: Any, capsys: Any) -> None:
    assert main(["erase", "--account", str(uuid4())]) == 1
    assert "banso:" in capsys.readouterr().err
