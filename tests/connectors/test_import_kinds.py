"""What somebody relies on who imports contacts, contracts, usage, tickets, answers, activities."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from banso.accounts.models import Activity, Contact
from banso.connectors.services.after import refresh_health
from banso.connectors.services.undo import undo_import
from banso.contracts.models import Subscription, SubscriptionLine
from banso.health.models import Pulse
from banso.helpdesk.models import Ticket, TicketChange
from banso.usage.models import UsageBatch
from banso.voice.models import NpsAnswer
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def companies(bring):
    return bring("accounts", "id,name\n1,Acme\n2,Beta\n")


def usage_rows():
    return [
        row
        for batch in UsageBatch.objects.filter(reverted_at=None)
        for row in pa.ipc.open_stream(bytes(batch.payload)).read_all().to_pylist()
    ]


MONTHLY = """account_id,product,start_date,end_date,mrr,currency,seats
1,Light,2024-01-31,2024-02-29,1000,JPY,5
1,Light,2024-02-29,2024-03-31,1000,JPY,5
1,Light,2024-04-03,2024-05-03,1200,JPY,6
1,Light,2024-07-01,2024-08-01,1200,JPY,6
1,Extra,2024-01-31,2024-02-29,300,JPY,
"""


def spans():
    found = Subscription.objects.order_by("family", "started_on")
    return [(s.family, str(s.started_on), str(s.ended_on), s.lines.count()) for s in found]


def test_monthly_lines_become_one_subscription_with_a_history(bring):
    assert counts(bring("subscriptions", MONTHLY)) == (5, 0, 0, 0)
    assert spans() == [
        ("Extra", "2024-01-31", "2024-02-29", 1),
        ("Light", "2024-01-31", "2024-05-03", 3),
        ("Light", "2024-07-01", "2024-08-01", 1),
    ]
    assert counts(bring("subscriptions", MONTHLY)) == (0, 0, 5, 0)
    assert Subscription.objects.count() == 3


def test_a_line_that_closes_a_gap_joins_two_subscriptions_and_undo_parts_them(bring):
    bring("subscriptions", MONTHLY)
    before = spans()
    gap = MONTHLY.splitlines()[0] + "\n1,Light,2024-05-03,2024-07-01,1200,JPY,6\n"
    run = bring("subscriptions", gap)
    assert ("Light", "2024-01-31", "2024-08-01", 5) in spans()
    undo_import(actor=SYSTEM, run=run, refresh=False)
    assert spans() == before


def contract_story():
    found = Activity.objects.filter(kind="contract").order_by("happened_at", "id")
    return [(a.data["event"], a.data["product"], a.data["arr_after"]) for a in found]


def test_contracts_stand_on_the_timeline_and_mere_continuation_does_not(bring, stopped_clock):
    bring("subscriptions", MONTHLY)
    told_first = contract_story()
    assert sorted(told_first) == sorted(
        [
            ("started", "Light", 12_000),
            ("started", "Extra", 3_600),
            ("ended", "Extra", 0),
            ("changed", "Light", 14_400),
            ("ended", "Light", 0),
            ("started", "Light", 14_400),
            ("ended", "Light", 0),
        ]
    )
    gap = MONTHLY.splitlines()[0] + "\n1,Light,2024-05-03,2024-07-01,1200,JPY,6\n"
    run = bring("subscriptions", gap)
    assert len(contract_story()) == len(told_first) - 2
    undo_import(actor=SYSTEM, run=run, refresh=False)
    assert sorted(contract_story()) == sorted(told_first)


def test_an_inclusive_end_has_service_on_its_day(bring):
    columns = {"account": "a", "start_on": "s", "end_on": "e", "mrr": "m"}
    bring(
        "subscriptions",
        "a,s,e,m\n1,2024-01-01,2024-12-31,10\n",
        columns=columns,
        end_is="inclusive",
    )
    assert SubscriptionLine.objects.get().end_on == date(2025, 1, 1)


def test_prices_are_kept_per_month_in_minor_units(bring):
    bring(
        "subscriptions",
        "account,product,start,arr,currency\n1,A,2024-01-01,1200.60,USD\n2,B,2024-01-01,1200,JPY\n",
    )
    found = SubscriptionLine.objects.order_by("product__key").values_list("mrr_minor", "currency")
    assert list(found) == [(10005, "USD"), (100, "JPY")]


def test_bad_lines_are_told(bring):
    run = bring(
        "subscriptions",
        "account_id,product,start_date,end_date,mrr,seats,currency\n"
        "1,A,2024-01-01,2023-01-01,10,1,JPY\n"
        "9,A,2024-01-01,2025-01-01,10,1,JPY\n"
        "1,A,2024-01-01,2025-01-01,10,-1,JPY\n"
        "1,A,2024-01-01,2025-01-01,10,1,XXQ\n",
    )
    assert told(run) == [
        (2, "end_date", "end-before-start"),
        (3, "account_id", "unknown-account"),
        (4, "seats", "negative"),
        (5, "currency", "unknown-currency"),
    ]
    assert not SubscriptionLine.objects.exists()


def test_counted_usage_is_kept_per_day_and_the_same_file_again_brings_nothing(bring, stopped_clock):
    text = (
        "account_id,user_id,date,feature,count\n"
        "1,u1,2026-04-14,login,3\n2,,2026-04-14,export,1\n"
        "1,u1,2026-04-17,login,3\n7,u1,2026-04-14,login,3\n"
    )
    run = bring("usage", text, source="crm")
    assert counts(run) == (2, 0, 0, 2)
    assert told(run) == [(4, "date", "in-the-future"), (5, "account_id", "unknown-account")]
    assert run.report["last_day"] == "2026-04-14"
    first = usage_rows()[0]
    assert (first["user_key"], first["events"], first["day"]) == ("u1", 3, date(2026, 4, 14))
    assert counts(bring("usage", text, source="crm")) == (0, 0, 2, 2)
    assert len(usage_rows()) == 2


def test_single_events_without_ids_keep_equal_ones_apart(bring, stopped_clock):
    text = "account_id,user_id,event_time,event\n" + "1,u1,2026-04-14 23:30:00,open\n" * 2
    bring("usage", text, source="crm")
    rows = usage_rows()
    assert len({row["message_key"] for row in rows}) == 2
    # 23:30 in the company's zone (Tokyo) is 14:30 in UTC.
    assert rows[0]["ts"] == datetime(2026, 4, 14, 14, 30)
    assert rows[0]["day"] == date(2026, 4, 14)


def test_undoing_usage_takes_its_rows_back(bring, stopped_clock):
    run = bring("usage", "account_id,date,feature,count\n1,2026-04-14,login,3\n", source="crm")
    assert undo_import(actor=SYSTEM, run=run, refresh=False).reverted == 1
    assert usage_rows() == []


def test_contacts_are_found_again_by_id_mail_or_name(bring):
    text = (
        "account,name,email,role,consent,left_on\n"
        "1,青木,a@x.example,決裁者,はい,\n1,Mori,,operator,,\n"
    )
    assert counts(bring("contacts", text)) == (2, 0, 0, 0)
    person = Contact.objects.get(name="青木")
    assert (person.role, person.consent) == ("decision_maker", True)
    changed = text.replace("青木,a@x", "青木 花,a@x").replace("operator,,", "operator,,2026-01-31")
    assert counts(bring("contacts", changed)) == (0, 2, 0, 0)
    assert Contact.objects.count() == 2


def test_tickets_keep_their_clocks_and_stand_on_the_timeline(bring):
    text = (
        "ticket_id,account,priority,opened_at,closed_at,first_response_time_minutes,csat\n"
        "T1,1,urgent,2026-01-05 10:00,2026-01-06 10:00,90,5\n"
        "T2,1,低,2026-01-05 10:00,2026-01-04,,\n"
        "T3,1,unheard of,2026-01-05 10:00,,,9\n"
    )
    run = bring("tickets", text)
    assert counts(run) == (2, 0, 0, 1)
    assert [code for _, _, code in told(run)] == [
        "closed-before-opened",
        "unknown-choice",
        "out-of-range",
    ]
    ticket = Ticket.objects.get(external_id="T1")
    assert (
        ticket.first_response_at - ticket.opened_at == ticket.opened_at.resolution * 5_400_000_000
    )
    assert Activity.objects.filter(kind="ticket").count() == 3
    assert counts(bring("tickets", text)) == (0, 0, 2, 1)
    undo_import(actor=SYSTEM, run=run, refresh=False)
    assert not Ticket.objects.exists()
    assert not Activity.objects.exists()


LOG = """number,account,state,opened,updated
7,1,New,1/2/2016 01:16,1/2/2016 01:23
8,2,New,13/2/2016 01:16,13/2/2016 01:23
7,1,Closed,1/2/2016 01:16,5/3/2016 12:00
"""
LOG_COLUMNS = {
    "external_id": "number",
    "account": "account",
    "status": "state",
    "opened_at": "opened",
    "changed_at": {"column": "updated", "order": "dmy"},
}


def test_a_log_becomes_tickets_with_their_history(bring):
    run = bring("tickets", LOG, shape="log", columns=LOG_COLUMNS)
    assert counts(run) == (3, 0, 0, 0)
    ticket = Ticket.objects.get(external_id="7")
    assert ticket.status == "Closed"
    assert list(ticket.changes.values_list("seq", "status")) == [(1, "New"), (2, "Closed")]
    assert counts(bring("tickets", LOG, shape="log", columns=LOG_COLUMNS)) == (0, 0, 3, 0)
    undo_import(actor=SYSTEM, run=run, refresh=False)
    assert not Ticket.objects.exists()
    assert not TicketChange.objects.exists()


def test_answers_need_no_account_and_equal_ones_are_kept_apart(bring):
    text = (
        "score,answered_at,comment,account_id\n"
        "9,2026-01-01,好き,1\n10,2026-01-02,,\n10,2026-01-02,,\n"
    )
    assert counts(bring("nps", text)) == (3, 0, 0, 0)
    assert counts(bring("nps", text)) == (0, 0, 3, 0)
    assert NpsAnswer.objects.filter(account=None).count() == 2
    assert Activity.objects.get(kind="survey").body == "好き"
    assert told(bring("nps", "score,answered_at\n11,2026-01-01\n")) == [
        (2, "score", "out-of-range")
    ]


def test_activities_know_their_author_and_their_kind_in_japanese(bring, people):
    run = bring(
        "activities",
        "顧客ID,種別,日時,件名,本文,担当者メール\n"
        "1,打ち合わせ,2026/1/5 13:00,定例,良好,csm@banso.example\n"
        "1,踊り,2026/1/5 13:00,,,\n",
    )
    assert (counts(run), told(run)) == ((1, 0, 0, 1), [(3, "種別", "unknown-choice")])
    entry = Activity.objects.get()
    assert (entry.kind, entry.author_id) == ("meeting", people["csm"].pk)
    assert entry.happened_at == datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def test_a_line_that_moves_to_another_company_is_told_at_both(bring):
    bring("accounts", "id,name\n8,Old\n9,New\n")
    head = "line_id,account_id,product,start_date,end_date,mrr,currency\n"
    columns = {
        name: {"column": column}
        for name, column in [
            ("external_id", "line_id"), ("account", "account_id"), ("product", "product"),
            ("start_on", "start_date"), ("end_on", "end_date"), ("mrr", "mrr"),
            ("currency", "currency"),
        ]
    }  # fmt: skip
    first = "L1,8,Light,2024-01-01,2024-02-01,1000,JPY\n"
    second = "L2,{},Light,2024-02-01,2024-03-01,1000,JPY\n"
    bring("subscriptions", head + first + second.format(8), columns=columns)
    bring("subscriptions", head + second.format(9), columns=columns)
    told = Activity.objects.filter(kind="contract").order_by("happened_at")
    assert [(e.account.name, e.data["event"], str(e.happened_at.date())) for e in told] == [
        ("Old", "started", "2023-12-31"),
        ("Old", "ended", "2024-01-31"),
        ("New", "started", "2024-01-31"),
        ("New", "ended", "2024-02-29"),
    ]


def test_new_accounts_stand_in_lists_before_they_are_judged(bring):
    refresh_health()
    found = Pulse.objects.order_by("pk").values_list("account__name", "is_customer", "score")
    assert list(found) == [("Acme", False, None), ("Beta", False, None)]
