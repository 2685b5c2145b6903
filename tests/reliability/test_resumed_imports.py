"""A run that was stopped in the middle ends as if it had not been."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from banso.accounts.models import Account
from banso.connectors.models import ImportRun
from banso.connectors.services import runs, undo
from banso.connectors.services.interruptions import ImportTakenError, only_writer
from banso.connectors.types import ImportStatus, Kind
from banso.kit.errors import ConflictError
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db


class PowerCutError(BaseException):
    """Ends the process's work wherever it is, like a signal."""


def stop_after(rows: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done >= rows:
            raise PowerCutError

    return progress


@pytest.fixture
def begin(tmp_path: Path) -> Callable[..., ImportRun]:
    def begin(text: str, kind: Kind = Kind.ACCOUNTS, **mapping: Any) -> ImportRun:
        path = tmp_path / "crm.csv"
        path.write_text(text, encoding="utf-8")
        given = {"kind": kind, "source": "crm", **mapping} if mapping else None
        return runs.create_import(actor=SYSTEM, path=path, kind=kind, mapping=given, resume=True)

    return begin


def accounts_file(rows: int, *more: str) -> str:
    body = [f"A{n},Company {n},{n}" for n in range(rows)]
    return "\n".join(["account_id,name,employees", *body, *more]) + "\n"


def interrupt(run: ImportRun, *, after: int) -> None:
    with pytest.raises(PowerCutError):
        runs.run_import(actor=SYSTEM, run=run, progress=stop_after(after), refresh=False)


def test_the_same_file_again_goes_on_with_the_same_run(begin: Callable[..., ImportRun]) -> None:
    text = accounts_file(1200)
    first = begin(text)
    interrupt(first, after=500)
    assert Account.objects.count() == 500
    second = begin(text)
    assert (second.pk, second.checkpoint) == (first.pk, 500)
    done = runs.run_import(actor=SYSTEM, run=second, refresh=False)
    assert (done.status, done.new, Account.objects.count()) == (ImportStatus.DONE, 1200, 1200)
    assert begin(text).pk != first.pk


def test_an_interrupted_run_can_be_taken_back_instead(begin: Callable[..., ImportRun]) -> None:
    run = begin(accounts_file(1200))
    interrupt(run, after=1000)
    run.refresh_from_db()
    undo.undo_import(actor=SYSTEM, run=run, refresh=False)
    assert Account.objects.count() == 0


def test_a_row_that_was_refused_before_the_stop_does_not_cost_a_later_one(
    begin: Callable[..., ImportRun],
) -> None:
    text = (
        "account_id,name,employees\nA9,Nine,many\n"
        + accounts_file(700, "A9000,Company,1").partition("\n")[2].replace("A9,Company 9,9\n", "")
        + "A9,Nine,9\n"
    )
    mapping = {"columns": {"external_id": "account_id", "name": "name", "employees": "employees"}}
    run = begin(text, **mapping)
    interrupt(run, after=500)
    run.refresh_from_db()
    done = runs.run_import(actor=SYSTEM, run=run, refresh=False)
    codes = list(done.problems.values_list("row", "code"))
    assert (done.rejected, codes) == (1, [(2, "not-a-number")])
    assert Account.objects.filter(name="Nine").exists()


def test_the_last_day_of_the_data_survives_the_stop(
    begin: Callable[..., ImportRun], stopped_clock: object
) -> None:
    runs.run_import(actor=SYSTEM, run=begin(accounts_file(1)), refresh=False)
    rows = "".join(f"A0,2026-0{3 if n < 500 else 2}-01T10:00:00,note {n}\n" for n in range(700))
    columns = {"account": "account", "happened_at": "at", "body": "body"}
    run = begin(
        f"account,at,body\n{rows}",
        Kind.ACTIVITIES,
        columns={**columns, "kind": {"constant": "note"}},
    )
    interrupt(run, after=500)
    run.refresh_from_db()
    done = runs.run_import(actor=SYSTEM, run=run, refresh=False)
    assert done.report["last_day"] == "2026-03-01"


def test_two_processes_never_write_the_same_rows(begin: Callable[..., ImportRun]) -> None:
    run = begin(accounts_file(1200))
    late = ImportRun.objects.get(pk=run.pk)
    interrupt(run, after=500)
    # The late one still believes that nothing is written: what it does is taken back.
    with pytest.raises(ImportTakenError):
        runs.run_import(actor=SYSTEM, run=late, refresh=False)
    run.refresh_from_db()
    assert (run.status, run.checkpoint, Account.objects.count()) == ("running", 500, 500)


def test_a_run_that_a_living_process_holds_is_neither_resumed_nor_undone(
    begin: Callable[..., ImportRun],
) -> None:
    text = accounts_file(1200)
    run = begin(text)
    interrupt(run, after=500)
    with only_writer(run):
        with pytest.raises(ImportTakenError):
            runs.run_import(actor=SYSTEM, run=run, refresh=False)
        assert begin(text).pk != run.pk
        run.refresh_from_db()
        with pytest.raises(ConflictError):
            undo.undo_import(actor=SYSTEM, run=run, refresh=False)
