"""Handing over many accounts at once, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import change_account
from banso.accounts.services.owners import Undone, assign_owner, undo_assignment
from banso.accounts.types import Side
from banso.kit import clock
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(make_account, people):
    """Three accounts: one of the CSM, one of the leader, one of nobody."""
    return [
        make_account("A", cs_owner=people["csm"]),
        make_account("B", cs_owner=people["leader"]),
        make_account("C"),
    ]


def owners(book):
    for account in book:
        account.refresh_from_db()
    return [account.cs_owner.name if account.cs_owner else None for account in book]


def assign(actors, book, owner):
    ids = [account.pk for account in book]
    return assign_owner(actor=actors["leader"], account_ids=ids, side=Side.CS, owner=owner)


def test_accounts_get_their_new_owner_and_say_so(actors, people, book):
    done = assign(actors, book, people["csm"])
    assert (done.changed, done.unchanged) == (2, 1)
    assert owners(book) == ["Csm"] * 3
    (entry,), _cursor = selectors.timeline(book[1], ["owner"])
    assert entry.data == {"side": "cs", "from": "Leader", "to": "Csm"}
    assert selectors.timeline(book[0], ["owner"]) == ([], None)


def test_undo_gives_each_account_back_to_its_own_owner(actors, people, book):
    done = assign(actors, book, people["csm"])
    assert undo_assignment(actor=actors["leader"], token=done.token) == Undone(2, 0)
    assert owners(book) == ["Csm", "Leader", None]
    with pytest.raises(ConflictError) as caught:
        undo_assignment(actor=actors["leader"], token=done.token)
    assert caught.value.code == "already-undone"


def test_undo_leaves_what_somebody_changed_since(actors, people, book):
    done = assign(actors, book, people["csm"])
    book[2].refresh_from_db()
    change_account(actor=actors["admin"], account=book[2], cs_owner=people["admin"])
    assert undo_assignment(actor=actors["leader"], token=done.token) == Undone(1, 1)
    assert owners(book) == ["Csm", "Leader", "Admin"]


def test_undo_ends_after_thirty_days(actors, people, book):
    done = assign(actors, book, people["csm"])
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(ConflictError) as caught:
        undo_assignment(actor=actors["leader"], token=done.token)
    assert caught.value.code == "too-late"


def test_nothing_to_do_leaves_nothing_to_undo(actors, people, book):
    assert assign(actors, book[:1], people["csm"]).token is None


def test_only_leaders_hand_over_and_only_to_people_who_can_own(actors, people, book):
    with pytest.raises(ForbiddenError):
        assign_owner(actor=actors["csm"], account_ids=[], side=Side.CS, owner=None)
    with pytest.raises(InvalidInputError):
        assign(actors, book, people["viewer"])


def test_the_number_of_queries_grows_with_chunks_not_accounts(
    actors, people, make_account, django_assert_max_num_queries
):
    many = [make_account(f"Account {number}") for number in range(60)]
    with django_assert_max_num_queries(14):
        assign(actors, many, people["csm"])
