"""Metrics of use that come ready."""

from __future__ import annotations

from banso.health.rules.defaults.forms import (
    Definition,
    MetricForm,
    greatest,
    percent_change,
    ratio,
    where,
    window,
)

USED = where("events", "gt", 0)


def _days_with_users(days: int | None) -> Definition:
    return window("account_days", "count", None, days, where("users", "gt", 0))


def _active_users(days: int) -> Definition:
    """Distinct users; none where nobody ever told who or how many they are.

    Data that is already counted per day may carry no user ids, only how many users there were each
    day; then the busiest day is the best lower bound of the distinct users.
    """
    ever = _days_with_users(None)
    return greatest(
        window("account_days", "maximum", "users", days, where("users", "gt", 0)),
        # Divided by one, or by nothing where users were never known.
        ratio(window("user_days", "distinct", "user_key", days, USED), ratio(ever, ever)),
        # Nought once users have been known and none came lately; never above one.
        ratio(_days_with_users(days), ever),
    )


USAGE = (
    MetricForm(
        "logins_7d",
        "ログイン回数（7日）",
        "Sign-ins, 7 days",
        window("login_days", "sum", "events", 7),
    ),
    MetricForm(
        "logins_28d",
        "ログイン回数（28日）",
        "Sign-ins, 28 days",
        window("login_days", "sum", "events", 28),
    ),
    MetricForm(
        "logins_90d",
        "ログイン回数（90日）",
        "Sign-ins, 90 days",
        window("login_days", "sum", "events", 90),
    ),
    MetricForm(
        "active_users_7d", "アクティブユーザー数（7日）", "Active users, 7 days", _active_users(7)
    ),
    MetricForm(
        "active_users_28d",
        "アクティブユーザー数（28日）",
        "Active users, 28 days",
        _active_users(28),
    ),
    MetricForm(
        "active_users_90d",
        "アクティブユーザー数（90日）",
        "Active users, 90 days",
        _active_users(90),
    ),
    MetricForm(
        "active_days_28d",
        "利用日数（28日）",
        "Days with use, 28 days",
        window("account_days", "count", None, 28, USED),
        "days",
    ),
    MetricForm(
        "active_days_total",
        "利用日数（全期間）",
        "Days with use, all time",
        window("account_days", "count", None, None, USED),
        "days",
    ),
    MetricForm(
        "events_28d",
        "利用回数（28日）",
        "Actions, 28 days",
        window("account_days", "sum", "events", 28),
    ),
    MetricForm(
        "events_28d_before",
        "利用回数（その前の28日）",
        "Actions, the 28 days before",
        window("account_days", "sum", "events", 28, offset=28),
    ),
    MetricForm(
        "usage_trend_28d",
        "利用の増減（前の28日比）",
        "Usage against the 28 days before",
        percent_change("events_28d", 28),
        "percent",
    ),
    MetricForm(
        "usage_slope_90d",
        "利用回数の傾き（1日あたり、90日）",
        "Slope of actions per day, 90 days",
        window("account_days", "slope", "events", 90),
    ),
    MetricForm(
        "days_since_activity",
        "最終利用からの日数",
        "Days since last activity",
        window("account_days", "days_since_last", None, None, USED),
        "days",
        False,
    ),
    MetricForm(
        "events_per_user_28d",
        "1人あたり利用回数（28日）",
        "Actions per active user, 28 days",
        ratio("events_28d", "active_users_28d"),
    ),
    MetricForm(
        "user_growth_28d",
        "利用者の増減（前の28日比）",
        "Active users against the 28 days before",
        percent_change("active_users_28d", 28),
        "percent",
    ),
    MetricForm(
        "user_growth_90d",
        "利用者の増減（90日前比）",
        "Active users against 90 days ago",
        percent_change("active_users_28d", 90),
        "percent",
    ),
)

FEATURES = (
    MetricForm(
        "features_28d",
        "利用機能数（28日）",
        "Distinct features, 28 days",
        window("feature_days", "distinct", "feature", 28, USED),
    ),
    MetricForm(
        "core_features_28d",
        "コア機能の利用数（28日）",
        "Distinct core features, 28 days",
        window("core_feature_days", "distinct", "feature", 28, USED),
    ),
    MetricForm(
        "core_events_28d",
        "コア機能の利用回数（28日）",
        "Core-feature actions, 28 days",
        window("core_feature_days", "sum", "events", 28),
    ),
    MetricForm(
        "core_events_28d_before",
        "コア機能の利用回数（その前の28日）",
        "Core-feature actions, the 28 days before",
        window("core_feature_days", "sum", "events", 28, offset=28),
    ),
    MetricForm(
        "core_days_28d",
        "コア機能の利用日数（28日）",
        "Days with core-feature use, 28 days",
        window("core_feature_days", "distinct", "day", 28, USED),
        "days",
    ),
)
