"""Tables of metrics, scorecards, scores, signals and the book of business."""

from banso.health.models.columns import MetricColumn
from banso.health.models.due import DueAccount
from banso.health.models.metrics import Metric
from banso.health.models.scorecards import CsmSentiment, Scorecard, ScorecardVersion, ScoreOverride
from banso.health.models.scores import Pulse, ScoreMonth
from banso.health.models.signals import Signal, SignalRule

__all__ = [
    "CsmSentiment",
    "DueAccount",
    "Metric",
    "MetricColumn",
    "Pulse",
    "ScoreMonth",
    "ScoreOverride",
    "Scorecard",
    "ScorecardVersion",
    "Signal",
    "SignalRule",
]
