"""Cells and mappings that nobody expects are answered row by row, and never stop an import."""

import csv
import io
import json

import pyarrow as pa
import pytest
from django.utils.translation import override

from banso.accounts.models import Account
from banso.connectors.files.problems import FileProblemError, kept, kept_text
from banso.connectors.mapping import MappingSpec
from banso.connectors.services.error_file import error_file
from banso.contracts.models import SubscriptionLine
from banso.helpdesk.models import Ticket
from banso.usage.models import UsageBatch
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts, told

pytestmark = pytest.mark.django_db

#: One good row of each kind.
GOOD = {
    "accounts": {"external_id": "K", "name": "N", "employees": "5", "customer_since": "2024-01-01"},
    "contacts": {"account": "1", "external_id": "K", "name": "N", "left_on": "2024-01-01"},
    "subscriptions": {
        "account": "1",
        "external_id": "K",
        "product": "P",
        "start_on": "2024-01-01",
        "end_on": "2024-12-31",
        "term_end_on": "2025-01-01",
        "mrr": "10",
        "seats": "5",
        "quantity": "5",
        "unit": "user",
        "currency": "USD",
    },
    "usage": {"account": "1", "external_id": "K", "feature": "f", "day": "2024-01-01"},
    "tickets": {
        "account": "1",
        "external_id": "K",
        "opened_at": "2024-01-01",
        "first_response_minutes": "5",
        "closed_at": "2024-01-02",
    },
    "nps": {"account": "1", "external_id": "K", "score": "9", "answered_at": "2024-01-01"},
    "activities": {
        "account": "1",
        "external_id": "K",
        "kind": "call",
        "happened_at": "2024-01-01",
    },
}
#: Around the ends of what a calendar, a number and a text can hold.
STRANGE = (
    "", "NaN", "inf", "-1", "1e18", "999999999999999999", "9223372036854775807", "1e-30",
    "9999-12-31", "9999-12-31 23:59:59-12:00", "9999-12-31T23:59:59+14:00", "0001-01-01",
    "1800-01-01 00:00:00+14:00", "2024-02-30", "99999", "x" * 250, "漢" * 250, "𠮷\u202e", "=1+1",
    "%(a)s", "|", "½", "①", "令和6年2月30日",
)  # fmt: skip
DATES = {"customer_since", "left_on", "start_on", "end_on", "term_end_on", "day"}
MOMENTS = {"opened_at", "closed_at", "answered_at", "happened_at"}
NUMBERS = {"employees", "mrr", "seats", "quantity", "first_response_minutes", "score"}


@pytest.fixture(autouse=True)
def companies(bring):
    return bring("accounts", "id,name\n1,Acme\n")


def strange_rows(good, name):
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow(good)
    for number, cell in enumerate(STRANGE):
        changed = {"external_id": f"K{number}"} | {name: cell}
        rows.writerow((good | changed).values())
    return file.getvalue()


def columns_of(good):
    how = {name: {"order": "ymd"} for name in DATES | MOMENTS}
    how |= {name: {"decimal": "."} for name in NUMBERS}
    return {name: {"column": name} | how.get(name, {}) for name in good}


@pytest.mark.parametrize("kind", GOOD)
def test_no_cell_stops_the_rows_around_it(bring, kind):
    good = GOOD[kind]
    for name in good:
        for end_is in ("exclusive", "inclusive"):
            run = bring(kind, strange_rows(good, name), columns=columns_of(good), end_is=end_is)
            assert run.status == "done"
            assert sum(counts(run)) == len(STRANGE)
            refused = {row for row, _, code in told(run)}
            assert len(refused) >= run.rejected


def test_the_last_day_of_the_calendar_means_no_end(bring):
    bring(
        "subscriptions",
        "account,start,end,mrr\n1,2024-01-01,9999-12-31,5\n",
        end_is="inclusive",
        columns={"account": "account", "start_on": "start", "end_on": "end", "mrr": "mrr"},
    )
    assert SubscriptionLine.objects.get().end_on is None


def test_a_step_of_a_log_without_its_ticket_is_refused(bring):
    columns = {"external_id": "no", "account": "who", "opened_at": "opened", "changed_at": "at"}
    run = bring(
        "tickets",
        "no,who,opened,at\n7,1,2024-01-02,2024-01-02\n,1,2024-01-02,2024-01-03\n",
        shape="log",
        columns=columns,
    )
    assert (counts(run), told(run)) == ((1, 0, 0, 1), [(3, "no", "required")])


def test_tickets_and_answers_from_the_future_are_taken_and_told(bring, stopped_clock):
    tickets = bring("tickets", "id,account,opened\nT,1,2099-01-01\n")
    assert told(tickets) == [(2, "opened", "dated-ahead")]
    assert Ticket.objects.count() == 1
    answers = bring("nps", "score,date\n9,2099-01-01\n")
    assert told(answers) == [(2, "date", "dated-ahead")]


def test_events_of_which_some_have_ids_are_all_kept_once(bring, stopped_clock):
    text = (
        "account,at,event,id\n1,2026-04-01 10:00,open,\n1,2026-04-01 10:00,open,\n"
        "1,2026-04-01 11:00,open,E1\nGone,2026-04-01 11:00,open,\n"
    )
    columns = {"account": "account", "at": "at", "feature": "event", "external_id": "id"}
    run = bring("usage", text, columns=columns, shape="raw")
    assert (counts(run), told(run)) == ((3, 0, 0, 1), [(5, "account", "unknown-account")])
    batches = [pa.ipc.open_stream(bytes(b.payload)).read_all() for b in UsageBatch.objects.all()]
    keys = [key for batch in batches for key in batch["message_key"].to_pylist()]
    assert len(set(keys)) == 3
    assert "E1" in keys
    assert "" not in keys


def test_rows_without_ids_about_the_same_thing_are_told_without_an_id(bring):
    run = bring("accounts", "name,industry\nAcme Inc.,a\nACME,b\n", source="list")
    assert told(run) == [(3, "", "repeated-row")]
    kept = bring(
        "accounts",
        "name,industry\nZeta,a\nZETA,b\n",
        columns={"name": "name"},
        on_duplicate_id="keep_both",
    )
    assert told(kept) == [(3, "", "repeated-row-kept")]
    assert Account.objects.filter(name__iexact="zeta").count() == 2


def test_the_error_file_holds_the_cells_of_every_row_that_does_not_fit(bring):
    rows = "".join(f"{n},Company, {n},JP\n" for n in range(1_200))
    text = f"id,name,country\n{rows}ok,Good,JP\n"
    run = bring("accounts", text)
    assert counts(run) == (1, 0, 0, 1_200)
    lines = b"".join(error_file(actor=SYSTEM, run=run)).decode().splitlines()
    assert lines[-1].startswith("1199,Company, 1199,JP,1201,,too-many-cells")


def test_what_was_wrong_with_a_mapping_is_kept_for_readers_of_every_language():
    with pytest.raises(FileProblemError) as error:
        MappingSpec.from_dict({"kind": "accounts", "colums": {}})
    again = json.loads(json.dumps(kept(error.value)))
    with override("ja"):
        assert kept_text(again)[0] == (
            "列の割り当てが正しくありません：マッピングに不明な項目があります：colums"
        )
    with override("en"):
        assert kept_text(again) == (error.value.message, error.value.remedy)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"empty": 5}, ""),
        ({"empty": None}, ""),
        ({"skip": 5}, "skip must be a list"),
        ({"zone": ["x"]}, "is not a time zone"),
        ({"products": {"a": 5}}, "a must be a list"),
        ({"grace_days": True}, "from 0 to 366"),
        ({"source": "x" * 61}, "60 characters"),
        ({"read": {"delimiter": ",,"}}, "one character"),
        ({"read": {"header_row": 10**9}}, "from 1 to 1000"),
        ({"columns": {"name": {"column": "a", "decimal": ["."]}}}, "decimal mark of name"),
    ],
)
def test_a_mapping_that_is_wrong_says_what_is(wrong, reason):
    mapping = {"kind": "accounts", "columns": {"name": "name"}} | wrong
    if not reason:
        assert MappingSpec.from_dict(mapping).columns
        return
    with pytest.raises(FileProblemError) as error:
        MappingSpec.from_dict(mapping)
    assert error.value.code == "bad-mapping"
    assert reason in error.value.message
