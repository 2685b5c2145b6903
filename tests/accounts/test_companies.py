"""What people rely on when they add, change and look for accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import (
    PossibleDuplicateError,
    change_account,
    create_account,
)
from banso.accounts.services.contacts import change_contact, create_contact, remove_contact
from banso.kit import clock
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from banso.workspace.selectors import audit_entries
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_new_account_keeps_what_was_typed_in_its_clean_form():
    account = create_account(
        actor=SYSTEM,
        name="  ㈱あおぞら商事 ",
        domain="https://WWW.Aozora.example/top?x=1",
        corporate_number="7000012050002",
        employees="1,200",
        customer_since="2024-04-01",
    )
    assert account.name == "(株)あおぞら商事"
    assert account.domain == "aozora.example"
    assert account.employees == 1200
    assert account.customer_since == date(2024, 4, 1)
    assert audit_entries().get(action="account.created").target_uid == str(account.uid)


def test_every_wrong_field_is_named_at_once_and_nothing_is_written():
    with pytest.raises(InvalidInputError) as caught:
        create_account(
            actor=SYSTEM,
            name=" ",
            corporate_number="1234567890123",
            employees="many",
            time_zone="Tokyo/Asia",
            lifecycle="asleep",
            domain="not a host",
        )
    assert set(caught.value.fields) == {
        "name", "corporate_number", "employees", "time_zone", "lifecycle", "domain",
    }  # fmt: skip
    assert not selectors.visible(SYSTEM).exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "株式会社あおぞら"}, {"name": "アオゾラ（株）"}),
        ({"name": "A", "domain": "aozora.example"}, {"name": "B", "domain": "www.aozora.example"}),
        (
            {"name": "A", "corporate_number": "7000012050002"},
            {"name": "B", "corporate_number": "7000012050002"},
        ),
    ],
)
def test_the_same_company_is_noticed_and_can_be_added_on_purpose(first, second):
    present = create_account(actor=SYSTEM, **first)
    with pytest.raises(PossibleDuplicateError) as caught:
        create_account(actor=SYSTEM, **second)
    assert caught.value.matches == [present]
    assert create_account(actor=SYSTEM, **second, allow_duplicate=True).pk != present.pk


def test_a_narrow_reader_finds_only_his_own_book(actors, people, make_account):
    mine = make_account("あおぞら水産", cs_owner=people["csm"])
    other = make_account("あおぞら建設")
    narrow = replace(actors["csm"], restricted=True)
    assert list(selectors.visible(narrow)) == [mine]
    assert selectors.search(narrow, "あおぞら") == [mine]
    assert selectors.similar(narrow, name=other.name) == []
    assert selectors.account_by_uid(narrow, mine.uid) == mine
    with pytest.raises(NotFoundError):
        selectors.account_by_uid(narrow, other.uid)
    with pytest.raises(NotFoundError):
        selectors.account_by_uid(actors["admin"], uuid4())


@pytest.mark.parametrize("q", ["商事", "ｱｵｿﾞﾗ", "あおぞら 商事", "AOZORA", "aozora.ex"])
def test_search_needs_two_characters_and_minds_no_width_or_case(make_account, q):
    account = make_account("アオゾラ商事", name_en="Aozora Trading", domain="aozora.example")
    make_account("みどり工業")
    assert selectors.search(SYSTEM, q) == [account]


def test_search_puts_names_that_start_with_the_word_first(make_account):
    inside = make_account("Acme Sky")
    start = make_account("Sky Works")
    assert selectors.search(SYSTEM, "sky") == [start, inside]
    assert selectors.search(SYSTEM, " ") == []


def test_a_change_is_audited_with_both_images_and_a_stage_goes_on_the_timeline(
    actors, people, make_account
):
    account = make_account(cs_owner=people["csm"], lifecycle="onboarding")
    change_account(actor=actors["csm"], account=account, lifecycle="adoption", region="東京都")
    detail = audit_entries().get(action="account.changed").detail
    assert detail.before == {"lifecycle": "onboarding", "region": ""}
    assert detail.after == {"lifecycle": "adoption", "region": "東京都"}
    (entry,), _cursor = selectors.timeline(account, ["stage"])
    assert entry.data == {"from": "onboarding", "to": "adoption"}


def test_saving_the_same_values_changes_nothing(make_account):
    account = make_account()
    seen = account.updated_at
    change_account(actor=SYSTEM, account=account, name=account.name, region="")
    assert not audit_entries().filter(action="account.changed").exists()
    assert account.updated_at == seen


def test_two_people_do_not_overwrite_each_other(make_account):
    account = make_account()
    seen = account.updated_at
    change_account(actor=SYSTEM, account=account, region="東京都", seen_at=seen)
    with pytest.raises(ConflictError) as caught:
        change_account(actor=SYSTEM, account=account, region="大阪府", seen_at=seen)
    assert caught.value.code == "changed-meanwhile"


def test_owners_change_only_by_leaders_and_stand_on_the_timeline(actors, people, make_account):
    account = make_account(cs_owner=people["csm"])
    with pytest.raises(ForbiddenError):
        change_account(actor=actors["csm"], account=account, sales_owner=people["sales"])
    change_account(actor=actors["leader"], account=account, sales_owner=people["sales"])
    (entry,), _cursor = selectors.timeline(account, ["owner"])
    assert entry.data == {"side": "sales", "from": "", "to": "Sales"}
    with pytest.raises(InvalidInputError):
        change_account(actor=actors["leader"], account=account, cs_owner=people["viewer"])


def test_a_csm_owns_what_he_adds(actors, people):
    account = create_account(actor=actors["csm"], name="新規", sales_owner=people["sales"])
    assert (account.cs_owner, account.sales_owner) == (people["csm"], None)
    with pytest.raises(ForbiddenError):
        create_account(actor=actors["viewer"], name="新規")


def test_a_stranger_may_not_edit(actors, make_account):
    with pytest.raises(ForbiddenError):
        change_account(actor=actors["csm"], account=make_account(), region="東京都")


def test_no_account_stands_above_itself(make_account):
    top, middle = make_account("Top"), make_account("Middle")
    change_account(actor=SYSTEM, account=middle, parent=top)
    with pytest.raises(InvalidInputError) as caught:
        change_account(actor=SYSTEM, account=top, parent=middle)
    assert caught.value.code == "parent-loop"


def test_people_stay_when_they_leave_but_stand_last(make_account):
    account = make_account()
    champion = create_contact(actor=SYSTEM, account=account, name="木村", role="champion")
    boss = create_contact(actor=SYSTEM, account=account, name="山田", role="decision_maker")
    with clock.at(clock.now() - timedelta(days=3)):
        remove_contact(actor=SYSTEM, contact=boss)
    assert list(selectors.contacts(account)) == [champion, boss]
    assert list(selectors.contacts(account, present_only=True)) == [champion]
    change_contact(actor=SYSTEM, contact=boss, left_on=None)
    assert list(selectors.contacts(account)) == [boss, champion]


def test_one_mail_address_stands_for_one_person_of_an_account(make_account):
    account = make_account()
    create_contact(actor=SYSTEM, account=account, name="木村", email="k@aozora.example")
    with pytest.raises(InvalidInputError) as caught:
        create_contact(actor=SYSTEM, account=account, name="K", email="K@aozora.example")
    assert set(caught.value.fields) == {"email"}
    elsewhere = make_account("みどり工業")
    create_contact(actor=SYSTEM, account=elsewhere, name="K", email="K@aozora.example")
    assert [c.name for c in selectors.search_contacts(SYSTEM, "aozora")] == ["K", "木村"]


def test_search_puts_those_who_have_left_behind(make_account):
    make_account(name="青空商事", lifecycle="churned")
    make_account(name="青空電機", lifecycle="adoption")
    assert [account.name for account in selectors.search(SYSTEM, "青空")] == [
        "青空電機",
        "青空商事",
    ]


def test_search_finds_the_name_that_starts_with_the_word_behind_any_number_of_others(make_account):
    for number in range(12):
        make_account(f"Acme Sky {number:02}")
    start = make_account("Sky Works")
    assert selectors.search(SYSTEM, "sky", limit=2)[0] == start


def test_a_change_leaves_alone_what_others_have_changed_meanwhile(people, make_account):
    account = make_account()
    stale = selectors.account_by_uid(SYSTEM, account.uid)
    change_account(actor=SYSTEM, account=account, cs_owner=people["csm"])
    change_account(actor=SYSTEM, account=stale, region="東京都")
    account.refresh_from_db()
    assert (account.cs_owner, account.region) == (people["csm"], "東京都")


def test_two_changes_of_a_person_both_stay(make_account):
    person = create_contact(actor=SYSTEM, account=make_account(), name="木村")
    stale = selectors.contact_by_uid(SYSTEM, person.uid)
    remove_contact(actor=SYSTEM, contact=person)
    change_contact(actor=SYSTEM, contact=stale, title="部長")
    person.refresh_from_db()
    assert (person.left_on is not None, person.title) == (True, "部長")
