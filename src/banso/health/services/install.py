"""What an installation starts with."""

from __future__ import annotations

from django.db import transaction

from banso.engine import definitions, parsing
from banso.health.models import Metric, Scorecard, ScorecardVersion, SignalRule
from banso.health.rules import conditions, scorecard
from banso.health.rules.defaults.metrics import METRICS
from banso.health.rules.defaults.scorecards import SCORECARDS
from banso.health.rules.defaults.signals import SIGNAL_RULES
from banso.kit import clock
from banso.workspace.services import audit
from banso.workspace.types import SYSTEM


@transaction.atomic
def install_defaults() -> dict[str, int]:
    """Create the metrics, scorecards and signal rules that come ready, where they are missing.

    What somebody has edited or archived stays as it is, and running it again changes nothing. The
    scorecards come only into an installation that has none.

    Returns:
        how many of each were created.
    """
    created = {
        "metrics": _install_metrics(),
        "scorecards": _install_scorecards(),
        "signal_rules": _install_rules(),
    }
    if any(created.values()):
        audit.record(SYSTEM, "health.defaults_installed", "health", "defaults", after=created)
    return created


def _install_metrics() -> int:
    present = set(Metric.objects.values_list("key", flat=True))
    missing = [form for form in METRICS if form.key not in present]
    Metric.objects.bulk_create(
        Metric(
            key=form.key,
            name_ja=form.name_ja,
            name_en=form.name_en,
            definition=definitions.to_dict(parsing.parse(form.definition)),
            unit=form.unit,
            more_is_better=form.more_is_better,
            is_builtin=True,
            updated_at=clock.now(),
        )
        for form in missing
    )
    return len(missing)


def _install_scorecards() -> int:
    if Scorecard.objects.exists():
        return 0
    for position, form in enumerate(SCORECARDS):
        card = Scorecard.objects.create(
            name_ja=form.name_ja,
            name_en=form.name_en,
            is_default=form.is_default,
            position=position,
            lifecycles=list(form.lifecycles),
        )
        ScorecardVersion.objects.create(
            scorecard=card,
            number=1,
            spec=scorecard.to_dict(scorecard.parse(form.spec)),
            created_at=clock.now(),
        )
    return len(SCORECARDS)


def _install_rules() -> int:
    present = set(SignalRule.objects.values_list("key", flat=True))
    missing = [form for form in SIGNAL_RULES if form.key not in present]
    SignalRule.objects.bulk_create(
        SignalRule(
            key=form.key,
            name_ja=form.name_ja,
            name_en=form.name_en,
            direction=form.direction,
            severity=form.severity,
            conditions=conditions.to_dict(conditions.parse(form.conditions)),
            advice_ja=form.advice_ja,
            advice_en=form.advice_en,
            is_builtin=True,
            updated_at=clock.now(),
        )
        for form in missing
    )
    return len(missing)
