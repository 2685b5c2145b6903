"""One reading for a whole column of dates.

``3/4/2024`` is the third of April or the fourth of March, and no single row can tell.
:func:`detect` looks at the whole column and finds the order that fits, or says that it must be
asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from unicodedata import normalize

from banso.kit.date_shapes import (
    WRITTEN_ORDERS,
    DateOrder,
    days_of,
    epoch_moment,
    not_a_date,
    serial_moment,
    split_time,
    time_of,
)
from banso.kit.errors import InvalidInputError

__all__ = ["Ambiguous", "DateDetector", "DateFormat", "DateOrder", "NoReading", "detect"]

_MEMO_LIMIT = 200_000
# Up to one value in a hundred may contradict the others and is then an error of its own row; more
# than that and the column has no one reading.
_STRAY_SHARE = 0.01
# “No end” is written as the last second of 9999; kept so, no zone east of it could show it.
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """More than one order fits the column; the caller has to ask which is meant.

    ``mixed`` is set where no order fits all of it, because its rows contradict each other.
    """

    candidates: tuple[DateOrder, ...]
    examples: tuple[str, ...]
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class NoReading:
    """The column does not hold dates (or holds nothing)."""

    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How one column writes its dates.

    Shapes that explain themselves (ISO, 和暦, 年月日, month names) are read under every order.
    """

    order: DateOrder
    _seen: dict[str, date | datetime] = field(default_factory=dict, compare=False, repr=False)
    _days: dict[str, date] = field(default_factory=dict, compare=False, repr=False)
    _times: dict[str, time] = field(default_factory=dict, compare=False, repr=False)

    def parse(self, text: str) -> date | datetime:
        """Read one value: a date, or a datetime (with a zone only if one is written).

        Raises:
            InvalidInputError: ``not-a-date``, ``no-such-day``, ``no-such-time`` or
                ``year-out-of-range``.
        """
        known = self._seen.get(text)
        if known is not None:
            return known
        value = self._read(text)
        if len(self._seen) < _MEMO_LIMIT:
            self._seen[text] = value
        return value

    def day(self, text: str, zone: tzinfo) -> date:
        """The calendar day in a zone; a value without an offset is taken to be in that zone."""
        value = self.parse(text)
        if not isinstance(value, datetime):
            return value
        if not value.tzinfo:
            return value.date()
        try:
            return value.astimezone(zone).date()
        except OverflowError:
            return date.max

    def moment(self, text: str, zone: tzinfo) -> datetime:
        """The moment in UTC; without an offset it is in ``zone``, without a time at midnight.

        The last two days of the year 9999 are one moment, which every zone can show.
        """
        value = self.parse(text)
        if not isinstance(value, datetime):
            value = datetime.combine(value, time(), zone)
        elif value.tzinfo is None:
            value = value.replace(tzinfo=zone)
        try:
            return min(value.astimezone(UTC), _LATEST)
        except OverflowError:
            return _LATEST

    def _read(self, text: str) -> date | datetime:
        if len(text) >= 10 and text[4] == "-" == text[7] and text.isascii():
            iso = _read_iso(text)
            if iso is not None:
                return iso
        day_text, gap, time_text = text.partition(" ")
        if gap and day_text in self._days and time_text in self._times:
            return datetime.combine(self._days[day_text], self._times[time_text])
        return self._read_shape(_tidy(text))

    def _read_shape(self, text: str) -> date | datetime:
        if self.order is DateOrder.EXCEL_SERIAL and (moment := serial_moment(text)):
            return moment if "." in text else moment.date()
        if self.order is DateOrder.EPOCH and (moment := epoch_moment(text)):
            return moment
        day_text, time_text = split_time(text)
        days = days_of(day_text)
        order = self.order if self.order in WRITTEN_ORDERS else DateOrder.YEAR_FIRST
        if order not in days:
            raise _wrong_order(text, order)
        if not time_text:
            return days[order]
        clock = time_of(time_text)
        if len(self._times) < _MEMO_LIMIT > len(self._days):
            self._days[day_text] = days[order]
            self._times[time_text] = clock
        return datetime.combine(days[order], clock)


class DateDetector:
    """Collects a column value by value in bounded memory and then says how it is to be read."""

    def __init__(self) -> None:
        self._signatures: Counter[_Signature] = Counter()
        self._first: dict[_Signature, str] = {}
        self._unreadable = 0
        self._bad: list[str] = []
        self._unclear: list[str] = []

    def add(self, text: str) -> None:
        """Take one value into account; blank ones say nothing."""
        if not text or text.isspace():
            return
        day_text, gap, time_text = text.partition(" ")
        # Moments rarely repeat but their days do, so day and time are remembered apart.
        signature = _signature(day_text) if gap and _is_time(time_text) else None
        signature = signature or _signature(text)
        if not signature:
            self._unreadable += 1
            _keep(self._bad, text)
            return
        self._signatures[signature] += 1
        self._first.setdefault(signature, text)
        if len(signature) > 1:
            _keep(self._unclear, text)

    def result(self) -> DateFormat | Ambiguous | NoReading:
        """The one reading, the orders to choose from, or why there is none."""
        total = self._signatures.total()
        if total == 0 or self._unreadable > total:
            return NoReading(tuple(self._bad))
        reads = {order: self._reads(order) for order in DateOrder}
        best = max(reads.values())
        if best < total * (1 - _STRAY_SHARE):
            likely = tuple(o for o in DateOrder if reads[o])
            return Ambiguous(likely, tuple(self._first.values())[:_EXAMPLES], mixed=True)
        winners = [order for order in DateOrder if reads[order] == best]
        if any(self._tells_apart(signature, winners) for signature in self._signatures):
            return Ambiguous(tuple(winners), tuple(self._unclear))
        return DateFormat(winners[0])

    def _reads(self, order: DateOrder) -> int:
        return sum(n for s, n in self._signatures.items() if any(order in group for group in s))

    @staticmethod
    def _tells_apart(signature: _Signature, orders: list[DateOrder]) -> bool:
        return sum(any(order in group for order in orders) for group in signature) > 1


def detect(values: Iterable[str]) -> DateFormat | Ambiguous | NoReading:
    """Find the one reading of a column of date strings.

    Returns:
        A :class:`DateFormat` that reads every value except strays (which then raise when parsed),
        :class:`Ambiguous` when two orders fit and would give different days, or :class:`NoReading`
        when most values are no dates.
    """
    detector = DateDetector()
    for value in values:
        detector.add(value)
    return detector.result()


# Orders that give the same day stand together: 3/4/2024 is {{dmy}, {mdy}}, 5/5/2024 {{dmy, mdy}}.
_Signature = frozenset[frozenset[DateOrder]]


@lru_cache(maxsize=100_000)
def _is_time(text: str) -> bool:
    try:
        time_of(text)
    except InvalidInputError:
        return False
    return True


@lru_cache(maxsize=100_000)
def _signature(text: str) -> _Signature:
    text = _tidy(text)
    if serial_moment(text):
        return frozenset({frozenset({DateOrder.EXCEL_SERIAL})})
    if epoch_moment(text):
        return frozenset({frozenset({DateOrder.EPOCH})})
    try:
        day_text, time_text = split_time(text)
        if time_text:
            time_of(time_text)
        days = days_of(day_text)
    except InvalidInputError:
        return frozenset()
    groups: dict[date, set[DateOrder]] = {}
    for order, day in days.items():
        groups.setdefault(day, set()).add(order)
    if len(days) == len(WRITTEN_ORDERS) and len(groups) == 1:
        # What explains itself is read among serial days and seconds, too.
        return frozenset({frozenset(DateOrder)})
    return frozenset(frozenset(group) for group in groups.values())


def _tidy(text: str) -> str:
    text = text.strip()
    return text if text.isascii() else normalize("NFKC", text).strip()


def _read_iso(text: str) -> date | datetime | None:
    try:
        value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.year >= 1800 else None


def _keep(examples: list[str], text: str) -> None:
    if len(examples) < _EXAMPLES and text not in examples:
        examples.append(text)


def _wrong_order(text: str, order: DateOrder) -> InvalidInputError:
    names = {"ymd": "year/month/day", "dmy": "day/month/year", "mdy": "month/day/year"}
    return (
        InvalidInputError(
            f"“{text}” is not a date when read as {names[order]} like the rest of its column.",
            code="wrong-date-order",
            remedy="Correct this row, or choose another order for the column.",
        )
        if order in names
        else not_a_date(text)
    )
