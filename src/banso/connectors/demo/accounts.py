"""The accounts and subscriptions files."""

from __future__ import annotations

from collections.abc import Iterator

from banso.connectors.demo.contracts import Contract
from banso.connectors.demo.customers import SEGMENTS, Customers
from banso.connectors.demo.fates import Fates
from banso.connectors.demo.timeline import NEVER, Timeline

ACCOUNT_COLUMNS = (
    "external_id",
    "name",
    "name_kana",
    "name_en",
    "corporate_number",
    "industry",
    "employees",
    "country",
    "region",
    "domain",
    "segment",
    "language",
    "time_zone",
    "cs_owner_email",
    "sales_owner_email",
    "customer_since",
    "lifecycle",
)
SUBSCRIPTION_COLUMNS = (
    "external_id",
    "account_external_id",
    "product",
    "family",
    "is_addon",
    "start_on",
    "end_on",
    "term_end_on",
    "mrr",
    "currency",
    "seats",
    "billing_period_months",
    "is_trial",
    "auto_renew",
)
_ONBOARDING_DAYS = 90
_RENEWAL_DAYS = 90
_BILLED_YEARLY = "12"
"""Contracts that run on name no billing period: it would stand for a term of one month, and each
of them would be up for renewal every month."""


def lifecycle(customers: Customers, fates: Fates, contract: Contract, index: int) -> str:
    """Where the account stands today."""
    if fates.churn_on[index] <= 0 and fates.return_on[index] >= 0:
        return "churned"
    if customers.start[index] > -_ONBOARDING_DAYS:
        return "onboarding"
    ends = [line.term_end for line in contract.lines if line.start <= 0 < line.term_end]
    return "renewal" if ends and min(ends) <= _RENEWAL_DAYS else "adoption"


def account_rows(
    customers: Customers, fates: Fates, contracts: list[Contract], timeline: Timeline
) -> Iterator[tuple[str, ...]]:
    """Rows of the accounts file."""
    for index in range(len(customers)):
        company = customers.company[index]
        yield (
            customers.external_id(index),
            company.name,
            company.kana,
            company.english,
            customers.corporate_number[index],
            customers.industry[index].label,
            str(customers.employees[index]),
            customers.country[index].code,
            customers.region[index],
            customers.domain[index],
            SEGMENTS[customers.segment[index]],
            customers.language(index),
            customers.time_zone[index],
            customers.cs_owner[index],
            customers.sales_owner[index],
            timeline.iso(int(customers.start[index])),
            lifecycle(customers, fates, contracts[index], index),
        )


def subscription_rows(
    customers: Customers, contracts: list[Contract], timeline: Timeline
) -> Iterator[tuple[str, ...]]:
    """Rows of the subscriptions file. ``end_on`` is empty while nothing ends the line;
    ``term_end_on`` is where the agreed term ends, empty for contracts that just run on."""
    for index, contract in enumerate(contracts):
        currency = customers.country[index].currency
        for number, line in enumerate(contract.lines):
            price = f"{line.mrr:.0f}" if currency == "JPY" else f"{line.mrr:.2f}"
            yield (
                f"S{index + 1:05d}-{number + 1:02d}",
                customers.external_id(index),
                line.product,
                line.family,
                "true" if line.is_addon else "false",
                timeline.iso(line.start),
                timeline.iso(line.end),
                timeline.iso(line.term_end),
                price,
                currency,
                str(line.seats),
                _BILLED_YEARLY if line.term_end < NEVER else "",
                "true" if line.is_trial else "false",
                "false" if line.term_end < NEVER else "true",
            )
