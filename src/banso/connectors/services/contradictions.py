"""Where files of one project disagree, and which of them is believed.

A project names its checks, so that the reader sees the rule that decided:

.. code-block:: yaml

    checks:
      - check: churned-accounts        # subscriptions decide whether a company is a customer
        attribute: churn_flag          # the account's own word
        means_churned: ["TRUE"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from banso.accounts.selectors.external import account_attributes
from banso.connectors.files.problems import FileProblemError
from banso.connectors.models import ImportProblem, ImportRun
from banso.connectors.types import Kind, Severity
from banso.contracts.selectors.external import accounts_in_service
from banso.workspace.selectors import business_day

CHURNED_ACCOUNTS = "churned-accounts"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One rule applied: how many accounts disagree with it, and some of them."""

    rule: str
    what: str
    count: int
    examples: tuple[str, ...]


def find_contradictions(
    checks: Sequence[Mapping[str, Any]], runs: Sequence[ImportRun]
) -> list[Contradiction]:
    """Apply the checks of a project to what was imported; the first accounts run keeps the result.

    Raises:
        FileProblemError: ``bad-mapping`` for a check that does not exist.
    """
    found: list[Contradiction] = []
    accounts = next((run for run in runs if run.kind == Kind.ACCOUNTS), None)
    for check in checks:
        if check.get("check") != CHURNED_ACCOUNTS or "attribute" not in check:
            raise FileProblemError("bad-mapping", reason=f"unknown check {check!r}")
        if accounts is not None:
            found += _churned_accounts(check, accounts)
    if accounts is not None and found:
        _keep(accounts, found)
    return found


def _churned_accounts(check: Mapping[str, Any], run: ImportRun) -> list[Contradiction]:
    attribute = str(check["attribute"])
    churned = {str(text).casefold() for text in check.get("means_churned", ["TRUE"])}
    served = accounts_in_service(business_day(), run.source)
    rule = "Subscriptions decide: a company is a customer while a subscription of it runs."
    lost, kept = [], []
    for account, (external_id, attributes) in account_attributes(run.source).items():
        says_churned = str(attributes.get(attribute, "")).casefold() in churned
        if says_churned and account in served:
            kept.append(external_id)
        elif not says_churned and account not in served:
            lost.append(external_id)
    return [
        Contradiction(rule, what, len(ids), tuple(sorted(ids)[:5]))
        for what, ids in (
            (f"{attribute} says churned, but a subscription runs", kept),
            (f"{attribute} says customer, but no subscription runs", lost),
        )
        if ids
    ]


def _keep(run: ImportRun, found: Sequence[Contradiction]) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(
            run=run,
            row=0,
            code="contradiction",
            severity=Severity.WARNING,
            params={
                "what": f"{c.what}: {c.count} ({', '.join(c.examples)}, …)",
                "rule": c.rule,
            },
        )
        for c in found
    )
    by_code = {**run.report.get("by_code", {}), "contradiction": sum(c.count for c in found)}
    run.report = {**run.report, "by_code": by_code}
    run.warnings += len(found)
    run.save(update_fields=["report", "warnings"])
