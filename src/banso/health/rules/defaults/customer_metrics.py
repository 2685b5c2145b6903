"""Metrics of contract, support and voice that come ready."""

from __future__ import annotations

from banso.health.rules.defaults.forms import (
    MetricForm,
    difference,
    percent,
    percent_change,
    state,
    where,
    window,
)

PAID = where("is_trial", "eq", 0)
#: Add-ons are renewed with the product that they belong to.
MAIN_PRODUCT = where("is_addon", "eq", 0)

SEATS_AND_MONEY = (
    MetricForm(
        "seats",
        "契約席数",
        "Licensed seats",
        state("subscription_lines", "sum", "seats", MAIN_PRODUCT),
        "number",
        None,
    ),
    MetricForm(
        "seats_used_share",
        "席の利用率（28日）",
        "Share of seats in use, 28 days",
        percent("active_users_28d", "seats"),
        "percent",
    ),
    MetricForm(
        "subscription_age_days",
        "契約開始からの日数",
        "Days since the subscription began",
        state("subscription_lines", "days_since", "started", PAID),
        "days",
        None,
    ),
    MetricForm(
        "days_to_renewal",
        "更新までの日数",
        "Days to renewal",
        state("subscription_terms", "days_until", "term_end", PAID, MAIN_PRODUCT),
        "days",
        None,
    ),
    MetricForm("mrr", "MRR", "MRR", state("subscription_lines", "sum", "mrr", PAID), "money"),
    MetricForm("arr", "ARR", "ARR", state("subscription_lines", "sum", "arr", PAID), "money"),
    MetricForm(
        "arr_change_90d",
        "ARRの増減（90日）",
        "Change of ARR, 90 days",
        difference("arr", 90),
        "money",
    ),
    MetricForm(
        "arr_change_365d",
        "ARRの増減率（1年）",
        "Change of ARR, one year",
        percent_change("arr", 365),
        "percent",
    ),
)

SUPPORT = (
    MetricForm(
        "tickets_28d",
        "問い合わせ数（28日）",
        "Tickets, 28 days",
        window("tickets", "count", None, 28),
        "number",
        False,
    ),
    MetricForm(
        "tickets_change_28d",
        "問い合わせの増減（前の28日比）",
        "Tickets against the 28 days before",
        difference("tickets_28d", 28),
        "number",
        False,
    ),
    MetricForm(
        "open_tickets",
        "未解決の問い合わせ",
        "Open tickets",
        state("ticket_spans", "count"),
        "number",
        False,
    ),
    MetricForm(
        "open_urgent_tickets",
        "未解決の緊急問い合わせ",
        "Open urgent tickets",
        state("ticket_spans", "count", None, where("priority", "eq", "urgent")),
        "number",
        False,
    ),
    MetricForm(
        "urgent_share_90d",
        "緊急の問い合わせの割合（90日）",
        "Share of urgent tickets, 90 days",
        percent(
            window("tickets", "count", None, 90, where("priority", "eq", "urgent")),
            window("tickets", "count", None, 90),
        ),
        "percent",
        False,
    ),
    MetricForm(
        "first_response_90d",
        "平均初回応答時間（90日）",
        "Mean first-response time, 90 days",
        window("ticket_responses", "average", "minutes", 90),
        "minutes",
        False,
    ),
)

VOICE = (
    MetricForm(
        # An answer of more than a year ago says nothing about today.
        "nps_latest",
        "最新のNPS回答",
        "Latest NPS answer",
        window("nps", "latest", "score", 365),
        "points",
    ),
    MetricForm(
        "nps_average_180d",
        "NPS回答の平均（180日）",
        "Mean NPS answer, 180 days",
        window("nps", "average", "score", 180),
        "points",
    ),
    MetricForm(
        "days_since_nps",
        "最後のNPS回答からの日数",
        "Days since the latest NPS answer",
        window("nps", "days_since_last"),
        "days",
        False,
    ),
    MetricForm(
        "nps_change_90d",
        "NPS回答の変化（90日前比）",
        "Change of the NPS answer, 90 days",
        difference("nps_latest", 90),
        "points",
    ),
    MetricForm(
        "csm_sentiment",
        "CSMの所感",
        "CSM sentiment",
        state("sentiment_spans", "maximum", "points"),
        "points",
    ),
    MetricForm(
        "days_since_touch",
        "最後の接点からの日数",
        "Days since the last touch",
        window(
            "activities",
            "days_since_last",
            None,
            None,
            where("kind", "in", ["call", "meeting", "mail"]),
        ),
        "days",
        False,
    ),
    MetricForm(
        "touches_90d",
        "接点の回数（90日）",
        "Touches, 90 days",
        window("activities", "count", None, 90, where("kind", "in", ["call", "meeting", "mail"])),
    ),
)
