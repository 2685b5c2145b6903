"""What a person relies on who writes a mapping, or lets the product propose one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.connectors.files import open_table
from banso.connectors.files.problems import FileProblemError
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import MappingSpec, Reader
from banso.connectors.mapping.suggest import guess_kind, suggest_mapping
from banso.connectors.types import Kind

FIELDS = {kind: writer.fields for kind, writer in WRITERS.items()}
ACCOUNTS = {"kind": "accounts", "columns": {"external_id": "id", "name": "name"}}


def read(table, text, **mapping):
    data = {**ACCOUNTS, **mapping}
    spec = MappingSpec.from_dict(data)
    fields = WRITERS[spec.kind].fields_of(spec)
    return list(Reader(spec, fields, open_table(table(text)), zone="Asia/Tokyo").records())


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"kind": "planets"}, "kind"),
        ({"colums": {}}, "colums"),
        ({"columns": {"name": {"column": "a", "constant": "b"}}}, "name"),
        ({"columns": {"name": {"colum": "a"}}}, "colum"),
        ({"columns": {"name": {"column": "a", "order": "ydm"}}}, "order of name"),
        ({"columns": {"name": {"column": "a", "decimal": "x"}}}, "decimal mark of name"),
        ({"columns": ["name"]}, "columns"),
        ({"zone": "Tokyo"}, "Tokyo"),
        ({"end_is": "maybe"}, "end_is"),
        ({"skip": ["x"]}, "skip"),
        ({"read": {"header_row": "two"}}, "header_row"),
        ({"attributes": "all"}, "attributes"),
    ],
)
def test_a_wrong_entry_is_named(data, named):
    with pytest.raises(FileProblemError) as error:
        MappingSpec.from_dict({**ACCOUNTS, **data})
    assert error.value.code == "bad-mapping"
    assert named in error.value.message


@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([k.value for k in Kind]),
            "source": st.text("abc", min_size=1, max_size=5),
            "columns": st.dictionaries(
                st.sampled_from(["name", "external_id"]),
                st.one_of(
                    st.text("xyz", min_size=1, max_size=5),
                    st.fixed_dictionaries(
                        {"column": st.text("xyz", min_size=1)},
                        optional={
                            "order": st.sampled_from(["dmy", "mdy", "ymd"]),
                            "values": st.dictionaries(st.text("pq"), st.text("rs"), max_size=2),
                        },
                    ),
                ),
            ),
        },
        optional={
            "attributes": st.sampled_from(["rest", "none", ["a", "b"]]),
            "empty": st.lists(st.text("?-", min_size=1), unique=True, max_size=2),
            "on_duplicate_id": st.sampled_from(["first", "keep_both", "ignore"]),
            "grace_days": st.integers(0, 366),
        },
    )
)
def test_a_mapping_survives_being_saved(data):
    spec = MappingSpec.from_dict(data)
    assert MappingSpec.from_dict(spec.to_dict()) == spec


def test_constants_templates_words_and_empty_marks(table):
    records = read(
        table,
        "id,name,grade\n7,Acme,gold\n8,Beta,?\n9,Gamma,-\n",
        columns={
            "external_id": {"template": "crm/{id}/{row}"},
            "name": "name",
            "country": {"constant": "日本"},
            "segment": {"column": "grade", "values": {"gold": "Enterprise", "-": None}},
        },
        empty=["?"],
    )
    assert [r.values.get("segment") for r in records] == ["Enterprise", None, None]
    assert records[0].values["external_id"] == "crm/7/2"
    assert records[0].values["country"] == "日本"


def test_unmapped_columns_are_kept_as_told(table):
    text = "id,name,a,b\n1,Acme,x,\n"
    assert read(table, text)[0].attributes == {"a": "x"}
    assert read(table, text, attributes="none")[0].attributes == {}
    assert read(table, text, attributes=["b"])[0].attributes == {}


def test_rows_can_be_left_out(table):
    records = read(table, "id,name\n1,A\n2,B\n3,\n", skip=[{"column": "name", "is": ["B", ""]}])
    assert [r.values["name"] for r in records] == ["A"]


@pytest.mark.parametrize(
    ("text", "columns", "code", "column"),
    [
        ("id,name\n1,A\n", {"name": "nom"}, "missing-column", "nom"),
        ("id,name\n1,A\n", {"external_id": "id"}, "unmapped-field", ""),
        (
            "id,name,d\n1,A,3/4/24\n",
            {"name": "name", "customer_since": "d"},
            "ambiguous-dates",
            "d",
        ),
        (
            "id,name,d\n" + "1,A,soon\n" * 20,
            {"name": "name", "customer_since": "d"},
            "no-dates",
            "d",
        ),
        ("id,name,n\n" + "1,A,many\n" * 20, {"name": "name", "employees": "n"}, "no-numbers", "n"),
    ],
)
def test_what_keeps_a_file_from_being_read_names_the_column(table, text, columns, code, column):
    with pytest.raises(FileProblemError) as error:
        read(table, text, columns=columns)
    assert (error.value.code, error.value.column) == (code, column)


def test_an_order_that_was_asked_is_used(table):
    columns = {"name": "name", "customer_since": {"column": "d", "order": "mdy"}}
    records = read(table, "name,d\nA,3/4/2024\n", columns=columns)
    assert str(records[0].values["customer_since"]) == "2024-03-04"


def test_a_decimal_mark_that_nothing_decides_is_asked(table):
    columns = {"account": "a", "start_on": "s", "mrr": "m"}
    text = "a,s,m\n1,2024-01-01,1.200\n"
    with pytest.raises(FileProblemError) as error:
        read(table, text, kind="subscriptions", columns=columns)
    assert (error.value.code, error.value.column) == ("ambiguous-numbers", "m")


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("account_id,account_name,industry,country,signup_date", "accounts"),
        ("ＥＤＩＮＥＴコード,提出者名,提出者業種,所在地,提出者法人番号", "accounts"),
        ("氏名,会社名,メールアドレス,部署,役職", "contacts"),
        ("account_id,product,start_date,end_date,mrr,quantity", "subscriptions"),
        ("顧客ID,プラン,契約開始日,契約終了日,月額", "subscriptions"),
        ("account_id,event_date,event,n_events,n_users,sum_value", "usage"),
        ("account_id,user_id,event_time,event,event_value", "usage"),
        ("ticket_id,account_id,submitted_at,closed_at,priority", "tickets"),
        ("受付番号,会社名,件名,優先度,受付日時", "tickets"),
        ("回答日,スコア,コメント,会社名", "nps"),
        ("活動日,種別,会社名,内容", "activities"),
    ],
)
def test_the_kind_of_a_file_is_guessed_from_its_header(header, kind):
    assert guess_kind(FIELDS, header.split(",")) == kind


def test_columns_are_recognised_by_name_and_refused_by_value():
    header = ["顧客コード", "企業名", "都道府県", "社員数", "備考"]
    sample = [["1", "あ", "東京都", "多い", "x"]]
    found = suggest_mapping(Kind.ACCOUNTS, FIELDS[Kind.ACCOUNTS], header, sample)
    assert found["columns"] == {"external_id": "顧客コード", "name": "企業名", "region": "都道府県"}


@pytest.mark.parametrize(
    ("columns", "end", "term"),
    [
        ("満了日", None, "満了日"),
        ("契約満了", None, "契約満了"),
        ("次回更新日", None, "次回更新日"),
        ("更新日", None, "更新日"),
        ("expiry", None, "expiry"),
        ("expires", None, "expires"),
        ("Term end", None, "Term end"),
        ("renewal_date", None, "renewal_date"),
        ("解約日", "解約日", None),
        ("終了日", "終了日", None),
        ("cancelled", "cancelled", None),
        ("churned", "churned", None),
        ("End date", "End date", "End date"),
        ("契約終了日", "契約終了日", "契約終了日"),
        ("end_date,cancelled_at", "cancelled_at", "end_date"),
        ("end_date,renewal_date", "end_date", "renewal_date"),
    ],
)
def test_the_agreed_end_is_told_from_leaving_by_the_name_of_its_column(columns, end, term):
    header = ["account_id", "start_date", *columns.split(",")]
    sample = [["1", "2024-04-01", *["2025-03-31"] * (len(header) - 2)]]
    found = suggest_mapping(Kind.SUBSCRIPTIONS, FIELDS[Kind.SUBSCRIPTIONS], header, sample)
    assert (found["columns"].get("end_on"), found["columns"].get("term_end_on")) == (end, term)


@pytest.mark.parametrize("name", ["customer", "company_name", "account id", "顧客コード", "取引先"])
@pytest.mark.parametrize(
    "kind", [kind for kind in FIELDS if kind != Kind.ACCOUNTS], ids=lambda kind: kind.value
)
def test_whose_row_it_is_is_recognised_in_files_of_every_kind(kind, name):
    found = suggest_mapping(kind, FIELDS[kind], [name, "x"], [["1", "2"]])
    assert found["columns"]["account"] == name


def test_errors_of_a_spreadsheet_count_as_empty_and_are_told(table):
    text = "id,name,employees,note\n1,A,#DIV/0!,#REF!\n2,#N/A,7,x\n3,C,9,about #N/A\n"
    first, second, third = read(
        table, text, columns={"external_id": "id", "name": "name", "employees": "employees"}
    )
    assert first.values == {"external_id": "1", "name": "A"}
    assert first.attributes == {}
    assert [(p.column, p.code, p.params, p.severity) for p in first.problems] == [
        ("employees", "spreadsheet-error", {"value": "#DIV/0!"}, "warning"),
        ("note", "spreadsheet-error", {"value": "#REF!"}, "warning"),
    ]
    # A field that every row needs is empty now, which the row is refused for.
    assert [p.code for p in second.problems] == ["spreadsheet-error", "required"]
    assert second.refused
    assert third.attributes == {"note": "about #N/A"}
    assert third.problems == []


def test_a_mapping_that_speaks_of_an_error_of_a_spreadsheet_is_followed(table):
    text = "id,name,segment,region\n1,A,#N/A,#N/A\n"
    columns = {"external_id": "id", "name": "name", "region": "region"}
    segment = {"column": "segment", "values": {"#N/A": "none"}}
    (record,) = read(table, text, columns={**columns, "segment": segment}, empty=["#N/A"])
    assert record.values == {"external_id": "1", "name": "A", "segment": "none"}
    assert record.problems == []


def test_a_column_with_errors_of_a_spreadsheet_is_still_proposed():
    header, sample = ["name", "customer since (day)"], [["A", "#REF!"], ["B", "2024-01-02"]]
    found = suggest_mapping(Kind.ACCOUNTS, FIELDS[Kind.ACCOUNTS], header, sample)
    assert found["columns"] == {"name": "name", "customer_since": "customer since (day)"}
