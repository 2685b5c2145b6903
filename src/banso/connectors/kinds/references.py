"""From what a file calls an account, a person or a subscription to the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from banso.accounts.selectors.external import (
    account_ids_by_key,
    account_ids_by_name,
    account_names,
    contact_ids,
)
from banso.connectors.files.problems import RowProblem
from banso.contracts.selectors.external import Served, served_by_subscription

#: Databases limit how many values one statement may carry.
_TEXTS_AT_ONCE = 5_000


def _portions(texts: set[str]) -> Iterator[set[str]]:
    ordered = sorted(texts)
    for start in range(0, len(ordered), _TEXTS_AT_ONCE):
        yield set(ordered[start : start + _TEXTS_AT_ONCE])


class AccountFinder:
    """Finds accounts by id, else by name; remembers what it found.

    Args:
        source: whose ids come first; those of other sources count where it has none.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[str, list[int]] = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up everything that is new, in few queries."""
        for new in _portions({text for text in texts if text} - self._found.keys()):
            found = account_ids_by_key(self._source, new)
            found |= account_ids_by_name(new - found.keys())
            self._found |= {text: found.get(text, []) for text in new}

    def find(self, text: str, row: int, column: str) -> int | RowProblem:
        """The account's key, or why there is none."""
        ids = self._found.get(text, [])
        if len(ids) == 1:
            return ids[0]
        if not ids:
            return RowProblem(row, "unknown-account", column, {"value": text})
        names = ", ".join(account_names(ids[:3]).values())
        return RowProblem(row, "ambiguous-match", column, {"value": text, "names": names})


class SubscriptionFinder:
    """Finds the account of a subscription or line by the source's id, and when it ran."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: dict[str, Served | None] = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up everything that is new."""
        for new in _portions({text for text in texts if text} - self._found.keys()):
            found = served_by_subscription(self._source, new)
            self._found |= {text: found.get(text) for text in new}

    def find(self, text: str, row: int, column: str) -> int | RowProblem:
        """The account's key, or why there is none."""
        served = self._found.get(text)
        if served is None:
            return RowProblem(row, "unknown-subscription", column, {"value": text})
        return served.account_id

    def span(self, text: str) -> tuple[date, date | None] | None:
        """First day of service and first day without it (None while it runs)."""
        served = self._found.get(text)
        return (served.start_on, served.end_on) if served else None


class ContactFinder:
    """Finds people of an account by mail address, id or the name that usage data gives them."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], int] = {}

    def load(self, wanted: Iterable[tuple[int, str]]) -> None:
        """Look up people by (account, text)."""
        pairs = [(account, text) for account, text in wanted if text]
        self._found = contact_ids({a for a, _ in pairs}, {t for _, t in pairs})

    def find(self, account: int, text: str) -> int | None:
        """The person's key, if the account has such a one."""
        return self._found.get((account, text.lower())) if text else None
