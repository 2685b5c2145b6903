"""What stands on the timeline, who may change it, and that nothing stands there twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from banso.accounts import selectors
from banso.accounts.services.contacts import create_contact
from banso.accounts.services.timeline import (
    change_entry,
    delete_entry,
    log_touch,
    record_entries,
    withdraw_entries,
)
from banso.accounts.types import ActivityKind, Entry
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError
from banso.workspace.selectors import audit_entries
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 4, 1, tzinfo=UTC)


def entry(account, number=1, kind=ActivityKind.SCORE, at=DAY):
    return Entry(account.pk, kind, at, "score", f"{account.pk}:{number}", {"from": 70, "to": 50})


def test_a_call_is_kept_with_its_person_day_and_text(actors, make_account):
    account = make_account()
    person = create_contact(actor=SYSTEM, account=account, name="木村")
    log_touch(
        actor=actors["sales"], account=account, kind="call", title="更新の相談",
        body="来期の予算に入れる。\r\n  次回 5月  ", happened_at=DAY, contact=person,
    )  # fmt: skip
    (found,) = selectors.touches(account)
    assert (found.title, found.contact, found.happened_at) == ("更新の相談", person, DAY)
    assert found.body == "来期の予算に入れる。\n  次回 5月"
    assert found.author.name == "Sales"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "score", "body": "x"}, "kind"),
        ({"kind": "note", "body": "  "}, "body"),
        ({"kind": "call", "body": "x", "happened_at": DAY + timedelta(days=9999)}, "happened_at"),
    ],
)
def test_what_cannot_be_logged_is_refused_by_field(actors, make_account, wrong, field):
    with pytest.raises(InvalidInputError) as caught:
        log_touch(actor=actors["csm"], account=make_account(), **wrong)
    assert set(caught.value.fields) == {field}


def test_a_person_of_another_account_is_refused(actors, make_account):
    person = create_contact(actor=SYSTEM, account=make_account("Other"), name="木村")
    with pytest.raises(InvalidInputError):
        log_touch(
            actor=actors["csm"], account=make_account(), kind="note", body="x", contact=person
        )


def test_everybody_changes_his_own_entries_leaders_any(actors, make_account):
    account = make_account()
    note = log_touch(kind="note", actor=actors["csm"], account=account, body="最初")
    with pytest.raises(ForbiddenError):
        change_entry(actor=actors["sales"], entry=note, body="違う")
    change_entry(actor=actors["csm"], entry=note, body="直した")
    delete_entry(actor=actors["leader"], entry=note)
    assert selectors.touches(account) == []
    assert audit_entries().get(action="entry.deleted").detail.before["body"] == "直した"
    with pytest.raises(ForbiddenError):
        log_touch(kind="note", actor=actors["viewer"], account=account, body="x")


def test_what_the_system_wrote_stays(actors, make_account):
    account = make_account()
    record_entries([entry(account)])
    (found,), _cursor = selectors.timeline(account)
    with pytest.raises(ConflictError):
        delete_entry(actor=actors["admin"], entry=found)


def test_the_same_fact_twice_is_one_entry_and_can_be_withdrawn(make_account):
    account = make_account()
    record_entries([entry(account), entry(account), entry(account, 2)])
    record_entries([entry(account)])
    assert len(selectors.timeline(account)[0]) == 2
    withdraw_entries("score", [f"{account.pk}:1"])
    assert len(selectors.timeline(account)[0]) == 1


def test_pages_neither_skip_nor_repeat_even_within_one_moment(make_account):
    account = make_account()
    record_entries(entry(account, number) for number in range(25))
    seen, cursor = [], None
    for _page in range(4):
        page, cursor = selectors.timeline(account, before=cursor, limit=7)
        seen += [found.pk for found in page]
    assert (len(seen), len(set(seen)), cursor) == (25, 25, None)


def test_the_timeline_can_be_narrowed_to_kinds(actors, make_account):
    account = make_account()
    record_entries([entry(account)])
    log_touch(kind="note", actor=actors["csm"], account=account, body="x")
    page, _cursor = selectors.timeline(account, ["note", "call"])
    assert [found.kind for found in page] == ["note"]
