"""The metrics that come ready."""

from __future__ import annotations

from banso.health.rules.defaults.customer_metrics import SEATS_AND_MONEY, SUPPORT, VOICE
from banso.health.rules.defaults.forms import MetricForm
from banso.health.rules.defaults.usage_metrics import FEATURES, USAGE

METRICS: tuple[MetricForm, ...] = (*USAGE, *FEATURES, *SEATS_AND_MONEY, *SUPPORT, *VOICE)
