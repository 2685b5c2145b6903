"""The signal rules that come ready: signs of churn and signs of expansion."""

from __future__ import annotations

from typing import Any

from banso.health.rules.defaults.forms import SignalRuleForm


def _when(metric: str, op: str, value: float) -> dict[str, Any]:
    return {"metric": metric, "op": op, "value": value}


def _all(*conditions: dict[str, Any], show: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"all": list(conditions), "show": list(show)}


RISKS = (
    SignalRuleForm(
        "silence",
        "利用の途絶",
        "Silence",
        "risk",
        3,
        _all(_when("days_since_activity", "gte", 14), show=("events_28d_before",)),
        "まず電話で様子を伺い、担当者の異動や業務の変化がないかを確認します。",
        "Call first: has the contact moved on, has the work changed?",
    ),
    SignalRuleForm(
        "never_used",
        "契約後の未利用",
        "Never used",
        "risk",
        3,
        _all(
            _when("active_days_total", "eq", 0),
            _when("subscription_age_days", "gte", 14),
            # Who has paid for half a year without any use is mostly not tracked at all.
            _when("subscription_age_days", "lte", 180),
            show=("seats",),
        ),
        "初回の設定で止まっていないかを確認し、最初の操作を一緒に行います。",
        "Find out where the set-up is stuck and take the first step together.",
    ),
    SignalRuleForm(
        "band_drop",
        "ヘルス区分の低下",
        "Score fell a band",
        "risk",
        2,
        # A score that crosses a border by a hair has not fallen.
        _all({"band_drop": 28}, {"score_change": 28, "op": "lte", "value": -5}),
        "下がった要因を内訳で確認し、一番大きい要因から手を打ちます。",
        "Open the breakdown and begin with the measure that took the most.",
    ),
    SignalRuleForm(
        "renewal_at_risk",
        "更新が近い低スコア",
        "Renewal near, score low",
        "risk",
        3,
        _all(_when("days_to_renewal", "lte", 90), {"score": "lt", "value": 40}),
        "決裁者との打ち合わせを設定し、得られた成果と更新の条件を話し合います。",
        "Book the decision maker: talk about results so far and the terms of renewal.",
    ),
    SignalRuleForm(
        "usage_falls",
        "利用の急減",
        "Usage falls",
        "risk",
        2,
        # A fall from next to nothing is noise.
        _all(
            _when("usage_trend_28d", "lte", -30),
            _when("events_28d_before", "gte", 20),
            show=("events_28d",),
        ),
        "どの機能・どの利用者が減ったかを確認し、理由を尋ねます。",
        "See which features and people fell away, then ask why.",
    ),
    SignalRuleForm(
        "core_stopped",
        "コア機能の利用停止",
        "Core features no longer used",
        "risk",
        2,
        _all(_when("core_events_28d", "eq", 0), _when("core_events_28d_before", "gte", 5)),
        "導入の目的に立ち返り、コア機能が止まった理由を確認します。",
        "Go back to the purpose of the purchase: why did the core features stop?",
    ),
    SignalRuleForm(
        "users_leave",
        "利用者の減少",
        "Users leave",
        "risk",
        2,
        _all(
            _when("user_growth_28d", "lte", -30),
            # One of three people on leave is no sign.
            _when("active_users_90d", "gte", 5),
            show=("active_users_28d",),
        ),
        "離れた利用者を特定し、異動か、使いにくさかを確認します。",
        "Find out who left and whether they moved on or gave up.",
    ),
    SignalRuleForm(
        "tickets_rise",
        "問い合わせの増加",
        "Tickets rise",
        "risk",
        2,
        _all(
            _when("tickets_28d", "gte", 3),
            _when("tickets_change_28d", "gte", 3),
            show=("open_tickets",),
        ),
        "サポートと状況を共有し、根本の原因と対応期限をお客様に伝えます。",
        "Talk with support and tell the customer the cause and the date of the remedy.",
    ),
    SignalRuleForm(
        "nps_detractor",
        "NPS批判者",
        "NPS detractor",
        "risk",
        2,
        _all(_when("nps_latest", "lte", 6), _when("days_since_nps", "lte", 90)),
        "1週間以内に回答へのお礼を伝え、評価の理由を直接伺います。",
        "Thank them for the answer within a week and ask for the reason in person.",
    ),
    SignalRuleForm(
        "nps_drop",
        "NPSの低下",
        "NPS dropped",
        "risk",
        2,
        _all(
            _when("nps_change_90d", "lte", -3),
            _when("days_since_nps", "lte", 90),
            show=("nps_latest",),
        ),
        "前回の回答から何が変わったかを伺います。",
        "Ask what has changed since the last answer.",
    ),
    SignalRuleForm(
        "seats_unused",
        "席の余り",
        "Seats unused",
        "risk",
        1,
        _all(
            _when("seats_used_share", "lte", 40),
            _when("seats", "gte", 5),
            _when("subscription_age_days", "gte", 90),
            show=("active_users_28d",),
        ),
        "使っていない部署への説明会を提案するか、席数の見直しを先に相談します。",
        "Offer training to the unused seats, or talk about the right size before they do.",
    ),
)

OPPORTUNITIES = (
    SignalRuleForm(
        "seats_nearly_full",
        "席の残りわずか",
        "Seats nearly full",
        "opportunity",
        2,
        _all(
            _when("seats_used_share", "gte", 90),
            _when("seats", "gte", 5),
            show=("active_users_28d",),
        ),
        "利用が広がる部署を確認し、席の追加を提案します。",
        "Ask where use is spreading and offer more seats.",
    ),
    SignalRuleForm(
        "steady_and_rising",
        "高スコアの継続と利用拡大",
        "Steady high score, use rising",
        "opportunity",
        1,
        _all(
            {"score": "gte", "value": 80, "for_days": 28},
            _when("usage_trend_28d", "gte", 10),
        ),
        "成果を振り返る場を設け、次の課題と拡大の可能性を伺います。",
        "Review the results together and ask about the next problem to solve.",
    ),
    SignalRuleForm(
        "users_growing",
        "利用者の増加",
        "Users are growing",
        "opportunity",
        1,
        _all(
            _when("user_growth_28d", "gte", 25),
            _when("active_users_28d", "gte", 10),
            show=("seats_used_share",),
        ),
        "新しい利用者の部署と目的を確認し、上位プランや席の追加を検討します。",
        "Find out who the new users are and what they need; think of plan and seats.",
    ),
)

SIGNAL_RULES: tuple[SignalRuleForm, ...] = (*RISKS, *OPPORTUNITIES)
