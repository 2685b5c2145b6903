"""What a person relies on who hands over a workbook."""

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from banso.connectors.files import FileHints, open_table
from banso.connectors.files.problems import FileProblemError


@pytest.fixture
def workbook(tmp_path):
    """Write sheets (name to rows) to a workbook and return its path."""

    def workbook(**sheets):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            dates = book.add_format({"num_format": "yyyy/mm/dd hh:mm"})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for y, row in enumerate(rows):
                    for x, cell in enumerate(row):
                        style = dates if isinstance(cell, date) else None
                        sheet.write(y, x, cell, style)
        return path

    return workbook


def test_cells_become_text_as_a_person_reads_them(workbook):
    table = open_table(
        workbook(
            a=[
                ["id", "名前", "seats", "price", "on", "at", "yes"],
                [1, "㈱あ", 5, 1.5, datetime(2024, 2, 3), datetime(2024, 2, 3, 10, 11), True],
            ]
        )
    )
    assert table.names[:3] == ("id", "名前", "seats")
    assert list(table.rows()) == [
        (2, ["1", "㈱あ", "5", "1.5", "2024-02-03", "2024-02-03 10:11:00", "TRUE"])
    ]


def test_formulas_that_failed_are_read_as_the_texts_a_person_sees(workbook, tmp_path):
    path = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("a")
        sheet.write_row(0, 0, ["id", "seats", "plan"])
        sheet.write_row(1, 0, ['1 t="e"', 5, "x"])
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")
    assert list(open_table(path).rows()) == [
        (2, ['1 t="e"', "5", "x"]),
        (3, ["", "#DIV/0!", "#N/A"]),
    ]


def test_the_first_sheet_with_content_is_taken_unless_one_is_named(workbook):
    path = workbook(empty=[], data=[["a", "b"], [1, 2]], more=[["c", "d"], [3, 4]])
    assert open_table(path).names == ("a", "b")
    assert open_table(path, FileHints(sheet="more")).names == ("c", "d")
    with pytest.raises(FileProblemError) as error:
        open_table(path, FileHints(sheet="gone"))
    assert error.value.code == "unknown-sheet"


def test_a_cover_before_the_table_is_passed_over_unless_it_is_all_there_is(workbook):
    cover = [["Customers"], ["as of", "April"], ["see the next sheet"]]
    path = workbook(cover=cover, data=[["a", "b"], [1, 2]])
    assert open_table(path).describe() == {"sheet": "data"}
    assert open_table(workbook(cover=cover)).describe() == {"sheet": "cover"}
    assert open_table(workbook(names=[["name"], ["Acme"]], note=[["x"]])).names == ("name",)


def test_rows_keep_the_numbers_of_the_spreadsheet(workbook):
    path = workbook(a=[["Report"], [], ["id", "name"], [1, "x"], [], [2, "y"]])
    assert [number for number, _ in open_table(path).rows()] == [4, 6]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 << 20))
    with pytest.raises(FileProblemError) as error:
        open_table(path)
    assert error.value.code == "zip-bomb"


def test_a_damaged_workbook_and_another_archive_are_told(tmp_path, workbook):
    whole = workbook(a=[["a", "b"], [1, 2]]).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileProblemError) as error:
        open_table(path)
    assert error.value.code == "damaged-workbook"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no table")
    with pytest.raises(FileProblemError) as error:
        open_table(path)
    assert error.value.code == "binary-file"
