"""What leaves the product is harmless in every spreadsheet and comes back as it was."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from banso.connectors.files import open_table
from banso.connectors.files.formulas import undefused
from banso.connectors.mapping import MappingSpec, Reader
from banso.connectors.models import ImportProblem, ImportRun
from banso.connectors.services.error_file import error_file
from banso.connectors.services.export import write_csv, write_xlsx
from banso.connectors.types import Kind, Severity
from banso.kit import clock
from banso.workspace.types import SYSTEM

TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n'\";,|＝＋－＠_x0041 \x00\x01\x1b\ufeff\ufffe\ud800"),
        st.characters(),
    ),
    max_size=30,
)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
VALUES = st.one_of(
    TEXT,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    MOMENTS,
    st.uuids(),
    st.lists(TEXT, max_size=2),
)
#: The first character by which a spreadsheet takes a cell for a formula, of either width.
FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
NUMBER = re.compile(r"-?(\d+(\.\d+)?([eE][+-]?\d+)?|inf|nan|sNaN|NaN|Infinity)|-?\d+E\+?\d+")


def is_harmless(cell: str) -> bool:
    # A quotation that begins in the wrong place holds the end of our line, then a cell of ours.
    cell = cell.removeprefix("\r\n")
    # A line split in the wrong place may begin with a number of ours and its comma.
    return not FORMULA.match(cell) or NUMBER.fullmatch(cell.partition(",")[0]) is not None


def pieces(rows: list[list[Any]], columns: list[str]) -> str:
    return b"".join(write_csv(rows, columns)).decode("utf-8-sig")


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=4))
@example([["a;=1+1", "b\t=1", "\n\n=1"]])
@example([[None, "", "\n"], ["=1+1", "", ""]])
def test_no_cell_runs_in_any_spreadsheet(rows: list[list[Any]]) -> None:
    text = pieces(rows, ["a", "=b", "c"])
    # Where a list is separated by semicolons, Excel splits the same file there.
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            assert all(is_harmless(cell) for cell in row), row


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=4))
@example([["\ud800", "=\ud800"]])
def test_text_comes_back_from_csv_exactly(rows: list[list[str]]) -> None:
    _, *back = csv.reader(io.StringIO(pieces(rows, ["a", "b"]), newline=""))
    storable = [[c.encode("utf-8", "replace").decode() for c in row] for row in rows]
    assert [[undefused(cell) for cell in row] for row in back] == storable


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=4))
@example([[date(1, 1, 1), datetime(1899, 12, 31, tzinfo=UTC)]])
@example([[float("nan"), float("-inf")], [Decimal("sNaN"), 2**80]])
def test_excel_gets_every_value_and_no_formula(rows: list[list[Any]]) -> None:
    data = write_xlsx(rows, ["a", "b"], title="x")
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


#: What XML cannot say, a spreadsheet cannot hold.
PLAIN = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=30,
)


@given(PLAIN, PLAIN)
@example("=1+1", "http://x.example")
@example("_x0041_", " padded ")
def test_text_comes_back_from_excel_exactly(one: str, other: str) -> None:
    data = write_xlsx([["first", one, other]], ["a", "b", "c"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.get_sheet_by_index(0).to_python()[1] == ["first", one, other]


CELLS = st.lists(
    st.text(
        st.one_of(
            st.sampled_from("=+-@'\"\t; ,"), st.characters(codec="utf-8", categories=["L", "P"])
        ),
        min_size=1,
        max_size=12,
    ).filter(str.strip),
    min_size=3,
    max_size=3,
)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(CELLS, min_size=1, max_size=4))
def test_the_error_file_comes_back_cell_by_cell(
    db: None, tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    run = ImportRun.objects.create(
        kind=Kind.ACCOUNTS,
        source="crm",
        file_name="a.csv",
        file_path="a.csv",
        sha256="",
        size_bytes=1,
        report={"header": ["id", "name", "note"]},
        created_at=clock.now(),
    )
    for number, cells in enumerate(rows, start=2):
        ImportProblem.objects.create(
            run=run, row=number, code="required", severity=Severity.ERROR, raw=cells
        )
    file = Path(tmp_path_factory.mktemp("errors"), "errors.csv")
    file.write_bytes(b"".join(error_file(actor=SYSTEM, run=run)))
    text = file.read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert all(is_harmless(cell) for cell in row)
    spec = MappingSpec.from_dict(
        {"kind": "accounts", "source": "crm", "columns": {"external_id": "id", "name": "name"}}
    )
    reader = Reader(spec, _fields(), open_table(file), "Asia/Tokyo")
    assert [list(record.cells[:3]) for record in reader.records()] == rows


def _fields() -> Any:
    from banso.connectors.selectors import fields_of

    return fields_of(Kind.ACCOUNTS)
