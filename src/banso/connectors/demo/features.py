"""The features of the demo product, and who uses which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Feature:
    """One thing that the product does.

    Attributes:
        odds: chance that a day's visit includes it, for field staff, office and managers.
        events: mean number of uses on such a day.
    """

    key: str
    name_ja: str
    name_en: str
    odds: tuple[float, float, float]
    events: float
    is_core: bool = False
    is_login: bool = False


FEATURES = (
    Feature("login", "ログイン", "Sign in", (1, 1, 1), 1.4, is_login=True),
    Feature("schedule", "作業予定", "Schedule", (0.42, 0.22, 0.25), 2.2, is_core=True),
    Feature("work_report", "作業報告", "Work report", (0.40, 0.06, 0.08), 1.8, is_core=True),
    Feature("invoice", "請求書", "Invoice", (0.0, 0.34, 0.04), 3.0, is_core=True),
    Feature("estimate", "見積書", "Estimate", (0.03, 0.24, 0.06), 1.7, is_core=True),
    Feature("photo_upload", "写真登録", "Photo upload", (0.24, 0.0, 0.0), 4.5),
    Feature("customer_card", "顧客カルテ", "Customer record", (0.10, 0.18, 0.08), 2.0),
    Feature("payment_match", "入金消込", "Payment matching", (0.0, 0.14, 0.0), 2.5),
    Feature("approval", "承認", "Approval", (0.0, 0.04, 0.30), 1.8),
    Feature("dashboard", "ダッシュボード", "Dashboard", (0.0, 0.05, 0.38), 1.5),
    Feature("csv_export", "CSV出力", "CSV export", (0.0, 0.07, 0.09), 1.2),
    Feature("route_plan", "ルート計画", "Route plan", (0.09, 0.02, 0.03), 1.6),
    Feature("inspection", "点検表", "Inspection sheet", (0.14, 0.0, 0.02), 1.7),
    Feature("template_edit", "帳票編集", "Template editor", (0.0, 0.03, 0.05), 1.2),
)
FIELD, OFFICE, MANAGER = range(3)
ODDS = np.array([feature.odds for feature in FEATURES], dtype=np.float32).T
MEAN_EVENTS = np.array([feature.events for feature in FEATURES])
IS_CORE = np.array([feature.is_core for feature in FEATURES])
IS_LOGIN = np.array([feature.is_login for feature in FEATURES])


def feature_rows() -> list[dict[str, object]]:
    """The features as plain records."""
    return [
        {
            "key": feature.key,
            "name_ja": feature.name_ja,
            "name_en": feature.name_en,
            "is_core": feature.is_core,
            "is_login": feature.is_login,
        }
        for feature in FEATURES
    ]
