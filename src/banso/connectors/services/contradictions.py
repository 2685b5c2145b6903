"""Where files of one project disagree, and which of them is believed.

A project names its checks, so that the reader sees the rule that decided:

.. code-block:: yaml

    checks:
      - check: churned-accounts        # subscriptions decide whether a company is a customer
        attribute: churn_flag          # the account's own word
        means_churned: ["TRUE"]
      - check: cancelled-accounts      # a cancellation on the timeline, yet a subscription runs
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from banso.accounts.selectors.external import account_attributes, accounts_with_activity
from banso.accounts.types import ActivityKind
from banso.connectors.files.problems import FileProblemError, problem_text
from banso.connectors.models import ImportProblem, ImportRun
from banso.connectors.types import Kind, Severity
from banso.contracts.selectors.external import accounts_in_service
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _
from banso.workspace.selectors import business_day

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One disagreement: how many accounts it concerns, and the source's ids of some of them."""

    code: str
    count: int
    examples: tuple[str, ...]
    attribute: str = ""

    @property
    def params(self) -> dict[str, Any]:
        """Values for the sentence."""
        more = ("…",) if self.count > len(self.examples) else ()
        shown = ", ".join((*self.examples, *more))
        return {"attribute": self.attribute, "count": self.count, "examples": shown}

    @property
    def what(self) -> str:
        """The sentence in the active language."""
        return problem_text(self.code, self.params)[0]

    @property
    def rule(self) -> str:
        """The rule that decided, in the active language."""
        return problem_text(self.code, self.params)[1]


def require_known(checks: Sequence[Mapping[str, Any]]) -> None:
    """Raise unless every check exists.

    Raises:
        FileProblemError: ``bad-mapping``.
    """
    for check in checks:
        if not isinstance(check, Mapping) or check.get("check") not in _CHECKS:
            reason = Sentence(_("checks must be among %(names)s"), names=", ".join(_CHECKS))
            raise FileProblemError("bad-mapping", reason=reason)


def find_contradictions(
    checks: Sequence[Mapping[str, Any]], runs: Sequence[ImportRun]
) -> list[Contradiction]:
    """Apply the checks of a project to what was imported; the first accounts run keeps the result.

    Raises:
        FileProblemError: ``bad-mapping`` for a check that does not exist.
    """
    require_known(checks)
    run = next((run for run in runs if run.kind == Kind.ACCOUNTS), None)
    if run is None:
        return []
    found = [c for check in checks for c in _CHECKS[check["check"]](check, run) if c.count]
    _keep(run, found)
    return found


def _churned_accounts(check: Mapping[str, Any], run: ImportRun) -> list[Contradiction]:
    attribute = str(check.get("attribute", ""))
    churned = {str(text).casefold() for text in check.get("means_churned", ["TRUE"])}
    served = accounts_in_service(business_day(), run.source)
    flagged, unflagged = [], []
    for account, (external_id, attributes) in account_attributes(run.source).items():
        says_churned = str(attributes.get(attribute, "")).casefold() in churned
        if says_churned and account in served:
            flagged.append(external_id)
        elif not says_churned and account not in served:
            unflagged.append(external_id)
    return [
        _made("churned-but-served", flagged, attribute),
        _made("customer-but-not-served", unflagged, attribute),
    ]


def _cancelled_accounts(check: Mapping[str, Any], run: ImportRun) -> list[Contradiction]:
    del check
    served = accounts_in_service(business_day(), run.source)
    cancelled = accounts_with_activity(run.source, ActivityKind.CANCELLATION)
    known = account_attributes(run.source)
    return [_made("cancelled-but-served", (known[a][0] for a in cancelled & served if a in known))]


_CHECKS: dict[str, Callable[[Mapping[str, Any], ImportRun], list[Contradiction]]] = {
    "churned-accounts": _churned_accounts,
    "cancelled-accounts": _cancelled_accounts,
}


def _made(code: str, external_ids: Iterable[str], attribute: str = "") -> Contradiction:
    ids = sorted(external_ids)
    return Contradiction(code, len(ids), tuple(ids[:_EXAMPLES]), attribute)


def _keep(run: ImportRun, found: Sequence[Contradiction]) -> None:
    ImportProblem.objects.bulk_create(
        ImportProblem(run=run, row=0, code=c.code, severity=Severity.WARNING, params=c.params)
        for c in found
    )
    by_code = {**run.report.get("by_code", {}), **{c.code: c.count for c in found}}
    run.report = {**run.report, "by_code": by_code}
    run.warnings += len(found)
    run.save(update_fields=["report", "warnings"])
