"""Files that other people's systems really wrote open without a hint."""

from time import perf_counter

import pytest

from banso.connectors.files import open_table

pytestmark = pytest.mark.slow

EXPECTED = {
    "edinet_company_list/edinet_companies_cp932.csv": ("cp932", 2, 13, 3958),
    "ravenstack/ravenstack_accounts.csv": ("utf-8", 1, 10, 500),
    "ravenstack/ravenstack_feature_usage.csv": ("utf-8", 1, 8, 25_000),
    "rstudio_r_survey_nps/responses_2018_en.csv": ("utf-8", 1, 40, 3_080),
    "rstudio_r_survey_nps/responses_2018_es.csv": ("utf-8", 1, 41, 295),
    "uci_incident_log/incident_event_log_first_60000.csv": ("utf-8", 1, 36, 60_000),
    "churnsim_crm5/subscriptions.csv": ("utf-8", 1, 9, 12_663),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_file_is_understood(shared_data, name):
    encoding, header_row, columns, rows = EXPECTED[name]
    table = open_table(shared_data / name)
    assert table.describe()["encoding"] == encoding
    assert table.header.row == header_row
    assert len(table.names) == columns
    assert sum(1 for _ in table.rows()) == rows
    assert table.misshapen == 0


def test_half_a_million_rows_are_read_in_seconds(shared_data):
    path = shared_data / "churnsim_crm5" / "events_daily.csv"
    began = perf_counter()
    assert sum(1 for _ in open_table(path).rows()) == 507_969
    # Measured at 0.4 s on two cores; the limit leaves room for a busy machine.
    assert perf_counter() - began < 3
    assert open_table(path).arrow().num_rows == 507_969
