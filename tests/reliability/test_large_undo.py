"""An import of any size can be taken back, whatever became of its records since."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.connectors.models import ImportChange, ImportRun
from banso.connectors.services.undo import undo_import
from banso.connectors.types import ImportStatus, Kind
from banso.kit import clock
from banso.workspace.services.bulk_insert import insert_rows
from banso.workspace.types import SYSTEM

ROWS = 2_000


@pytest.mark.django_db
def test_rows_that_are_left_alone_make_no_statement_longer() -> None:
    mapping = {"kind": "accounts", "source": "crm", "columns": {"name": "name"}}
    run = ImportRun.objects.create(
        kind=Kind.ACCOUNTS,
        status=ImportStatus.DONE,
        source="crm",
        file_name="a.csv",
        file_path="a.csv",
        sha256="",
        size_bytes=1,
        mapping=mapping,
        created_at=clock.now(),
        finished_at=clock.now(),
    )
    names = ("run_id", "row", "record_type", "record_id", "before", "after")
    rows = ((run.pk, row, "account", 10**9 + row, None, {}) for row in range(ROWS))
    insert_rows(ImportChange, names, rows)
    with CaptureQueriesContext(connection) as captured:
        report = undo_import(actor=SYSTEM, run=run, refresh=False)
    assert (report.reverted, len(report.skipped)) == (0, ROWS)
    assert set(report.skipped.values()) == {"gone"}
    # A statement takes 65,535 values on PostgreSQL; a file may have more rows than that.
    asked = [q["sql"] for q in captured if "importchange" in q["sql"] and "SELECT" in q["sql"]]
    assert len(asked) > ROWS / 500
    assert max(map(len, asked)) < 1_000
