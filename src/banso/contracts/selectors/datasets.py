"""What can be measured of contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from banso.contracts.models import SubscriptionLine
from banso.contracts.rules.recurring import MONTHS_A_YEAR
from banso.contracts.rules.terms import default_horizon, terms
from banso.contracts.selectors.lines import lines
from banso.contracts.selectors.money import company_rates
from banso.kit.money import Money
from banso.workspace.selectors import business_day, of_accounts
from banso.workspace.types import Dataset, by_column


def _load_lines(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    names = ("account_id", "from_day", "to_day", "mrr", "arr", "seats", "is_trial", "is_addon",
             "started")  # fmt: skip
    return by_column(names, _line_rows(account_ids))


def _line_rows(account_ids: Collection[int] | None = None) -> Iterator[tuple[Any, ...]]:
    rates = company_rates()
    found = of_accounts(SubscriptionLine.objects.order_by("id"), account_ids)
    rows = found.values_list(
        "account_id",
        "start_on",
        "end_on",
        "mrr_minor",
        "currency",
        "seats",
        "is_trial",
        "product__is_addon",
        "subscription__started_on",
    )
    for account, start, end, minor, currency, seats, is_trial, is_addon, began in rows.iterator():
        mrr = float(rates.major(Money(minor, currency)))
        yield (
            account, start, end, mrr, mrr * MONTHS_A_YEAR, seats, int(is_trial), int(is_addon),
            # A line of a source that tells only the present price may begin before what was kept.
            min(began, start),
        )  # fmt: skip


def _load_terms(account_ids: Collection[int] | None = None) -> dict[str, Any]:
    names = ("account_id", "from_day", "to_day", "term_end", "mrr", "is_trial", "is_addon")
    return by_column(names, _term_rows(account_ids, default_horizon(business_day())))


def _term_rows(account_ids: Collection[int] | None, horizon: date) -> Iterator[tuple[Any, ...]]:
    rates = company_rates()
    for line in lines(account_ids):
        rest = float(rates.major(line.mrr)), int(line.is_trial), int(line.is_addon)
        for term in terms(line.span, horizon):
            yield line.account_id, term.from_day, term.to_day, term.ends_on, *rest


SUBSCRIPTION_LINES = Dataset(
    "subscription_lines",
    "interval",
    {
        "mrr": "float",
        "arr": "float",
        "seats": "float",
        "is_trial": "int",
        "is_addon": "int",
        "started": "day",
    },
    {"en": "Subscription lines", "ja": "契約明細"},
    _load_lines,
)
SUBSCRIPTION_TERMS = Dataset(
    "subscription_terms",
    "interval",
    {"term_end": "day", "mrr": "float", "is_trial": "int", "is_addon": "int"},
    {"en": "Subscription terms", "ja": "契約期間"},
    _load_terms,
)
DATASETS = (SUBSCRIPTION_LINES, SUBSCRIPTION_TERMS)
