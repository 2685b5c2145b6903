"""Lines as few columns, for work that goes over many of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from banso.contracts.models import SubscriptionLine
from banso.contracts.rules.recurring import PricedLine
from banso.contracts.rules.terms import LineSpan
from banso.kit.money import Money


class Line(NamedTuple):
    """What a line says of price and time; ``end_on`` and ``term_end_on`` are exclusive."""

    account_id: int
    start_on: date
    end_on: date | None
    term_end_on: date | None
    billing_period_months: int | None
    mrr_minor: int
    currency: str
    is_trial: bool
    is_addon: bool

    @property
    def mrr(self) -> Money:
        """The monthly price."""
        return Money(self.mrr_minor, self.currency)

    @property
    def priced(self) -> PricedLine:
        """The line as the rules of recurring revenue take it."""
        return PricedLine(self.start_on, self.end_on, self.mrr, self.is_trial)

    @property
    def span(self) -> LineSpan:
        """The line as the rules of terms take it."""
        return LineSpan(self.start_on, self.end_on, self.term_end_on, self.billing_period_months)


_COLUMNS = (*Line._fields[:-1], "product__is_addon")


def lines(account_ids: Collection[int] | None = None, *, by: date | None = None) -> Iterator[Line]:
    """All lines, or those of some accounts, by account.

    Args:
        by: only lines begun by this day.
    """
    found = SubscriptionLine.objects.order_by("account_id", "id")
    if account_ids is not None:
        found = found.filter(account_id__in=account_ids)
    if by is not None:
        found = found.filter(start_on__lte=by)
    return (Line(*row) for row in found.values_list(*_COLUMNS).iterator())
