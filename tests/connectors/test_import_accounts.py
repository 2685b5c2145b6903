"""What somebody relies on who imports companies."""

from datetime import date

import pytest

from banso.accounts.models import Account, AccountKey
from banso.accounts.services.timeline import record_entries
from banso.accounts.types import ActivityKind, Entry
from banso.connectors.services.error_file import error_file
from banso.connectors.services.runs import check_import, create_import, run_import, set_mapping
from banso.connectors.services.undo import undo_import
from banso.health.services.compute.pulses import ensure_pulses
from banso.kit import clock
from banso.kit.errors import ForbiddenError
from banso.workspace.selectors import actor_of
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts, told

pytestmark = pytest.mark.django_db

CODED = {"external_id": "code", "name": "label", "employees": "staff"}
FILE = """顧客ID,会社名,業種,従業員数,法人番号,契約開始日,CS担当,メモ
A-1,株式会社シンワ,製造,"1,200",7000012050002,令和6年2月3日,csm@banso.example,重要
A-2,山本商店,小売,１５,,R5.4.1,,
"""


def test_japanese_columns_are_recognised_and_typed(bring, people):
    run = bring("accounts", FILE)
    assert counts(run) == (2, 0, 0, 0)
    first = Account.objects.get(name="株式会社シンワ")
    assert (first.industry, first.employees) == ("製造", 1200)
    assert first.corporate_number == "7000012050002"
    assert first.customer_since == date(2024, 2, 3)
    assert first.cs_owner_id == people["csm"].pk
    assert first.attributes == {"メモ": "重要"}
    assert Account.objects.get(employees=15).customer_since == date(2023, 4, 1)
    assert AccountKey.objects.get(external_id="A-1").source == "crm"


def test_the_same_file_again_changes_nothing(bring, people):
    bring("accounts", FILE)
    before = list(Account.objects.values())
    assert counts(bring("accounts", FILE)) == (0, 0, 2, 0)
    assert list(Account.objects.values()) == before


def test_a_changed_cell_changes_its_field_and_an_empty_one_changes_nothing(bring, people):
    bring("accounts", FILE)
    run = bring("accounts", FILE.replace("製造", "建設").replace("１５", ""))
    assert counts(run) == (0, 1, 1, 0)
    assert Account.objects.get(name="株式会社シンワ").industry == "建設"
    assert Account.objects.get(name="山本商店").employees == 15


def test_every_bad_row_is_told_with_its_column_and_the_rest_goes_in(bring):
    run = bring(
        "accounts",
        "id,name,employees,customer_since,corporate_number,cs_owner\n"
        "1,Good,5,2024-02-29,,\n"
        "2,,5,2024-02-01,,\n"
        "3,No such day,5,2024-02-30,,\n"
        "4,Negative,-5,2024-02-01,,\n"
        "5,Not a number,many,2024-02-01,,\n"
        "1,Again,5,2024-02-01,,\n"
        "6,Bad number,5,2024-02-01,1234567890123,gone@x.example\n"
        "7,Infinite,NaN,2024-02-01,,\n",
    )
    assert counts(run) == (2, 0, 0, 6)
    assert told(run) == [
        (3, "name", "required"),
        (4, "customer_since", "no-such-day"),
        (5, "employees", "negative"),
        (6, "employees", "not-a-number"),
        (7, "id", "duplicate-id"),
        (8, "corporate_number", "bad-corporate-number"),
        (8, "cs_owner", "unknown-user"),
        (9, "employees", "not-finite"),
    ]
    assert set(Account.objects.values_list("name", flat=True)) == {"Good", "Bad number"}


def test_another_source_finds_the_company_by_its_corporate_number(bring):
    bring("accounts", "id,name,corporate_number\nA,株式会社あ,7000012050002\n")
    run = bring("accounts", "id,name,法人番号\nX,㈱あ,7000012050002\n", source="billing")
    assert counts(run) == (0, 1, 0, 0)
    keys = AccountKey.objects.values_list("source", "external_id")
    assert set(keys) == {("crm", "A"), ("billing", "X")}


def test_a_match_with_several_companies_is_refused_not_guessed(bring):
    bring("accounts", "id,name\n1,Acme Inc.\n2,ACME\n")
    run = bring("accounts", "name,industry\nAcme GmbH,x\n", source="list")
    assert (counts(run), told(run)) == ((0, 0, 0, 1), [(2, "external_id", "ambiguous-match")])
    assert Account.objects.count() == 2


def test_a_dry_run_tells_the_same_and_writes_nothing(table):
    path = table("id,name,employees\n1,A,5\n2,,5\n3,C,x\n")
    run = create_import(actor=SYSTEM, path=path, source="crm")
    report = check_import(actor=SYSTEM, run=run)
    assert (report.tally.new, report.tally.rejected, report.total) == (1, 2, 3)
    assert [(p.row, p.code) for p in report.problems] == [(3, "required"), (4, "not-a-number")]
    assert not Account.objects.exists()
    assert not AccountKey.objects.exists()


def test_a_mapping_is_remembered_for_the_same_header(table):
    path = table("a,b\n1,Acme\n")
    run = create_import(actor=SYSTEM, path=path, source="crm")
    mapping = {"kind": "accounts", "source": "crm", "columns": {"external_id": "a", "name": "b"}}
    set_mapping(actor=SYSTEM, run=run, mapping=mapping)
    again = create_import(actor=SYSTEM, path=table("a,b\n2,Other\n"), source="crm")
    assert again.mapping["columns"] == {"external_id": "a", "name": "b"}


def test_the_file_of_refused_rows_goes_in_once_it_is_corrected(bring):
    run = bring("accounts", "code,label,staff\n1,A,5\n2,B,-7\n", columns=CODED)
    text = b"".join(error_file(actor=SYSTEM, run=run)).decode("utf-8-sig")
    assert "'-7" in text
    again = bring("accounts", text, columns=CODED)
    assert told(again) == [(2, "staff", "negative")]
    corrected = bring("accounts", text.replace("'-7", "7"), columns=CODED)
    assert counts(corrected) == (1, 0, 0, 0)
    assert Account.objects.get(name="B").employees == 7
    assert Account.objects.get(name="B").attributes == {}


def test_undo_brings_back_what_was_and_removes_what_was_new(bring):
    bring("accounts", "id,name,industry\n1,A,x\n")
    before = list(Account.objects.values("name", "industry", "name_key", "search_text"))
    run = bring("accounts", "id,name,industry\n1,B,y\n2,C,z\n")
    report = undo_import(actor=SYSTEM, run=run, refresh=False)
    assert (report.reverted, report.skipped) == (2, {})
    assert list(Account.objects.values("name", "industry", "name_key", "search_text")) == before
    assert AccountKey.objects.count() == 1


def test_undo_leaves_alone_what_somebody_changed_or_uses(bring):
    run = bring("accounts", "id,name,industry\n1,A,x\n2,B,y\n3,C,z\n")
    Account.objects.filter(name="A").update(industry="corrected by hand")
    bring("contacts", "account,name\n2,Aoki\n")
    report = undo_import(actor=SYSTEM, run=run, refresh=False)
    assert report.reverted == 1
    assert report.skipped == {2: "changed-since", 3: "in-use"}
    assert set(Account.objects.values_list("name", flat=True)) == {"A", "B"}


def test_scores_made_from_an_account_do_not_keep_it(bring):
    run = bring("accounts", "id,name\n1,A\n")
    account = Account.objects.get()
    ensure_pulses([account.pk])
    entry = {"happened_at": clock.now(), "source": "health", "external_id": "x"}
    record_entries([Entry(account_id=account.pk, kind=ActivityKind.SCORE, **entry)])
    assert undo_import(actor=SYSTEM, run=run, refresh=False).reverted == 1
    assert not Account.objects.exists()


def test_an_interrupted_run_goes_on_without_doubling_anything(table):
    rows = "".join(f"{i},Company {i}\n" for i in range(1300))
    run = create_import(actor=SYSTEM, path=table(f"id,name\n{rows}5,Again\n"), source="crm")

    class PowerCutError(Exception):
        pass

    def cut(done, total):
        if done >= 1000:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        run_import(actor=SYSTEM, run=run, progress=cut, refresh=False)
    run.refresh_from_db()
    assert (run.checkpoint, run.new, run.status) == (1000, 1000, "running")
    run_import(actor=SYSTEM, run=run, refresh=False)
    assert counts(run) == (1300, 0, 0, 1)
    assert Account.objects.count() == 1300
    assert run.changes.count() == 1300


def test_only_leaders_import(table, people):
    path = table("id,name\n1,A\n")
    for role in ("csm", "sales", "viewer"):
        with pytest.raises(ForbiddenError):
            create_import(actor=actor_of(people[role]), path=path)
    assert create_import(actor=actor_of(people["leader"]), path=path).kind == "accounts"


def test_a_domain_that_cannot_be_read_is_told_and_costs_only_itself(bring):
    run = bring("accounts", "id,name,domain\n1,Acme,https://www.acme.co.jp/top\n2,Beta,unknown\n")
    assert counts(run) == (2, 0, 0, 0)
    found = [(p.row, p.column, p.code, p.severity, p.params) for p in run.problems.all()]
    assert found == [(3, "domain", "not-a-domain", "warning", {"value": "unknown"})]
    domains = dict(Account.objects.values_list("name", "domain"))
    assert domains == {"Acme": "acme.co.jp", "Beta": ""}
