"""What a person who imports a file relies on when it holds dates."""

from datetime import UTC, date, datetime, timedelta, timezone
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.kit.dates import Ambiguous, DateFormat, DateOrder, NoReading, detect
from banso.kit.errors import InvalidInputError

JST = timezone(timedelta(hours=9))
TOKYO = ZoneInfo("Asia/Tokyo")
DAYS = st.dates(date(1930, 1, 1), date(2099, 12, 31))
WRITE = {
    DateOrder.YEAR_FIRST: lambda d: f"{d.year}/{d.month}/{d.day}",
    DateOrder.DAY_FIRST: lambda d: f"{d.day:02}-{d.month:02}-{d.year}",
    DateOrder.MONTH_FIRST: lambda d: f"{d.month}/{d.day}/{d.year}",
}


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-03",
        "2024/2/3",
        "2024.02.03",
        "20240203",
        "2024年2月3日",
        "2024年2月3日(土)",
        "令和6年2月3日",
        "R6.2.3",
        "r6/2/3",
        "㋿6年2月3日",
        "２０２４／２／３",
        "3 Feb 2024",
        "3-Feb-24",
        "Feb 3, 2024",
        "3rd February 2024",
        "Sat, 3 Feb 2024",
        "平成36年2月3日",
        " 2024-02-03 ",
    ],
)
def test_a_shape_that_explains_itself_needs_no_column(text):
    assert DateFormat(DateOrder.YEAR_FIRST).parse(text) == date(2024, 2, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("平成元年1月8日", date(1989, 1, 8)),
        ("H31/4/30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("大正15.12.25", date(1926, 12, 25)),
        ("M45.7.30", date(1912, 7, 30)),
    ],
)
def test_eras_follow_the_imperial_calendar(text, day):
    assert detect([text]).parse(text) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-12-06T16:57:58Z", datetime(2018, 12, 6, 16, 57, 58, tzinfo=UTC)),
        ("2024-02-03 10:11", datetime(2024, 2, 3, 10, 11)),
        ("2024/2/3 10:11:12.5", datetime(2024, 2, 3, 10, 11, 12, 500_000)),
        (
            "2024/02/03 10:11:12 +0900",
            datetime(2024, 2, 3, 10, 11, 12, tzinfo=JST),
        ),
        ("2024年2月3日10時5分", datetime(2024, 2, 3, 10, 5)),
        ("2024年2月3日 午後3時", datetime(2024, 2, 3, 15)),
        ("2/13/2024 12:05 AM", datetime(2024, 2, 13, 0, 5)),
        ("29/2/2016 01:16", datetime(2016, 2, 29, 1, 16)),
        ("20240203101112", datetime(2024, 2, 3, 10, 11, 12)),
    ],
)
def test_times_keep_the_offset_that_is_written_and_invent_none(text, moment):
    assert detect([text]).parse(text) == moment


@given(st.sampled_from(list(WRITE)), st.lists(DAYS, min_size=1, max_size=40))
def test_a_column_is_read_as_it_was_written_or_asked(order, days):
    texts = [WRITE[order](d) for d in days]
    found = detect(texts)
    if isinstance(found, Ambiguous):
        assert order in found.candidates
        assert all(d.day <= 12 for d in days)
        found = DateFormat(order)
    assert [found.parse(t) for t in texts] == days


@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)))
def test_excel_serials_round_trip_to_the_second(moment):
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    if not 20_000 <= serial < 80_000:
        return
    found = detect([repr(serial)])
    assert found.order is DateOrder.EXCEL_SERIAL
    assert found.parse(repr(serial)) == moment


def test_one_row_decides_for_its_whole_column():
    found = detect(["03/04/2024", "05/06/2024", "13/06/2024"])
    assert found == DateFormat(DateOrder.DAY_FIRST)
    assert found.parse("03/04/2024") == date(2024, 4, 3)


def test_an_order_that_nothing_decides_is_asked():
    found = detect(["03/04/2024", "05/06/2024"])
    assert found == Ambiguous(
        (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST), ("03/04/2024", "05/06/2024")
    )


def test_rows_that_contradict_each_other_are_asked_not_guessed():
    found = detect(["13/04/2024"] * 5 + ["04/13/2024"] * 5)
    assert isinstance(found, Ambiguous)
    assert set(found.candidates) == {DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST}
    assert (found.mixed, found.examples) == (True, ("13/04/2024", "04/13/2024"))


def test_days_that_explain_themselves_stand_among_serial_days():
    found = detect(["45325", "2024-02-04", "2024年2月5日"])
    assert found == DateFormat(DateOrder.EXCEL_SERIAL)
    assert [found.parse(t).day for t in ("45325", "2024-02-04", "2024年2月5日")] == [3, 4, 5]


def test_one_stray_in_many_is_an_error_of_its_own_row():
    found = detect(["13/04/2024"] * 500 + ["04/13/2024"])
    assert found == DateFormat(DateOrder.DAY_FIRST)
    with pytest.raises(InvalidInputError) as error:
        found.parse("04/13/2024")
    assert error.value.code == "wrong-date-order"


def test_days_that_read_the_same_in_both_orders_need_no_question():
    assert detect(["01/01/2024", "2/2/2024"]).parse("01/01/2024") == date(2024, 1, 1)


def test_two_digit_years_are_asked_unless_a_row_decides():
    assert len(detect(["01/02/03"]).candidates) == 3
    assert detect(["01/02/03", "31/02/01", "24/12/25"]) == DateFormat(DateOrder.YEAR_FIRST)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-02-30", "no-such-day"),
        ("2023/2/29", "no-such-day"),
        ("2024年13月1日", "no-such-day"),
        ("tomorrow", "not-a-date"),
        ("5月31日", "not-a-date"),
        ("0024-02-03", "year-out-of-range"),
        ("2024-02-03 25:00", "no-such-time"),
        ("12", "not-a-date"),
        ("", "not-a-date"),
    ],
)
def test_what_is_no_date_says_why(text, code):
    with pytest.raises(InvalidInputError) as error:
        DateFormat(DateOrder.YEAR_FIRST).parse(text)
    assert error.value.code == code
    assert error.value.remedy


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_a_clear_error(text):
    for order in DateOrder:
        try:
            DateFormat(order).parse(text)
        except InvalidInputError:
            continue


def test_a_column_without_dates_is_told_with_examples():
    assert detect(["red", "green", "2024-01-01"]) == NoReading(("red", "green"))
    assert detect(["", "  "]) == NoReading(())


def test_the_day_and_the_moment_depend_on_the_zone():
    fmt = DateFormat(DateOrder.YEAR_FIRST)
    assert fmt.day("2024-02-03T20:00:00Z", TOKYO) == date(2024, 2, 4)
    assert fmt.day("2024-02-03 20:00", TOKYO) == date(2024, 2, 3)
    assert fmt.moment("2024-02-03", TOKYO) == datetime(2024, 2, 2, 15, tzinfo=UTC)
    assert fmt.moment("2024-02-03 09:00", TOKYO) == datetime(2024, 2, 3, tzinfo=UTC)


def test_fixed_layouts_are_read_about_as_fast_as_by_a_given_pattern():
    start = datetime(2024, 1, 1)
    moments = [start + timedelta(seconds=97 * i) for i in range(20_000)]
    for layout in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"):
        texts = [m.strftime(layout) for m in moments]
        fmt = detect(texts)
        ours = processor_time(lambda fmt=fmt, texts=texts: [fmt.parse(text) for text in texts])
        pattern = processor_time(
            lambda layout=layout, texts=texts: [datetime.strptime(text, layout) for text in texts]
        )
        # Mostly it takes less; a slow path takes ten times as long.
        assert ours < 4 * pattern


def processor_time(work):
    """Seconds of the processor, which do not count what others do meanwhile."""
    began = process_time()
    work()
    return process_time() - began


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59Z", "9999-12-31 23:59:59-05:00"])
def test_the_last_moment_of_the_calendar_is_a_day_everywhere(text):
    fmt = DateFormat(DateOrder.YEAR_FIRST)
    for zone in (TOKYO, ZoneInfo("America/New_York")):
        assert fmt.day(text, zone) == date(9999, 12, 31)
        assert fmt.moment(text, zone).year == 9999
