"""How amounts of several currencies become comparable."""

from __future__ import annotations

from banso.contracts.models import SubscriptionLine
from banso.kit.rates import Rates
from banso.workspace.selectors import company


def company_rates() -> Rates:
    """The fixed rates of the company's settings into its currency."""
    settings = company()
    return Rates.parse(settings.currency, settings.exchange_rates)


def currencies_without_rate() -> list[str]:
    """Currencies in which something is sold but for which no rate is set.

    Their amounts are taken at face value in metrics, so pages that add money up say so.
    """
    rates = company_rates()
    used = SubscriptionLine.objects.order_by().values_list("currency", flat=True).distinct()
    return sorted(code for code in used if not rates.knows(code))
