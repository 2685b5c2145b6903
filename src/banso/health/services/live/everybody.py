"""What is known of all accounts besides their use: read once, because events do not change it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.accounts.selectors.book import BookRow
from banso.engine.warehouse import Warehouse
from banso.health.rules.conditions import Conditions
from banso.health.rules.customers import has_service
from banso.health.services.compute.assessment import Assessment, appraise
from banso.health.services.compute.past import read_past
from banso.health.services.compute.picture import Picture, picked
from banso.health.services.values import Floats, Ints, of_usage, use_days, values_on
from banso.health.services.warehouse import warehouse

#: Stands for a first and a last day of use where there is none.
_NEVER = (date.max, date.min)


class Everybody:
    """Accounts as the last run over all of them knew them.

    Contracts, segments, earlier scores and overrides stand still while events arrive; whatever
    changes them has a single account judged without this, or all of them by another run. It is
    kept for as long as a worker runs, and therefore as arrays instead of objects per account.
    """

    def __init__(self, found: Assessment) -> None:
        picture = found.picture
        self._moving = of_usage(picture.known, list(picture.values))
        still = {key: of for key, of in picture.values.items() if key not in self._moving}
        self._ids = np.array(picture.ids, dtype=np.int64)
        self._is_known = np.ones(len(self._ids), dtype=bool)
        self._past, self._deck = found.past, found.deck
        self._rows = _interned(picture.rows)
        self._use = self._days_of(use_days(warehouse(), picture.day))
        self._note_contracts(picture)
        self._picture = replace(
            picture, rows=[], ids=[], values=still, used={}, spans={}, standing={}
        )

    @property
    def day(self) -> date:
        """The day that was judged."""
        return self._picture.day

    def forget(self, account_ids: Collection[int]) -> None:
        """Something about these accounts changed."""
        self._is_known[self._places(list(account_ids))] = False

    def known(self, account_ids: Sequence[int]) -> list[int]:
        """Those of the accounts that can be judged from what is known here."""
        at = self._places(account_ids)
        found: list[int] = self._ids[at[self._is_known[at]]].tolist()
        return found

    def note_use(self, days: Mapping[int, tuple[date, date]]) -> None:
        """Accounts were used on days from a first to a last one, which is not after the day."""
        at = self._places(sorted(days))
        new = _ordinals([days[one] for one in self._ids[at].tolist()])
        self._use[0, at] = np.minimum(self._use[0, at], new[0])
        self._use[1, at] = np.maximum(self._use[1, at], new[1])

    def renew_past(self, account_ids: Collection[int]) -> None:
        """Earlier days of these accounts were scored once more."""
        at = self._places(list(account_ids))
        ids: list[int] = self._ids[at].tolist()
        self._past.put(at, read_past(self._deck, ids, self.day, self._past.scores))

    def assess(
        self, account_ids: Sequence[int], rules: Sequence[Conditions], store: Warehouse
    ) -> Assessment:
        """Judge known accounts as of the day, from their use as it is now; contracts not told."""
        at = self._places(account_ids)
        picture = self._picture_of(at, store)
        return appraise(picture, self._past.pick(at), self._deck, rules)

    def _places(self, account_ids: Sequence[int]) -> Ints:
        """Where accounts stand in the arrays, in ascending order; others are left out."""
        found: Ints = np.flatnonzero(np.isin(self._ids, np.asarray(account_ids, dtype=np.int64)))
        return found

    def _days_of(self, days: Mapping[int, tuple[date, date]]) -> Ints:
        """The first and the last day of use of every account, as two rows of ordinals."""
        return _ordinals([days.get(one, _NEVER) for one in self._ids.tolist()])

    def _note_contracts(self, picture: Picture) -> None:
        """Who is a customer by contract, and who is one as soon as there is any use."""
        spans = [picture.spans.get(one, ()) for one in picture.ids]
        served = [has_service(of, picture.day) for of in spans]
        unbegun = [all(picture.day < begin for begin, _end in of) for of in spans]
        self._has_service: NDArray[np.bool_] = np.array(served, dtype=bool)
        self._needs_none: NDArray[np.bool_] = np.array(unbegun, dtype=bool)

    def _picture_of(self, at: Ints, store: Warehouse) -> Picture:
        ids: list[int] = self._ids[at].tolist()
        used = self._use[:, at]
        return replace(
            self._picture,
            rows=[self._rows[i] for i in at.tolist()],
            ids=ids,
            values=self._values(ids, at, store),
            used={
                one: (date.fromordinal(first), date.fromordinal(last))
                for one, first, last in zip(ids, *used.tolist(), strict=True)
                if first <= last
            },
            customers=self._has_service[at]
            | (self._needs_none[at] & (used[0] <= self.day.toordinal())),
        )

    def _values(self, ids: Sequence[int], at: Ints, store: Warehouse) -> dict[str, Floats]:
        """The metrics as they are now; those that read no usage are what they were."""
        now = values_on(store, self._picture.known, self._moving, self.day, ids)
        return picked(self._picture.values, at) | now


def _interned(rows: Sequence[BookRow]) -> list[BookRow]:
    """The same rows with one text for all that say the same."""
    return [
        BookRow(row.account_id, sys.intern(row.segment), sys.intern(row.lifecycle)) for row in rows
    ]


def _ordinals(days: Sequence[tuple[date, date]]) -> Ints:
    """First and last days as two rows of ordinals."""
    found = [(first.toordinal(), last.toordinal()) for first, last in days]
    return np.array(found, dtype=np.int64).reshape(-1, 2).T.copy()
