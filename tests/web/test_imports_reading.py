"""Correcting how the import wizard reads a file: sheet, header row, encoding and delimiter."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from banso.accounts.models import Account
from banso.connectors.models import ImportRun
from banso.workspace.services import jobs

pytestmark = pytest.mark.django_db
#: What a person calls the header stands below a row that is as full as it.
TITLED = "Customers,made by,Ann\nid,name,city\n1,Acme,Tokyo\n2,Bell,Kyoto\n"


@pytest.fixture
def leader(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["leader"])
    return client


def upload(client: Client, content: bytes, name: str = "file.csv") -> ImportRun:
    answer = client.post("/imports/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    return ImportRun.objects.latest("id")


def page_of(client: Client, run: ImportRun) -> str:
    return client.get(f"/imports/{run.uid}/map/").text


def form_of(run: ImportRun, **changes: str) -> dict[str, str]:
    """The form of the mapping page as it is sent, with some fields changed."""
    columns = {
        f"from-{field}": f"column:{name}" for field, name in run.mapping.get("columns", {}).items()
    }
    base = {"kind": run.kind, "was_kind": run.kind, "was_shape": "", "source": run.source}
    return {**base, "keep_rest": "yes", **columns, **changes}


def reread(client: Client, run: ImportRun, **changes: str) -> Any:
    """Send the form with corrections: ``header_row="1>2"`` for what was 1 and is to be 2."""
    fields = {}
    for name, change in changes.items():
        was, now = change.split(">")
        fields |= {f"was-{name}": was, f"read-{name}": now}
    answer = client.post(f"/imports/{run.uid}/map/", form_of(run, **fields, read_again="yes"))
    run.refresh_from_db()
    return answer


def workbook(**sheets: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def test_what_was_recognised_of_a_text_file_is_said_in_a_line(leader: Client) -> None:
    run = upload(leader, "顧客;\nid;会社名\n1;みどり\n2;あおぞら\n".encode("cp932"))
    page = page_of(leader, run)
    assert "CSV, Shift_JIS (CP932), separated by semicolons, header in row 2" in page
    assert run.mapping.get("read") is None


def test_a_header_that_was_not_found_is_named(leader: Client) -> None:
    run = upload(leader, TITLED.encode())
    assert "header in row 1" in page_of(leader, run)
    answer = reread(leader, run, header_row="1>2")
    assert answer["Location"] == f"/imports/{run.uid}/map/"
    page = page_of(leader, run)
    assert "header in row 2" in page
    assert 'value="column:city"' in page
    assert run.mapping["columns"] == {"external_id": "id", "name": "name"}
    assert run.mapping["read"] == {"header_row": 2}
    assert run.report["header"] == ["id", "name", "city"]


def test_the_rest_of_the_form_is_kept(leader: Client) -> None:
    run = upload(leader, TITLED.encode())
    changes = {"source": "crm", "from-segment": "constant", "constant-segment": "SMB"}
    fields = {"was-header_row": "1", "read-header_row": "2", "go": "yes", "zone": "Asia/Tokyo"}
    form = form_of(run, **changes, **fields)
    del form["keep_rest"]
    # What is to be read otherwise is not checked before a person has seen it.
    answer = leader.post(f"/imports/{run.uid}/map/", form)
    run.refresh_from_db()
    assert (answer["Location"], run.job) == (f"/imports/{run.uid}/map/", None)
    assert run.source == "crm"
    assert run.mapping["columns"]["segment"] == {"constant": "SMB"}
    assert (run.mapping["attributes"], run.mapping["zone"]) == ("none", "Asia/Tokyo")


def test_a_sheet_is_chosen_and_its_header_found_anew(leader: Client) -> None:
    old = [["id", "name"], [1, "Old"], [2, "Older"]]
    new = [["Customers"], [], ["id", "name"], [1, "New"], [2, "Newer"]]
    run = upload(leader, workbook(old=old, new=new, note=[["x"]]), "book.xlsx")
    assert "Excel, sheet 1 of 3 (old), header in row 1" in page_of(leader, run)
    reread(leader, run, sheet="old>new", header_row="1>1")
    page = page_of(leader, run)
    assert "Excel, sheet 2 of 3 (new), header in row 3" in page
    assert "Newer" in page
    # A header that was named for one sheet says nothing about another.
    reread(leader, run, header_row="3>4", sheet="new>new")
    assert run.mapping["read"] == {"sheet": "new", "header_row": 4}
    reread(leader, run, sheet="new>old", header_row="4>4")
    assert run.mapping["read"] == {"sheet": "old"}


def test_an_encoding_and_a_delimiter_are_chosen(leader: Client) -> None:
    run = upload(leader, "id|名前,よみ\n1|株式会社みどり,a\n2|あおぞら,b\n".encode("iso2022_jp"))
    reread(leader, run, encoding="utf-8>iso2022_jp", delimiter=",>,")
    reread(leader, run, encoding="iso2022_jp>iso2022_jp", delimiter=",>|")
    page = page_of(leader, run)
    assert "CSV, ISO-2022-JP (JIS), separated by |, header in row 1" in page
    assert 'value="column:名前,よみ"' in page
    assert run.mapping["read"] == {"encoding": "iso2022_jp", "delimiter": "|"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"header_row": "1>99"}, "Row 99 holds no names of columns."),
        ({"header_row": "1>0"}, "Row 0 holds no names of columns."),
        ({"header_row": "1>two"}, "Row two holds no names of columns."),
        ({"encoding": "cp932>utf-8"}, "Line 1 cannot be read as utf-8: byte"),
        ({"encoding": "cp932>klingon"}, "“klingon” is not a known encoding."),
        ({"delimiter": ",>ab"}, "the delimiter must be one character"),
        ({"sheet": ">gone", "header_row": "1>7"}, "Row 7 holds no names of columns."),
    ],
)
def test_a_choice_that_makes_no_sense_is_told_and_kept(
    leader: Client, change: dict[str, str], said: str
) -> None:
    run = upload(leader, "番号,会社名\n1,みどり\n2,あおぞら\n".encode("cp932"))
    before = run.mapping
    answer = reread(leader, run, **change)
    page = answer.text
    assert answer.status_code == 400
    assert escape(said) in page
    assert 'map-reading" open' in page
    sent = change.get("header_row", "1>1").split(">")[1]
    assert f'name="read-header_row" type="number" min="1" value="{sent}"' in page
    assert (run.mapping, run.report["header"]) == (before, ["番号", "会社名"])


def test_a_sheet_that_is_gone_is_told(leader: Client) -> None:
    run = upload(leader, workbook(a=[["id", "name"], [1, "A"], [2, "B"]]), "book.xlsx")
    answer = reread(leader, run, sheet="a>gone")
    assert answer.status_code == 400
    assert "The workbook has no sheet “gone”; it has a." in answer.text


def test_what_was_corrected_is_remembered_for_the_next_file(leader: Client) -> None:
    run = upload(leader, TITLED.encode())
    reread(leader, run, header_row="1>2")
    work = {**form_of(run, source="crm"), "go": "yes"}
    leader.post(f"/imports/{run.uid}/map/", work)
    finish(leader)
    assert sorted(Account.objects.values_list("name", flat=True)) == ["Acme", "Bell"]
    # The same title again: the header is found where it was, and so are its columns.
    again = upload(leader, TITLED.replace("Bell", "Cello").encode())
    assert (again.mapping["read"], again.source) == ({"header_row": 2}, "crm")
    assert again.report["header"] == ["id", "name", "city"]
    # Another title: the mapping comes back as soon as the header has been named.
    other = upload(leader, TITLED.replace("Ann", "Bob").encode())
    assert other.mapping.get("read") is None
    reread(leader, other, header_row="1>2")
    assert (other.mapping["columns"], other.source) == (again.mapping["columns"], "crm")
    # Without the title, what was said of the other files does not hold.
    plain = upload(leader, TITLED.partition("\n")[2].encode())
    assert (plain.mapping.get("read"), plain.source) == (None, "crm")


def finish(client: Client) -> None:
    """Check and import, as the worker would."""
    for step in ("check", "start"):
        run = ImportRun.objects.latest("id")
        if step == "start":
            client.post(f"/imports/{run.uid}/start/")
            run.refresh_from_db()
        assert run.job is not None
        jobs.run_job.call(run.job.pk)


def test_the_next_workbook_may_call_its_sheet_otherwise(leader: Client) -> None:
    rows = [["id", "name"], [1, "A"], [2, "B"]]
    run = upload(leader, workbook(note=[["a", "b"], [1, 2]], April=rows), "book.xlsx")
    reread(leader, run, sheet="note>April")
    leader.post(f"/imports/{run.uid}/map/", {**form_of(run), "go": "yes"})
    finish(leader)
    again = upload(leader, workbook(May=rows), "book.xlsx")
    assert again.mapping.get("read") is None
    assert again.report["header"] == ["id", "name"]
    assert "Excel, sheet 1 of 1 (May), header in row 1" in page_of(leader, again)


def test_an_import_that_has_begun_is_not_read_again(leader: Client) -> None:
    run = upload(leader, TITLED.encode())
    leader.post(
        f"/imports/{run.uid}/map/", {**form_of(run, **{"from-name": "column:made by"}), "go": "yes"}
    )
    finish(leader)
    answer = reread(leader, run, header_row="1>2")
    assert answer["Location"] == f"/imports/{run.uid}/"
    assert run.report["header"] == ["Customers", "made by", "Ann"]


def test_enter_in_a_field_checks_the_file_and_a_warning_is_none_too_loud(leader: Client) -> None:
    run = upload(leader, b"id,name,employees\n1,Acme,#DIV/0!\n2,Bell,-5\n")
    page = page_of(leader, run)
    assert page.index('name="go"') < page.index('name="read_again"')
    assert 'data-severity="warning"' in page
