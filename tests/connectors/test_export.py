"""Files that leave the product: exact for the reader, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from banso.connectors.files.formulas import defused, undefused
from banso.connectors.services.export import write_csv, write_xlsx

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def read(pieces: list[bytes]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))


@given(TEXT)
def test_no_cell_can_become_a_formula_and_the_text_survives(text: str) -> None:
    assert not defused(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert undefused(defused(text)) == text


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_a_csv_file_reads_back_as_it_was(rows: list[list[str]]) -> None:
    header, *back = read(list(write_csv(rows, ["a", "b"])))
    assert header == ["a", "b"]
    assert [[undefused(cell) for cell in row] for row in back] == rows


def test_numbers_and_days_stay_what_they_are() -> None:
    row = [-3, 2.5, Decimal("-1.10"), date(2026, 4, 1), datetime(2026, 4, 1, 9, tzinfo=UTC), None]
    back = read(list(write_csv([row], list("abcdef"))))[1]
    assert back == ["-3", "2.5", "-1.10", "2026-04-01", "2026-04-01 09:00:00+00:00", ""]


def test_excel_gets_text_numbers_and_days_and_no_formula() -> None:
    rows = [["=HYPERLINK(1)", -3, date(2026, 4, 1)], ["http://x.example", 2.5, None]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(write_xlsx(rows, ["名前", "値", "日"])))
    assert book.get_sheet_by_index(0).to_python() == [
        ["名前", "値", "日"],
        ["=HYPERLINK(1)", -3.0, date(2026, 4, 1)],
        ["http://x.example", 2.5, ""],
    ]
