"""The metrics that the benchmarks compute, and the scorecard that judges them.

Twenty of those that come ready: the ten of the default scorecard and ten more on use and money.
"""

from __future__ import annotations

from banso.engine.datasets import FEATURE_DAYS, DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.parsing import parse
from banso.health.rules import scorecard
from banso.health.rules.defaults.metrics import METRICS
from banso.health.rules.defaults.scorecards import STANDARD

FEATURES = (
    "signed_in",
    "record.opened",
    "record.saved",
    "invoice.sent",
    "report.opened",
    "report.exported",
    "member.invited",
    "comment.added",
    "file.uploaded",
    "search.run",
    "api.called",
    "dashboard.shared",
)
LOGIN = ("signed_in",)
CORE = ("record.saved", "report.exported")

LOGIN_DAYS = DatasetSpec("login_days", "event", FEATURE_DAYS.columns)
CORE_FEATURE_DAYS = DatasetSpec("core_feature_days", "event", FEATURE_DAYS.columns)
SUBSCRIPTION_LINES = DatasetSpec(
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
)
TICKETS = DatasetSpec("tickets", "event", {"priority": "text", "ticket_id": "int"})
TICKET_SPANS = DatasetSpec("ticket_spans", "interval", {"priority": "text"})
NPS = DatasetSpec("nps", "event", {"score": "float", "seq": "int"})
SENTIMENT_SPANS = DatasetSpec("sentiment_spans", "interval", {"points": "float"})

SCORECARD = scorecard.parse(STANDARD)
KEYS = (
    *SCORECARD.metric_keys(),
    "active_users_7d",
    "active_users_28d",
    "active_users_90d",
    "logins_28d",
    "events_28d",
    "events_per_user_28d",
    "user_growth_28d",
    "core_events_28d",
    "usage_slope_90d",
    "arr",
)


def catalogue() -> dict[str, Definition]:
    """Every metric that comes ready, by key."""
    return {form.key: parse(form.definition) for form in METRICS}
