"""The use of a few accounts that are asked about again and again, in tables of their own.

Roll-ups lie by day, as all accounts are measured over the last days of them. One account's rows
are therefore spread over a whole roll-up, and finding them reads it. Accounts that somebody looks
at are copied once, and from then on only the days that changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb
import pyarrow as pa

from banso.engine.datasets import USAGE_DATASETS

MOST = 500
"""Accounts that are held at the same time; more are no few."""


class Closeup:
    """Copies of the roll-ups' rows of some accounts.

    They are temporary tables of a connection of their own with the names of the roll-ups, so that
    any statement about these accounts reads them instead, also through views.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection.cursor()
        ((name,),) = self._connection.execute("SELECT current_database()").fetchall()
        self._all = f'"{name}".main'
        self._held: set[int] = set()
        #: Account to the first day from which its rows are to be copied anew.
        self._changed: dict[int, date] = {}

    def close(self) -> None:
        """Let go of the copies."""
        self._connection.close()

    def hold(self, account_ids: Collection[int]) -> None:
        """Have these accounts at hand, and whichever were before as long as there is room."""
        if len(account_ids) > MOST:
            return
        if len(self._held.union(account_ids)) > MOST:
            self.forget()
        new = set(account_ids) - self._held
        self._held |= new
        self._changed.update(dict.fromkeys(new, date.min))

    def covers(self, account_ids: Sequence[int] | pa.ChunkedArray) -> bool:
        """Whether all of these accounts are at hand."""
        if not 0 < len(account_ids) <= len(self._held):
            return False
        if isinstance(account_ids, pa.ChunkedArray):
            account_ids = account_ids.to_pylist()
        return self._held.issuperset(account_ids)

    def note(self, arrived: pa.Table) -> None:
        """Rows of events were added to the roll-ups."""
        if self._held:
            days = arrived.group_by("account_id").aggregate([("day", "min")])
            both = (days[name].to_pylist() for name in ("account_id", "day_min"))
            for one, day in zip(*both, strict=True):
                if one in self._held:
                    self._changed[one] = min(day, self._changed.get(one, day))

    def forget(self) -> None:
        """The roll-ups changed in ways that nobody followed."""
        if self._held:
            self._held, self._changed = set(), {}
            with self._writing() as connection:
                for name in USAGE_DATASETS:
                    connection.execute(f"DROP TABLE IF EXISTS temp.main.{name}")

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection in which the roll-ups hold these accounts only, as they are now."""
        if self._changed:
            try:
                self._copy()
            except BaseException:
                self.forget()
                raise
        yield self._connection

    def _copy(self) -> None:
        changed, self._changed = self._changed, {}
        with self._writing() as connection:
            for name in USAGE_DATASETS:
                connection.execute(
                    f"CREATE TEMP TABLE IF NOT EXISTS {name} AS FROM {self._all}.{name} LIMIT 0"
                )
                for since in set(changed.values()):
                    accounts = [one for one, day in changed.items() if day == since]
                    self._copy_since(name, accounts, since)

    def _copy_since(self, name: str, accounts: list[int], since: date) -> None:
        # The day is part of the text, for only then are the blocks of other days passed over.
        rows = f"day >= DATE '{since}' AND account_id IN (SELECT unnest(?::BIGINT[]))"
        self._connection.execute(f"DELETE FROM temp.main.{name} WHERE {rows}", [accounts])
        self._connection.execute(
            f"INSERT INTO temp.main.{name} FROM {self._all}.{name} WHERE {rows} "
            "ORDER BY account_id, day",
            [accounts],
        )

    @contextmanager
    def _writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction, which ends here: one under way would keep the log from being folded in."""
        self._connection.begin()
        try:
            yield self._connection
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
