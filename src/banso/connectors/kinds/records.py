"""What the kinds have in common of which each row is one record of an account."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from banso.connectors.files.problems import RowProblem
from banso.connectors.kinds.base import Context, Outcome, Writer, column_of
from banso.connectors.kinds.references import AccountFinder, ContactFinder
from banso.connectors.mapping import Record
from banso.workspace.types import RowResult


class RecordWriter(Writer):
    """Finds each row's account and hands the rows that have one to the owning room."""

    #: The moment up to which the file speaks, where the kind has such a field.
    moment: ClassVar[str] = ""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.accounts = AccountFinder(context.spec.source)
        self.contacts = ContactFinder()

    def write(self, records: Sequence[Record]) -> list[Outcome]:
        """See :meth:`Writer.write`."""
        if self.moment:
            self.note_day(records, self.moment)
        self.accounts.load(record.values.get("account", "") for record in records)
        found = [self._account(record) for record in records]
        self.contacts.load(
            (account, record.values.get("contact", ""))
            for record, account in zip(records, found, strict=True)
            if isinstance(account, int)
        )
        outcomes = [Outcome(record.row) for record in records]
        good: list[tuple[Outcome, Any]] = []
        for record, account, outcome in zip(records, found, outcomes, strict=True):
            refused = isinstance(account, RowProblem)
            row = account if refused else self.row(record, account, outcome.problems)
            if isinstance(row, RowProblem):
                outcome.problems.append(row)
            else:
                good.append((outcome, row))
        results = self.upsert([row for _, row in good])
        for (outcome, _), result in zip(good, results, strict=True):
            outcome.results.append(result)
        return outcomes

    @abstractmethod
    def row(self, record: Record, account: Any, problems: list[RowProblem]) -> Any:
        """What the owning room takes, or the error that keeps the row out; warnings are added.

        Args:
            record: the row.
            account: the key of its account; None only where the kind needs none.
            problems: where warnings go.
        """

    @abstractmethod
    def upsert(self, rows: list[Any]) -> list[RowResult]:
        """Write the rows; one result per row, in order."""

    def _account(self, record: Record) -> int | RowProblem | None:
        text = record.values.get("account")
        column = column_of(self.context.spec, "account")
        return self.accounts.find(text, record.row, column) if text else None
