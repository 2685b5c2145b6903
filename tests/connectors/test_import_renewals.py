"""Contracts that come with the end of their term only: renewed ones count once."""

from datetime import date

import pytest

from banso.accounts.models import Account
from banso.connectors.services.undo import undo_import
from banso.contracts.models import Subscription, SubscriptionLine
from banso.contracts.selectors.subscriptions import lines_on
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts

pytestmark = pytest.mark.django_db
HEAD = "顧客ID,プラン,契約開始日,契約満了,年額,通貨\n"
FIRST = HEAD + "1,基本,2024-04-01,2025-04-01,1200000,JPY\n1,分析,2024-04-01,2025-04-01,60000,JPY\n"
SECOND = HEAD + "1,基本,2025-04-01,2026-04-01,1320000,JPY\n"


@pytest.fixture(autouse=True)
def company(bring):
    bring("accounts", "id,name\n1,Acme\n")


def ends():
    lines = SubscriptionLine.objects.order_by("start_on", "product__name")
    return [(line.product.key, str(line.start_on), str(line.end_on)) for line in lines]


def monthly(day):
    account = Account.objects.get()
    return sum(line.mrr_minor for line in lines_on(account, day))


def test_a_renewed_line_ends_where_its_renewal_starts(bring):
    bring("subscriptions", FIRST)
    assert {end for _, _, end in ends()} == {"None"}
    bring("subscriptions", SECOND)
    assert set(ends()) == {
        ("基本", "2024-04-01", "2025-04-01"),
        ("分析", "2024-04-01", "None"),
        ("基本", "2025-04-01", "None"),
    }
    # 1,320,000 ÷ 12 + 60,000 ÷ 12; the line that was renewed no longer counts.
    assert monthly(date(2025, 5, 1)) == 110_000 + 5_000
    assert monthly(date(2025, 3, 31)) == 100_000 + 5_000
    assert Subscription.objects.count() == 2


def test_the_same_files_again_change_nothing_and_undoing_the_renewal_opens_the_line(bring):
    bring("subscriptions", FIRST)
    run = bring("subscriptions", SECOND)
    assert counts(bring("subscriptions", FIRST)) == (0, 0, 2, 0)
    assert ("基本", "2024-04-01", "2025-04-01") in ends()
    undo_import(actor=SYSTEM, run=run, refresh=False)
    assert {end for _, _, end in ends()} == {"None"}


def test_an_end_that_the_source_tells_later_counts(bring):
    bring("subscriptions", FIRST + SECOND.removeprefix(HEAD))
    told = "顧客ID,プラン,契約開始日,契約満了,解約日,年額,通貨\n"
    bring("subscriptions", told + "1,基本,2024-04-01,2025-04-01,2025-01-01,1200000,JPY\n")
    assert ("基本", "2024-04-01", "2025-01-01") in ends()


def test_lines_of_subscriptions_that_the_source_names_are_left_to_its_word(bring):
    head = "account_id,subscription,product,start_date,renewal_date,arr\n"
    bring("subscriptions", head + "1,S1,p,2024-04-01,2025-04-01,12\n1,S2,p,2025-04-01,,12\n")
    assert {end for _, _, end in ends()} == {"None"}
