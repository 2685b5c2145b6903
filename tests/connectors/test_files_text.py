"""What a person relies on who hands over a text file that some program wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.connectors.files import FileHints, open_table
from banso.connectors.files.problems import FileProblemError


@pytest.fixture
def write(tmp_path):
    """Write bytes or text to a file and return its path."""

    def write(content, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def rows_of(table):
    return [list(cells) for _, cells in table.rows()]


def problem_of(path, **hints):
    with pytest.raises(FileProblemError) as error:
        list(open_table(path, FileHints(**hints)).rows())
    assert error.value.message
    assert error.value.remedy
    assert "%(" not in str(error.value)
    return error.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
def test_japanese_text_is_read_in_every_usual_encoding(write, encoding):
    table = open_table(write("名前,備考\n㈱髙島,①\n", encoding=encoding))
    assert table.names == ("名前", "備考")
    assert rows_of(table) == [["㈱髙島", "①"]]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(write, delimiter):
    table = open_table(
        write(
            "\n".join(
                delimiter.join(r)
                for r in (["a", "b"], ["1,5", "x"] if delimiter != "," else ["1", "x"], ["2", "y"])
            )
        )
    )
    assert table.names == ("a", "b")
    assert len(rows_of(table)) == 2


def test_a_preamble_before_the_header_is_skipped_and_rows_keep_their_numbers(write):
    path = write("売上一覧\n出力日,2024-04-01,,\n\nid,name,seats,plan\n1,A,5,x\n\n2,B,6,y\n")
    table = open_table(path)
    assert table.names == ("id", "name", "seats", "plan")
    assert [number for number, _ in table.rows()] == [5, 7]


@pytest.mark.parametrize(
    "rows",
    [
        "id,name,,\n1,A,5,x\n2,B,6,y\n",
        "id,name,,\nx@a.example,A,Tokyo,b\ny@a.example,B,Kyoto,c\n",
        "code,name,,\nA,Acme,Tokyo,gold\nB,Bell,Kyoto,gold\n",
    ],
)
def test_a_header_that_leaves_columns_without_a_name_is_no_less_the_header(write, rows):
    for above in ("", "Report\n", "Made,2024-04-01,,\n\n"):
        table = open_table(write(above + rows))
        assert table.names == (rows.split(",")[0], "name")
        assert table.header.row == 1 + above.count("\n")


@pytest.mark.parametrize("above", ["Made,2024-04-01,,", "Made by,Ann,,", "Customers,,,"])
def test_what_stands_right_above_a_full_header_is_not_taken_for_it(write, above):
    table = open_table(write(f"{above}\nid,name,seats,plan\n1,A,5,x\n2,B,6,x\n"))
    assert table.names == ("id", "name", "seats", "plan")


def test_a_header_row_can_be_named(write):
    assert open_table(write("a,b\n1,2\nx,y\n"), FileHints(header_row=2)).names == ("1", "2")
    for row in (2, 9):
        error = problem_of(write("a,b\n,\n1,2\n"), header_row=row)
        assert (error.code, error.params) == ("no-header", {"line": row})


def test_line_breaks_and_quotes_inside_cells_are_kept(write):
    table = open_table(write('id,text\r\n1,"two\r\nlines, ""quoted"""\r\n2,b\r\n'))
    assert rows_of(table) == [["1", 'two\r\nlines, "quoted"'], ["2", "b"]]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            min_size=3,
            max_size=3,
        ).filter(any),
        max_size=20,
    )
)
def test_what_a_csv_writer_writes_is_read_back(tmp_path_factory, records):
    import csv

    path = tmp_path_factory.mktemp("csv") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name", "note"], *records])
    hints = FileHints(encoding="utf-8", delimiter=",", header_row=1)
    assert rows_of(open_table(path, hints)) == records


def test_equal_headers_are_told_and_can_still_be_addressed(write):
    table = open_table(write("id,name,name\n1,a,b\n"))
    assert table.names == ("id", "name", "name#2")
    assert table.header.duplicates == ("name",)


def test_a_row_that_is_too_long_is_kept_out_and_told(write):
    table = open_table(write("a,b\n1,2\n3,4,5\n6,7,\n8\n"))
    assert rows_of(table) == [["1", "2"], ["6", "7"], ["8", ""]]
    assert table.misshapen == 2
    assert [(p.row, p.code, p.severity, c) for p, c in table.take_misshapen()] == [
        (3, "too-many-cells", "error", ["3", "4", "5"]),
        (5, "too-few-cells", "warning", ["8"]),
    ]
    assert table.take_misshapen() == []


def test_an_empty_file_and_a_header_alone(write):
    assert problem_of(write("")).code == "empty-file"
    assert problem_of(write(" \n\n")).code == "empty-file"
    assert rows_of(open_table(write("a,b\n"))) == []


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"\x89PNG\r\n", b"a,b\n\0\x01\x02\0\0", b"PAR1xxxx"]
)
def test_a_binary_file_is_named_for_what_it_is(write, content):
    assert problem_of(write(content)).code == "binary-file"


def test_a_damaged_character_is_named_by_line_and_position(write):
    good = "名前,備考\n" + "日本,東京\n" * 20
    error = problem_of(write(good.encode() + b"\xff\n"))
    assert (error.code, error.row) == ("damaged-encoding", 22)
    assert error.params["offset"] == len(good.encode())


def test_a_damaged_character_among_few_is_not_taken_for_another_encoding(write):
    error = problem_of(
        write("id,name\n1,会社".encode() + b"\xed\xa0\x80\n2," + "株式会社".encode())
    )
    assert (error.code, error.row) == ("damaged-encoding", 2)
    # Half-width katakana look like UTF-8 by twos.
    table = open_table(write("id,name\n1,ﾔﾏｻﾞｷ\n2,ﾐｱｹﾞ\n3,㈱髙島\n", encoding="cp932"))
    assert rows_of(table)[0] == ["1", "ﾔﾏｻﾞｷ"]


def test_text_in_no_known_encoding_is_told_and_a_named_one_is_used(write):
    content = "name,city\n" + "Café,Orléans\n" * 3
    assert problem_of(write(content, encoding="latin-1")).code == "wrong-encoding"
    table = open_table(write(content, encoding="latin-1"), FileHints(encoding="latin-1"))
    assert rows_of(table)[0] == ["Café", "Orléans"]
    assert problem_of(write("a,b\n"), encoding="klingon").code == "unknown-encoding"
    error = problem_of(write(content, encoding="latin-1"), encoding="utf-8")
    assert (error.code, error.row) == ("not-in-encoding", 2)


def test_a_quotation_that_is_never_closed_is_told_by_its_line(write):
    error = problem_of(write('a,b\n1,x\n2,"cut off\n3,y\n'))
    assert (error.code, error.row) == ("unclosed-quote", 3)


def test_a_stray_quotation_that_swallows_the_rest_is_told_by_its_line(write):
    error = problem_of(write('a,b\n1,"x\n' + "2,yyyyyyyyy\n" * 200_000))
    assert (error.code, error.row) == ("field-too-long", 2)


def test_a_million_columns_and_an_endless_line_are_refused(write):
    assert problem_of(write("a," * 1_000_000 + "\n1\n")).code == "too-many-columns"
    assert problem_of(write("a,b\n1," + "," * 1_000_000 + "x\n")).code == "too-many-columns"
    assert problem_of(write("x" * (20 << 20))).code == "line-too-long"


def test_a_file_over_the_limit_is_refused_before_it_is_read(write):
    with pytest.raises(FileProblemError) as error:
        open_table(write("a,b\n" * 300), limit=1000)
    assert error.value.code == "too-large"
    assert problem_of(write("x").with_name("gone.csv")).code == "not-found"


def test_the_column_reader_gives_the_same_as_the_stream(write):
    text = "id,名前\n1,あ\n2,い\n"
    for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16"):
        table = open_table(write(text, encoding=encoding))
        assert table.arrow().to_pydict() == {"id": ["1", "2"], "名前": ["あ", "い"]}


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n\n3,4\n", "a,b\n1,2,3\n", 'a,"b\nc"\n1,2\n3,4\n', 'a,b\n1,"x\ny"\n']
)
def test_the_column_reader_leaves_odd_files_to_the_stream(write, text):
    table = open_table(write(text))
    found = table.arrow()
    rows = zip(*found.to_pydict().values(), strict=True) if found else ()
    assert found is None or [list(r) for r in rows if any(r)] == rows_of(table)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_damaged_line_is_named_however_lines_end(write, end):
    lines = ["id,name", *(f"{n},上" for n in range(30)), ""]
    path = write("x")
    path.write_bytes(end.join(lines).encode("cp932") + b"\x81 ,x")
    with pytest.raises(FileProblemError) as error:
        open_table(path)
    assert (error.value.code, error.value.row) == ("wrong-encoding", 32)


def test_lines_are_counted_in_characters_and_not_in_bytes(write):
    path = write("x")
    path.write_bytes("\ufeffid,name\n1,上上上\n2,".encode("utf-16-le") + b"\x00\xd8a\x00")
    with pytest.raises(FileProblemError) as error:
        open_table(path)
    assert (error.value.code, error.value.row) == ("damaged-encoding", 3)


@pytest.mark.parametrize("encoding", ["rot13", "base64", "no such"])
def test_an_encoding_that_is_none_of_texts_is_refused(write, encoding):
    with pytest.raises(FileProblemError) as error:
        open_table(write("id,name\n1,a\n"), FileHints(encoding=encoding))
    assert error.value.code == "unknown-encoding"


def test_a_mark_of_encoding_in_the_header_is_no_part_of_a_name(write):
    assert open_table(write("\ufeff\ufeffid,name\n1,a\n")).names == ("id", "name")
