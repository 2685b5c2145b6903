"""Having a draft tried by the worker; what came of it stands in the job's result."""

from __future__ import annotations

from typing import Any

from banso.health.models import SignalRule
from banso.health.services.metrics import checked_definition
from banso.health.services.requests import TRY_METRIC, TRY_RULE
from banso.health.services.signal_rules import checked_conditions
from banso.workspace.policies import require
from banso.workspace.services import jobs
from banso.workspace.types import Actor

#: Stands for a metric without a key; none can be saved under it.
UNSAVED = "score"


def start_metric_trial(*, actor: Actor, key: str, definition: object) -> Any:
    """Have the worker measure a metric that is not saved yet; returns the job.

    Args:
        key: of the metric that is being changed, or one typed, or nothing.

    Raises:
        InvalidInputError: ``fields`` maps places in the definition to what is wrong there.
    """
    require(actor, "health.design")
    key = key or UNSAVED
    params = {"key": key, "definition": checked_definition(key, definition)}
    return jobs.start(actor=actor, kind=TRY_METRIC, params=params)


def start_rule_trial(*, actor: Actor, conditions: object, rule: SignalRule | None = None) -> Any:
    """Have the worker find where conditions hold that are not saved yet; returns the job.

    Args:
        rule: the rule that is being changed, whose open signals are compared.

    Raises:
        InvalidInputError: ``fields`` maps places in the conditions to what is wrong there.
    """
    require(actor, "health.design")
    params = {"conditions": checked_conditions(conditions), "rule": rule.pk if rule else None}
    return jobs.start(actor=actor, kind=TRY_RULE, params=params)
