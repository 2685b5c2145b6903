"""Subjects of support tickets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """What a ticket is about, in both languages."""

    category: str
    ja: str
    en: str


ORDINARY = (
    Subject(
        "how-to", "請求書の消費税の端数処理を変更したい", "How to change tax rounding on invoices"
    ),
    Subject(
        "how-to",
        "作業予定を一括で別の担当者へ移したい",
        "Move a week of jobs to another technician",
    ),
    Subject(
        "how-to", "見積書のひな形に社印を入れる方法", "Adding our logo to the estimate template"
    ),
    Subject("how-to", "協力会社のアカウント追加について", "Adding a subcontractor as a user"),
    Subject("how-to", "CSV出力の項目を増やしたい", "More columns in the CSV export"),
    Subject("account", "パスワードを再設定できない", "Cannot reset a password"),
    Subject("account", "退職者のアカウントを停止したい", "Deactivate a former employee"),
    Subject("billing", "ご請求内容の確認", "Question about our invoice"),
    Subject("bug", "写真が横向きで登録される", "Photos are rotated after upload"),
    Subject("bug", "点検表の印刷で最終行が切れる", "Last line missing when printing a check sheet"),
    Subject("bug", "アプリの通知が届かない", "Push notifications do not arrive"),
    Subject("request", "承認の段階を三段階にしたい", "Three approval steps instead of two"),
    Subject("request", "地図に駐車場のメモを残したい", "Notes about parking on the map"),
)
ONBOARDING = (
    Subject("how-to", "顧客データの取り込みでエラーになる", "Import of our customer list fails"),
    Subject("how-to", "初期設定の進め方を知りたい", "Where do we start with the set-up?"),
    Subject("how-to", "現場スタッフへの案内資料はありますか", "Is there a guide for field staff?"),
    Subject("account", "利用者の一括登録について", "Registering users in bulk"),
)
CRISIS = (
    Subject("bug", "作業報告が消えた（至急）", "Work reports have disappeared (urgent)"),
    Subject("bug", "請求金額が二重に計上されている", "Amounts are counted twice on invoices"),
    Subject(
        "bug",
        "朝から画面が開けず現場が止まっている",
        "Nothing opens since this morning, crews are waiting",
    ),
    Subject("bug", "入金消込の結果が合わない", "Payment matching gives wrong results"),
    Subject("bug", "前回の不具合が再発しています", "The problem from last week is back"),
    Subject(
        "complaint",
        "回答が遅く業務に支障が出ています",
        "Your answers take too long, this hurts our business",
    ),
)
