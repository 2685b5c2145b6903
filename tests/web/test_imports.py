"""The import wizard: upload, columns, check, run, report, undo; and the NPS page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext, override

from banso.accounts.models import Account
from banso.accounts.services.accounts import create_account
from banso.connectors.files.problem_texts import ROW_TEXTS
from banso.connectors.models import ImportRun
from banso.connectors.services import checks
from banso.connectors.services.runs import check_import
from banso.voice.models import NpsAnswer
from banso.voice.rules import nps
from banso.workspace.selectors import company
from banso.workspace.services import jobs
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db
ACCOUNTS = """企業コード,会社名,従業員数,契約開始日,備考
A-1,株式会社みどり,"1,200",2024-04-01,重点
A-2,㈱あおぞら物流,350,2024-05-06,
A-3,,20,2024-07-08,
A-4,合同会社さくら,-5,2024-02-03,
"""


@pytest.fixture
def leader(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["leader"])
    return client


def upload(client: Client, text: str, name: str = "accounts.csv", encoding: str = "cp932") -> Any:
    file = SimpleUploadedFile(name, text.encode(encoding))
    return client.post("/imports/upload/", {"file": file})


def mapping_form(run: ImportRun, **changes: Any) -> dict[str, Any]:
    """The fields of the mapping page as it first comes."""
    columns = {
        f"from-{field}": f"column:{entry if isinstance(entry, str) else entry['column']}"
        for field, entry in run.mapping["columns"].items()
    }
    base = {"kind": run.kind, "was_kind": run.kind, "was_shape": "", "source": run.source}
    return {**base, "keep_rest": "yes", **columns, **changes}


def work() -> None:
    """Do what is queued for the import, as the worker would."""
    run = ImportRun.objects.latest("id")
    assert run.job is not None
    jobs.run_job.call(run.job.pk)


def checked(client: Client, text: str = ACCOUNTS, **changes: Any) -> ImportRun:
    upload(client, text)
    run = ImportRun.objects.get()
    client.post(f"/imports/{run.uid}/map/", {**mapping_form(run, **changes), "go": "yes"})
    work()
    run.refresh_from_db()
    return run


def test_an_upload_is_recognised_and_its_columns_proposed(leader: Client) -> None:
    answer = upload(leader, ACCOUNTS)
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/imports/{run.uid}/map/"
    page = leader.get(answer["Location"]).text
    assert "Shift_JIS (CP932)" in page
    assert 'value="column:会社名" selected' in page
    assert "株式会社みどり" in page
    assert not Account.objects.exists()


def test_the_preview_shows_typed_values_and_what_is_wrong(leader: Client) -> None:
    upload(leader, ACCOUNTS)
    run = ImportRun.objects.get()
    html = leader.post(f"/imports/{run.uid}/preview/", mapping_form(run)).text
    assert "1200" in html
    assert "Row 5, 従業員数: “-5” is negative." in html


def test_an_ambiguous_date_order_is_asked_and_the_answer_used(leader: Client) -> None:
    upload(leader, "id,name,customer_since\n1,A,03/04/2024\n2,B,05/06/2024\n")
    run = ImportRun.objects.get()
    html = leader.post(f"/imports/{run.uid}/preview/", mapping_form(run)).text
    assert "can be read in more than one way" in html
    form = mapping_form(run, **{"order-customer_since": "dmy"})
    html = leader.post(f"/imports/{run.uid}/preview/", form).text
    assert "can be read in more than one way" not in html
    leader.post(f"/imports/{run.uid}/map/", {**form, "go": "yes"})
    work()
    leader.post(f"/imports/{run.uid}/start/")
    work()
    since = Account.objects.get(name="A").customer_since
    assert since is not None
    assert since.isoformat() == "2024-04-03"


def test_an_order_left_open_stops_the_check_with_a_way_out(leader: Client) -> None:
    run = checked(leader, "id,name,customer_since\n1,A,03/04/2024\n2,B,05/06/2024\n")
    page = leader.get(f"/imports/{run.uid}/").text
    assert "can be read in more than one order" in page
    assert f"/imports/{run.uid}/map/" in page
    assert not Account.objects.exists()


def test_columns_chosen_during_a_check_are_checked_in_its_place(
    leader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(leader, ACCOUNTS)
    run = ImportRun.objects.get()
    form = {**mapping_form(run), "go": "yes"}
    leader.post(f"/imports/{run.uid}/map/", form)

    def chosen_meanwhile(**options: Any) -> Any:
        report = check_import(**options)
        monkeypatch.setattr(checks, "check_import", check_import)
        leader.post(f"/imports/{run.uid}/map/", {**form, "from-employees": ""})
        return report

    monkeypatch.setattr(checks, "check_import", chosen_meanwhile)
    work()
    run.refresh_from_db()
    assert "employees" not in run.mapping["columns"]
    assert (run.status, run.report["check"]["rejected"]) == ("checked", 1)


def test_the_check_writes_nothing_and_tells_every_row(leader: Client) -> None:
    run = checked(leader)
    page = leader.get(f"/imports/{run.uid}/").text
    assert run.status == "checked"
    assert run.report["check"]["new"] == 2
    assert run.report["check"]["rejected"] == 2
    assert "The cell is empty." in page
    assert "“-5” is negative." in page
    assert not Account.objects.exists()


def test_the_run_takes_the_good_rows_and_gives_the_others_back(leader: Client) -> None:
    run = checked(leader)
    leader.post(f"/imports/{run.uid}/start/")
    assert "Importing" in leader.get(f"/imports/{run.uid}/").text
    work()
    page = leader.get(f"/imports/{run.uid}/").text
    assert sorted(Account.objects.values_list("name", flat=True)) == [
        "(株)あおぞら物流",
        "株式会社みどり",
    ]
    assert Account.objects.get(name="株式会社みどり").attributes == {"備考": "重点"}
    assert "To the accounts" in page
    errors = b"".join(leader.get(f"/imports/{run.uid}/errors.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "A-4" in errors
    assert "A-1" not in errors


def test_the_same_file_twice_changes_nothing(leader: Client) -> None:
    for _ in range(2):
        ImportRun.objects.exclude(status="done").delete()
        upload(leader, ACCOUNTS)
        run = ImportRun.objects.latest("id")
        leader.post(f"/imports/{run.uid}/map/", {**mapping_form(run), "go": "yes"})
        work()
        leader.post(f"/imports/{run.uid}/start/")
        work()
    run.refresh_from_db()
    assert (run.new, run.changed, run.unchanged) == (0, 0, 2)


def test_rows_that_the_mapping_passes_over_are_counted(leader: Client) -> None:
    upload(leader, ACCOUNTS + "A-5,B,1,2024-02-03,,too,many\n")
    run = ImportRun.objects.get()
    run.mapping["skip"] = [{"column": "備考", "is": ["重点"]}]
    run.save()
    leader.post(f"/imports/{run.uid}/map/", {**mapping_form(run), "go": "yes"})
    work()
    told = 'Passed over by the mapping</span><span class="stat-value">1<'
    assert told in leader.get(f"/imports/{run.uid}/").text
    leader.post(f"/imports/{run.uid}/start/")
    work()
    assert told in leader.get(f"/imports/{run.uid}/").text
    assert "Passed over" not in leader.get(f"/imports/{checked_anew(leader).uid}/").text


def checked_anew(client: Client) -> ImportRun:
    """The first file checked again, with a mapping that leaves out no row."""
    upload(client, ACCOUNTS.replace("備考", "note"))
    run = ImportRun.objects.latest("id")
    client.post(f"/imports/{run.uid}/map/", {**mapping_form(run), "go": "yes"})
    work()
    return run


@pytest.mark.parametrize("code", ROW_TEXTS)
def test_what_to_do_is_true_of_a_check_and_of_an_import(code: str) -> None:
    """Both tell it: one of rows that nobody has taken yet, the other of rows that have been."""
    message, remedy = ROW_TEXTS[code]
    assert not re.search(r"\b(was|were) (taken|read)\b", message + remedy)
    with override("ja"):
        assert not re.search(
            "取り込みました|読みました|扱いました", gettext(message) + gettext(remedy)
        )


def test_an_import_is_undone(leader: Client) -> None:
    run = checked(leader)
    leader.post(f"/imports/{run.uid}/start/")
    work()
    assert Account.objects.count() == 2
    leader.post(f"/imports/{run.uid}/undo/")
    work()
    assert not Account.objects.exists()
    assert "2 records were taken back" in leader.get(f"/imports/{run.uid}/").text


def test_a_waiting_import_is_cancelled(leader: Client) -> None:
    run = checked(leader)
    leader.post(f"/imports/{run.uid}/start/")
    leader.post(f"/imports/{run.uid}/cancel/")
    work()
    assert not Account.objects.exists()
    page = leader.get(f"/imports/{run.uid}/").text
    assert "Go on where it stopped" in page
    leader.post(f"/imports/{run.uid}/start/")
    work()
    assert Account.objects.count() == 2


def test_choosing_another_kind_begins_with_a_fresh_proposal(leader: Client) -> None:
    upload(leader, "account_id,score,date\nA-1,9,2024-03-01\n", "x.csv")
    run = ImportRun.objects.get()
    form = {**mapping_form(run), "kind": "nps", "was_kind": "accounts"}
    page = leader.post(f"/imports/{run.uid}/map/", form).text
    assert 'name="from-score"' in page
    assert 'value="column:score" selected' in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "This is not a table but"),
        (b"id,name\n1,\x81 \n", "cannot be read as text"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_remedy(
    leader: Client, content: bytes, said: str
) -> None:
    file = SimpleUploadedFile("bad.csv", content)
    answer = leader.post("/imports/upload/", {"file": file})
    assert answer.status_code == 400
    assert said in answer.text
    assert not ImportRun.objects.exists()


def test_data_that_ends_in_the_past_can_be_looked_at_as_of_its_last_day(leader: Client) -> None:
    create_account(actor=SYSTEM, name="Acme")
    run = checked(leader, "score,date\n9,2019-03-01\n2,2019-03-05\n", kind="nps")
    assert run.kind == "nps"
    leader.post(f"/imports/{run.uid}/start/")
    work()
    assert "This data ends on" in leader.get(f"/imports/{run.uid}/").text
    leader.post(f"/imports/{run.uid}/look/")
    pinned = company().pinned_on
    assert pinned is not None
    assert pinned.isoformat() == "2019-03-05"


def test_only_leaders_import(people: dict[str, Any]) -> None:
    client = Client()
    client.force_login(people["csm"])
    assert client.get("/imports/").status_code == 403
    assert upload(client, ACCOUNTS).status_code == 403


# NPS


def answer(score: int, **values: Any) -> NpsAnswer:
    key = f"{NpsAnswer.objects.count()}"
    values.setdefault("answered_at", datetime(2026, 4, 1, tzinfo=UTC))
    return NpsAnswer.objects.create(score=score, source="t", external_id=key, **values)


def test_the_score_and_its_interval_by_hand() -> None:
    """5 promoters, 3 passives, 2 detractors: +30; variance (0.7 − 0.09) ÷ 10, 1.96 × √ = 0.484."""
    found = nps({10: 3, 9: 2, 8: 3, 3: 2})
    assert (found.promoters, found.passives, found.detractors) == (5, 3, 2)
    assert found.score == pytest.approx(30)
    assert found.margin == pytest.approx(48.4, abs=0.05)
    assert nps({}).score is None


def test_answers_without_an_account_count(
    leader: Client, stopped_clock: Any, people: dict[str, Any]
) -> None:
    account = create_account(actor=SYSTEM, name="Acme")
    answer(10, account=account, comment="Lovely")
    answer(2)
    page = leader.get("/voice/nps/").text
    assert "±0" in page
    assert "Lovely" in page
    assert "no account" in page
    only = leader.get("/voice/nps/?group=detractors").text
    assert "Lovely" not in only


def test_a_restricted_csm_sees_only_his_own_answers(people: dict[str, Any]) -> None:
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    own = create_account(actor=SYSTEM, name="Mine", cs_owner=people["csm"])
    other = create_account(actor=SYSTEM, name="Theirs")
    answer(9, account=own)
    answer(1, account=other)
    client = Client()
    client.force_login(people["csm"])
    page = client.get("/voice/nps/?period=all").text
    assert "Mine" in page
    assert "Theirs" not in page


def test_the_empty_page_says_what_to_do(leader: Client) -> None:
    page = leader.get("/voice/nps/").text
    assert "No answers yet" in page
    assert "/imports/" in page


def test_the_nps_page_takes_constant_queries(
    leader: Client, django_assert_max_num_queries: Any
) -> None:
    account = create_account(actor=SYSTEM, name="Acme")
    for score in range(11):
        answer(score, account=account)
    with django_assert_max_num_queries(10):
        leader.get("/voice/nps/?period=all")
