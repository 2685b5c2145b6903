"""A line that another renewed has ended: its price counts once."""

from __future__ import annotations

from datetime import date

import pytest

from banso.contracts.rules.renewed import Agreed, renewed_on

YEARS = [Agreed(date(year, 4, 1), date(year + 1, 4, 1), open=True) for year in (2023, 2024, 2025)]


def test_each_year_ends_where_the_next_begins_and_the_last_stays_open() -> None:
    assert renewed_on(YEARS, 0) == [date(2024, 4, 1), date(2025, 4, 1), None]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2024, 4, 8), date(2024, 4, 8)),
        (date(2024, 3, 25), date(2024, 3, 25)),
        (date(2024, 4, 9), None),
        (date(2024, 3, 24), None),
    ],
)
def test_a_renewal_may_come_the_grace_days_early_or_late(start: date, end: date | None) -> None:
    lines = [YEARS[0], Agreed(start, None, open=True)]
    assert renewed_on(lines, 7) == [end, None]


def test_a_told_end_or_no_agreed_term_leaves_a_line_as_it_is() -> None:
    told = Agreed(date(2023, 4, 1), date(2024, 4, 1), open=False)
    endless = Agreed(date(2023, 4, 1), None, open=True)
    assert renewed_on([told, endless, YEARS[1]], 7) == [None, None, None]


def test_of_two_the_nearest_to_the_end_of_the_term_renews() -> None:
    lines = [YEARS[0], Agreed(date(2024, 3, 29), None, True), Agreed(date(2024, 4, 2), None, True)]
    assert renewed_on(lines, 7)[0] == date(2024, 4, 2)
