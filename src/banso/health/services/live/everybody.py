"""What is known of all accounts besides their use: read once, because events do not change it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from banso.health.rules.conditions import Conditions
from banso.health.rules.customers import is_customer
from banso.health.services.compute.assessment import Assessment, appraise
from banso.health.services.compute.picture import Picture, picked
from banso.health.services.values import Floats, Ints, of_usage, use_days, values_on
from banso.health.services.warehouse import warehouse


class Everybody:
    """Accounts as the last run over all of them knew them.

    Contracts, segments, earlier scores and overrides stand still while events arrive; whatever
    changes them has a single account judged without this, or all of them by another run.
    """

    def __init__(self, found: Assessment) -> None:
        picture = found.picture
        self._moving = of_usage(picture.known, list(picture.values))
        still = {key: of for key, of in picture.values.items() if key not in self._moving}
        self._found = replace(found, picture=replace(picture, values=still))
        self._at = {account_id: i for i, account_id in enumerate(picture.ids)}
        self._use = use_days(warehouse(), self.day)

    @property
    def day(self) -> date:
        """The day that was judged."""
        return self._found.picture.day

    def forget(self, account_ids: Collection[int]) -> None:
        """Something about these accounts changed."""
        for one in account_ids:
            self._at.pop(one, None)

    def knows(self, account_id: int) -> bool:
        """Whether the account can be judged from what is known here."""
        return account_id in self._at

    def note_use(self, days: Mapping[int, tuple[date, date]]) -> None:
        """Accounts were used on days from a first to a last one, which is not after the day."""
        for one, (first, last) in days.items():
            known = self._use.get(one, (first, last))
            self._use[one] = min(known[0], first), max(known[1], last)

    def assess(self, account_ids: Sequence[int], rules: Sequence[Conditions]) -> Assessment:
        """Judge known accounts as of the day, from their use as it is now."""
        at = np.array([self._at[one] for one in account_ids], dtype=np.int64)
        found = self._found
        return appraise(self._picture(at), found.past.pick(at), found.deck, rules)

    def _picture(self, at: Ints) -> Picture:
        known = self._found.picture
        ids = [known.ids[i] for i in at.tolist()]
        first = (self._use.get(one, (None,))[0] for one in ids)
        customers = [
            is_customer(known.spans.get(one, ()), day, self.day)
            for one, day in zip(ids, first, strict=True)
        ]
        return replace(
            known,
            rows=[known.rows[i] for i in at.tolist()],
            ids=ids,
            values=self._values(ids, at),
            used=self._use,
            customers=np.array(customers, dtype=bool),
        )

    def _values(self, ids: Sequence[int], at: Ints) -> dict[str, Floats]:
        """The metrics as they are now; those that read no usage are what they were."""
        known = self._found.picture
        now = values_on(warehouse(), known.known, self._moving, self.day, ids)
        return picked(known.values, at) | now
