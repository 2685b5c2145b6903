"""Reading usage by columns gives what reading it row by row gives, only faster."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.connectors.kinds.usage import UsageWriter
from banso.usage.models import UsageBatch
from tests.connectors.outcomes import counts, told

pytestmark = pytest.mark.django_db

CELLS = st.tuples(
    st.sampled_from(["1", "2", "9", ""]),
    st.sampled_from(["u1", ""]),
    st.sampled_from(["2026-04-01", "2026-04-02", "2026-04-31", "2030-01-01", ""]),
    st.sampled_from(["login", "export", "#N/A", ""]),
    st.sampled_from(["1", "1,200", "-1", "x", "#DIV/0!", ""]),
)


def kept_rows():
    return [
        {k: v for k, v in row.items() if k != "source"}
        for batch in UsageBatch.objects.order_by("id")
        for row in pa.ipc.open_stream(bytes(batch.payload)).read_all().to_pylist()
    ]


def test_a_clean_file_is_read_by_columns(bring, monkeypatch, stopped_clock):
    bring("accounts", "id,name\n1,A\n")
    # No row is left for the slow way, so taking that way would fail.
    monkeypatch.setattr(UsageWriter, "write", lambda self, records: [None][: len(records)])
    run = bring("usage", "account_id,date,feature,count\n1,2026-04-01,login,3\n", source="crm")
    assert counts(run) == (1, 0, 0, 0)
    assert kept_rows()[0]["row_key"] == "1||2026-04-01|login"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CELLS, min_size=1, max_size=12))
def test_both_ways_agree_on_every_file(bring, stopped_clock, rows):
    bring("accounts", "id,name\n1,A\n2,B\n")
    text = "a,u,d,f,n\n" + "".join(
        ",".join(f'"{cell}"' for cell in row) + "\n" for row in rows if any(row)
    )
    if text.count("\n") == 1:
        return
    columns = {"account": "a", "user": "u", "day": {"column": "d", "order": "ymd"}}
    columns |= {"feature": "f", "events": {"column": "n", "decimal": "."}}
    seen = []
    for way in ({}, {"skip": [{"column": "a", "is": "no such cell"}]}):
        UsageBatch.objects.all().delete()
        run = bring("usage", text, source="crm", columns=columns, **way)
        kept = sorted(kept_rows(), key=lambda row: row["row_key"])
        seen.append((counts(run), sorted(told(run)), kept))
    assert seen[0] == seen[1]
