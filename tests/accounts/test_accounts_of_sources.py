"""Accounts that sources bring: which are the same, whatever comes in one go with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import change_account
from banso.accounts.services.bulk import AccountRow, Refused, undo_accounts, upsert_accounts
from banso.kit.errors import ConflictError, ForbiddenError
from banso.workspace.types import SYSTEM, Actor, Role, RowOutcome

pytestmark = pytest.mark.django_db
NUMBER = "7000012050002"


def bring(*rows: AccountRow, at_once: int = 100) -> list[Any]:
    return [
        result
        for start in range(0, len(rows), at_once)
        for result in upsert_accounts(
            actor=SYSTEM, source="crm", rows=rows[start : start + at_once]
        )
    ]


@pytest.mark.parametrize("at_once", [1, 2])
def test_two_ids_of_one_source_are_two_accounts_even_with_one_corporate_number(
    make_account: Callable[..., Any], at_once: int
) -> None:
    known = make_account("Aoba", corporate_number=NUMBER)
    rows = [AccountRow(key, {"name": key, "corporate_number": NUMBER}) for key in ("A1", "A2")]
    first, second = bring(*rows, at_once=at_once)
    assert (first.outcome, first.record_id) == (RowOutcome.CHANGED, known.pk)
    assert second.outcome == RowOutcome.NEW
    assert [key.external_id for key in selectors.keys(known)] == ["A1"]


def test_more_than_one_candidate_is_refused(make_account: Callable[..., Any]) -> None:
    for name in ("Aoba East", "Aoba West"):
        make_account(name, corporate_number=NUMBER)
    (refused,) = bring(AccountRow("A1", {"name": "Aoba", "corporate_number": NUMBER}))
    assert isinstance(refused, Refused)
    assert refused.params == {"value": "A1", "names": "Aoba East, Aoba West"}


def test_a_second_run_changes_nothing_and_undoing_removes_what_came() -> None:
    rows = [AccountRow("A1", {"name": "株式会社あおば"}), AccountRow("", {"name": "Midori Inc."})]
    made = bring(*rows)
    assert [one.outcome for one in bring(*rows)] == [RowOutcome.UNCHANGED] * 2
    assert selectors.search(SYSTEM, "あおば")[0].name == "株式会社あおば"
    changes = [(one.record_id, one.before, one.after) for one in made]
    assert undo_accounts(actor=SYSTEM, changes=changes).removed == {c[0] for c in changes}
    assert not selectors.visible(SYSTEM).exists()


def test_who_opened_the_form_before_the_undo_is_told(make_account: Callable[..., Any]) -> None:
    account = make_account("Aoba", corporate_number=NUMBER)
    (changed,) = bring(AccountRow("A1", {"corporate_number": NUMBER, "region": "東京都"}))
    account.refresh_from_db()
    seen = account.updated_at
    undo_accounts(actor=SYSTEM, changes=[(account.pk, changed.before, changed.after)])
    with pytest.raises(ConflictError):
        change_account(actor=SYSTEM, account=account, country="日本", seen_at=seen)


def test_only_leaders_load_accounts() -> None:
    with pytest.raises(ForbiddenError):
        upsert_accounts(actor=Actor("user", Role.SALES, 1), source="crm", rows=[])
