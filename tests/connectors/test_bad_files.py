"""A file that cannot be used says why, and leaves nothing half-written."""

import pytest
import xlsxwriter

from banso.accounts.models import Account
from banso.connectors.files.problems import FileProblemError
from banso.connectors.models import ImportRun
from banso.connectors.services.runs import create_import, run_import
from banso.connectors.services.uploads import receive_upload
from banso.connectors.types import Kind
from banso.contracts.models import SubscriptionLine
from banso.workspace.types import SYSTEM
from tests.connectors.outcomes import counts, told

pytestmark = pytest.mark.django_db


def bring_file(path):
    run = create_import(actor=SYSTEM, path=path, kind=Kind.ACCOUNTS, source="crm")
    return run_import(actor=SYSTEM, run=run, refresh=False)


def refused(path):
    with pytest.raises(FileProblemError) as error:
        bring_file(path)
    assert not Account.objects.exists()
    return error.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("\n <HTML><table><tr><td>id</td></tr></table>", "binary-file"),
        ('[ {"id": 1}, {"id": 2} ]', "binary-file"),
        ("id,name,customer_since\n1,A,13/4/2024\n2,B,4/13/2024\n", "mixed-dates"),
        ("id,name\n", "header-only"),
        ('id,name\n1,ok\n2,"cut off\n3,x\n', "unclosed-quote"),
        ("id,industry\n1,x\n", "unmapped-field"),
        ("id,name,customer_since\n1,A,3/4/2024\n", "ambiguous-dates"),
        ("a," * 20_000 + "\n1\n", "too-many-columns"),
    ],
)
def test_text_that_is_no_usable_table(table, text, code):
    assert refused(table(text)).code == code


def test_a_file_that_breaks_in_the_middle_is_refused_before_a_row_is_written(table):
    rows = "".join(f"{i},Company {i}\n" for i in range(600))
    path = table(f'id,name\n{rows}600,"never closed\n')
    error = refused(path)
    assert (error.code, error.row) == ("unclosed-quote", 602)
    assert ImportRun.objects.get().status == "failed"


def test_a_workbook_goes_in_like_a_text(tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("顧客")
        for y, row in enumerate([["顧客一覧"], [], ["顧客ID", "会社名", "社員数"], [1, "㈱あ", 5]]):
            sheet.write_row(y, 0, row)
    run = bring_file(path)
    assert counts(run) == (1, 0, 0, 0)
    assert Account.objects.get().employees == 5


def test_a_column_named_twice_is_told_and_the_first_is_read(bring):
    run = bring("accounts", "id,name,name\n1,First,Second\n")
    assert told(run) == [(1, "name", "duplicate-headers")]
    assert Account.objects.get().name == "First"


def test_an_amount_in_another_currency_is_refused(bring):
    bring("accounts", "id,name\n1,A\n")
    run = bring(
        "subscriptions",
        'account,product,start,mrr,currency\n1,A,2024-01-01,"¥1,200",JPY\n1,B,2024-01-01,$12,JPY\n',
    )
    assert told(run) == [(3, "mrr", "mixed-currencies")]
    assert SubscriptionLine.objects.get().mrr_minor == 1200


def test_an_upload_over_the_limit_is_not_kept(settings, tmp_path, monkeypatch):
    settings.FILES_DIR = tmp_path
    monkeypatch.setattr("banso.connectors.services.uploads.BROWSER_LIMIT", 10)
    with pytest.raises(FileProblemError) as error:
        receive_upload(actor=SYSTEM, file_name="a.csv", chunks=[b"12345678", b"90123"])
    assert error.value.code == "too-large"
    assert list((tmp_path / "imports").iterdir()) == []
    kept = receive_upload(actor=SYSTEM, file_name="../../a.csv", chunks=[b"id,name\n"])
    assert kept.parent == tmp_path / "imports"


def test_usage_without_a_column_for_whose_it_is_is_refused_once_and_before_any_row(bring):
    with pytest.raises(FileProblemError) as error:
        bring("usage", "who,day,event\n1,2024-01-01,login\n")
    assert (error.value.code, error.value.params["field"]) == ("unmapped-field", "account")
