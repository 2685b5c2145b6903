"""Dates, amounts and figures are written as readers of each language write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from banso.web import formats
from banso.web.badges import health
from banso.web.charts import Series, bar_chart, time_chart
from banso.web.drawing import initials, sparkline, stacked_bar
from banso.web.time_axis import MOST_TICKS, tick_words, ticks
from banso.web.words import country_word


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def pick(language: str, ja: str, en: str) -> str:
    return ja if language == "ja" else en


def test_days_and_moments(language: str) -> None:
    with timezone.override("Asia/Tokyo"):
        moment = datetime(2026, 3, 31, 15, 5, tzinfo=UTC)
        assert formats.day(moment) == pick(language, "2026年4月1日", "Apr 1, 2026")
        assert formats.short_day(date(2026, 4, 1)) == pick(language, "2026/04/01", "Apr 1, 2026")
        assert formats.moment(moment) == pick(language, "2026年4月1日 00:05", "Apr 1, 2026, 00:05")


def test_distance_from_now(language: str, stopped_clock: datetime) -> None:
    today = date(2026, 4, 15)
    assert formats.ago(today, today) == pick(language, "今日", "today")
    assert formats.ago(date(2026, 4, 12), today) == pick(language, "3日前", "3 days ago")
    assert formats.ago(date(2026, 6, 14), today) == pick(language, "2か月後", "in 2 months")
    assert formats.ago(stopped_clock - timedelta(hours=3)) == pick(
        language, "3時間前", "3 hours ago"
    )


def test_amounts(language: str) -> None:
    assert formats.money(1_200_000, "JPY") == "¥1,200,000"
    assert formats.money(-120_050, "USD") == pick(language, "−$1,200.50", "−$1,200.50")
    assert formats.short_money(12_000_000, "JPY") == pick(language, "1,200万円", "¥12M")
    assert formats.short_money(340_000_000, "JPY") == pick(language, "3.4億円", "¥340M")
    assert formats.short_money(99_999_999, "JPY") == pick(language, "1億円", "¥100M")
    assert formats.short_money(597_000_000, "USD") == pick(language, "597万ドル", "$6M")
    assert formats.short_money(720_000, "USD") == pick(language, "7,200ドル", "$7.2K")
    assert formats.short_money(1_500_000, "PLN") == pick(language, "PLN\xa01.5万", "PLN\xa015K")
    assert formats.short_money(980, "JPY") == pick(language, "980円", "¥980")


def test_countries_have_names(language: str) -> None:
    assert country_word("jp") == pick(language, "日本", "Japan")
    assert country_word("Freedonia") == "Freedonia"


def test_figures(language: str) -> None:
    assert formats.number(1234567.4) == "1,234,567"
    assert formats.percent(0.1234) == "12%"
    assert formats.signed(-14.2) == "−14"
    assert formats.signed(0.2) == "±0"
    assert formats.score(69.99) == "69"
    assert formats.metric_value(3, "days") == pick(language, "3日", "3 days")
    assert formats.metric_value(150, "minutes") == pick(language, "2.5時間", "2.5 hours")
    assert formats.metric_value(42.4, "percent") == "42%"
    assert formats.metric_value(-7.25, "percent") == "−7.2%"
    assert formats.metric_value(4800, "money", "JPY") == "¥4,800"


def test_what_is_not_known_is_a_dash(language: str) -> None:
    missing = [formats.day(None), formats.number(None), formats.score(float("nan"))]
    missing += [
        formats.money(None, "JPY"),
        formats.metric_value(None, "days"),
        formats.signed(None),
    ]
    assert set(missing) == {formats.NOTHING}


def test_health_is_said_in_words_number_arrow_and_shape(language: str) -> None:
    drawn = health(39.9, "danger", -14.0)
    assert pick(language, "危険", "Danger") in drawn
    assert ">39<" in drawn
    assert "−14" in drawn
    assert drawn.count("<svg") == 2
    assert pick(language, "データ不足", "Not enough data") in health(None, "")


def test_a_sparkline_has_gaps_where_nothing_is_known() -> None:
    assert sparkline([10, 20, None, 30, 40]).count("M") == 2
    assert "<path" not in sparkline([])


@given(st.lists(st.none() | st.floats(-1e6, 1e6), max_size=30))
def test_a_sparkline_never_leaves_its_box(values: list[float | None]) -> None:
    drawn = sparkline(values, width=80, height=24)
    numbers = [
        float(n)
        for part in drawn.split('d="')[1:]
        for n in part.split('"')[0].replace("M", " ").replace("L", " ").split()
    ]
    assert all(0 <= n <= 80 for n in numbers[0::2])
    assert all(0 <= n <= 24 for n in numbers[1::2])


@given(st.lists(st.floats(0, 2), max_size=6))
def test_a_stacked_bar_never_overflows(shares: list[float]) -> None:
    drawn = stacked_bar([(share, "") for share in shares])
    widths = [float(part.split('"')[0]) for part in drawn.split('" width="')[1:]]
    assert sum(widths) <= 100.05


def test_drawings_cannot_be_broken_out_of() -> None:
    evil = '"><script>alert(1)</script>'
    assert "<script>" not in sparkline([1], label=evil, tone=evil)
    assert "<script>" not in stacked_bar([(1, evil)], label=evil)


def test_initials() -> None:
    assert [initials(n) for n in ("Ken Mori", "青木 さくら", "cher", "")] == [
        "KM",
        "青木",
        "C",
        "?",
    ]


def test_a_chart_carries_the_same_figures_as_a_table(language: str) -> None:
    days = [date(2026, 4, 1), date(2026, 4, 2)]
    chart = time_chart(
        key="score", title="Score", days=days, series=[Series("A", [40.0, None])], day_label="Day"
    )
    assert chart.columns == ["Day", "A"]
    assert [row[1] for row in chart.rows] == ["40", formats.NOTHING]
    assert [row["value"] for row in chart.spec["data"]["values"]] == [40.0, None]
    bars = bar_chart(key="b", title="B", names=["x"], values=[2.0])
    assert bars.rows == [["x", "2"]]


@pytest.mark.parametrize(
    ("days", "ja", "en"),
    [
        (
            [date(2026, month, 1) for month in range(1, 12)],
            ["2026年1月", "3月", "5月", "7月", "9月", "11月"],
            ["Jan 2026", "Mar", "May", "Jul", "Sep", "Nov"],
        ),
        (
            [date(2023, 8, 1), date(2026, 11, 23)],
            ["2024年1月", "7月", "2025年1月", "7月", "2026年1月", "7月"],
            ["Jan 2024", "Jul", "Jan 2025", "Jul", "Jan 2026", "Jul"],
        ),
        (
            [date(2025, 12, 10), date(2026, 1, 6)],
            ["12/15", "12/22", "12/29", "2026/1/5"],
            ["Dec 15", "Dec 22", "Dec 29", "Jan 5, 2026"],
        ),
        ([date(2026, 4, 1), date(2026, 4, 3)], ["4/1", "4/2", "4/3"], ["Apr 1", "Apr 2", "Apr 3"]),
    ],
)
def test_the_time_axis_names_few_round_days(
    language: str, days: list[date], ja: list[str], en: list[str]
) -> None:
    assert tick_words(ticks(days)) == (ja if language == "ja" else en)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 12_000))
def test_the_time_axis_stays_within_the_days_shown(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    named = ticks([first, last])
    assert 1 <= len(named) <= MOST_TICKS
    assert first <= named[0]
    assert named[-1] <= last
