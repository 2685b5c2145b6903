"""The scorecards that come ready, as a CS leader would defend them.

Usage carries most of the weight because it moves first and is known for everybody. Its group alone
is needed for a score: support and voice together stay below the minimum coverage, so that an
account whose usage is not tracked gets "not enough data" instead of a danger that nobody observed.
"""

from __future__ import annotations

from typing import Any

from banso.health.rules.defaults.forms import ScorecardForm

Knots = list[list[float]]


def _measure(
    key: str, weight: float, points: Knots, empty_points: float | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "weight": weight,
        "curve": {"kind": "linear", "points": points},
        "empty": "leave_out" if empty_points is None else "count_as",
        "empty_points": empty_points,
    }


def _group(
    key: str, names: tuple[str, str], weight: float, *measures: dict[str, Any]
) -> dict[str, Any]:
    return {
        "key": key,
        "name_ja": names[0],
        "name_en": names[1],
        "weight": weight,
        "measures": list(measures),
    }


def _texts(ja: str, en: str) -> dict[str, str]:
    return {"ja": ja, "en": en}


SENTIMENT: Knots = [[0, 0], [50, 50], [100, 100]]

STANDARD = {
    "groups": [
        _group(
            "usage",
            ("利用", "Usage"),
            65,
            # Twenty days are every working day of four weeks; half of them is a habit.
            _measure("active_days_28d", 20, [[0, 0], [4, 35], [10, 70], [16, 100]]),
            _measure("seats_used_share", 20, [[0, 0], [30, 40], [60, 75], [85, 100]]),
            # Steady use is healthy; a fall by a third within a month is not.
            _measure("usage_trend_28d", 20, [[-70, 0], [-35, 35], [-10, 70], [0, 80], [20, 100]]),
            # A long weekend is no silence.
            _measure("days_since_activity", 20, [[3, 100], [7, 80], [14, 40], [30, 0]], 0),
            _measure("core_days_28d", 12, [[0, 0], [4, 45], [10, 80], [16, 100]]),
            _measure("features_28d", 8, [[0, 0], [1, 40], [3, 70], [6, 100]]),
        ),
        _group(
            "support",
            ("サポート", "Support"),
            15,
            # One question under way is normal life with a product.
            _measure("open_tickets", 60, [[0, 100], [2, 80], [5, 40], [10, 0]]),
            _measure("urgent_share_90d", 40, [[0, 100], [20, 65], [50, 0]]),
        ),
        _group(
            "voice",
            ("顧客とCSMの声", "Voice"),
            20,
            _measure("nps_average_180d", 50, [[0, 0], [6, 35], [7, 60], [8, 75], [9, 100]]),
            _measure("csm_sentiment", 50, SENTIMENT),
        ),
    ],
    "min_coverage": 0.4,
    "bands": {"danger_to": 40, "caution_to": 70},
    "actions": {
        "danger": _texts(
            "今週中に担当者へ連絡し、使われていない理由と決裁者の考えを確認します。",
            "Call this week: find out why it is not used and what the decision maker thinks.",
        ),
        "caution": _texts(
            "下がった指標を次の打ち合わせの議題にし、期限つきの改善策を決めます。",
            "Put the falling measure on the next agenda and agree on a step with a date.",
        ),
        "healthy": _texts(
            "成果を数字で振り返り、活用の広がりや紹介・事例の相談をします。",
            "Review the results in figures; talk about wider use, a reference or a case study.",
        ),
    },
}

ONBOARDING = {
    "groups": [
        _group(
            "start",
            ("使い始め", "First use"),
            65,
            # There is nothing to compare with yet, and a part of the people has still to come.
            _measure("active_days_28d", 30, [[0, 0], [3, 50], [6, 75], [10, 100]]),
            _measure("days_since_activity", 30, [[3, 100], [7, 70], [14, 30], [21, 0]], 0),
            _measure("seats_used_share", 20, [[0, 0], [10, 45], [30, 80], [50, 100]]),
            _measure("features_28d", 20, [[0, 0], [1, 40], [2, 65], [4, 100]]),
        ),
        _group(
            "company",
            ("伴走", "Our company"),
            15,
            # In the first weeks a week without a word from us is too long.
            _measure("days_since_touch", 60, [[7, 100], [14, 65], [30, 0]]),
            _measure("open_tickets", 40, [[0, 100], [3, 80], [6, 40], [10, 0]]),
        ),
        _group(
            "voice",
            ("顧客とCSMの声", "Voice"),
            20,
            _measure("csm_sentiment", 60, SENTIMENT),
            _measure("nps_average_180d", 40, [[0, 0], [6, 35], [7, 60], [8, 75], [9, 100]]),
        ),
    ],
    "min_coverage": 0.4,
    "bands": {"danger_to": 40, "caution_to": 70},
    "actions": {
        "danger": _texts(
            "キックオフの約束に立ち返り、最初の成功体験までの手順と日程を組み直します。",
            "Go back to the kick-off: plan the steps and dates to the first success anew.",
        ),
        "caution": _texts(
            "止まっている設定や教育を確かめ、次の一歩を一緒に行います。",
            "Find the set-up or training that is stuck and take the next step together.",
        ),
        "healthy": _texts(
            "最初の成果を共有し、利用者を広げる計画に進みます。",
            "Share the first result and move on to bringing in more users.",
        ),
    },
}

SCORECARDS = (
    ScorecardForm("標準", "Standard", STANDARD, is_default=True),
    ScorecardForm("オンボーディング", "Onboarding", ONBOARDING, lifecycles=("onboarding",)),
)
