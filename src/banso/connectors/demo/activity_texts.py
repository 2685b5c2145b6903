"""What CSMs write down when something happens. ``{contact}`` and ``{detail}`` are filled in."""

from __future__ import annotations

from banso.connectors.demo.entry import Entry

KICKOFF = Entry(
    "meeting",
    (
        "キックオフ",
        "{contact}様と開始の打ち合わせ。目的は請求の締めの短縮と現場写真の整理。三か月で定着を目指す。",
    ),
    (
        "Kick-off",
        "Kick-off with {contact}. Goals: faster invoices, tidy photos. In daily use in 3 months.",
    ),
)
SETUP = Entry(
    "call",
    (
        "初期設定の確認",
        "顧客データの取り込みまで完了。次回は作業予定と報告の流れを一緒に確認する。",
    ),
    (
        "Set-up check",
        "Customer list is imported. Next time we walk through schedule and work reports.",
    ),
)
LIVE = Entry(
    "meeting",
    (
        "定着の確認",
        "全班が作業報告を毎日登録。{contact}様「紙の日報をやめられた」。オンボーディング完了とする。",
    ),
    (
        "Go-live review",
        "All crews file reports daily. {contact}: “no more paper.” Onboarding is complete.",
    ),
)
STUCK = (
    Entry(
        "call",
        (
            "設定が進んでいない",
            "{contact}様は繁忙で時間が取れないとのこと。取り込みが未完了。再度日程を調整する。",
        ),
        (
            "Set-up is stuck",
            "{contact} has no time at the moment; import not finished. We agree on a new date.",
        ),
    ),
    Entry(
        "mail",
        (
            "設定支援のご案内（二回目）",
            "前回から設定が進んでいないため、画面共有での支援を提案。返信待ち。",
        ),
        (
            "Second offer of help",
            "No progress since last time; offered a screen-sharing session. No answer yet.",
        ),
    ),
)
CHAMPION_GONE = Entry(
    "note",
    ("推進担当の退職", "{contact}様がご退職。後任は未定。早めに決裁者へ連絡する。"),
    (
        "Champion has left",
        "{contact} has left the company. No successor named. Contact the decision maker soon.",
    ),
)
NEW_CHAMPION = Entry(
    "meeting",
    ("後任者との面談", "後任の{contact}様に目的と使い方を説明。活用再開の計画に合意。"),
    (
        "Meeting the successor",
        "Explained goals and use to {contact}. Agreed on a plan to get going again.",
    ),
)
COMPLAINT = Entry(
    "call",
    (
        "不具合についてのお叱り",
        "{contact}様より、報告の消失と回答の遅れについて強いご指摘。開発責任者から説明する。",
    ),
    (
        "Complaint",
        "{contact} is upset about lost reports and slow answers. Head of engineering will explain.",
    ),
)
PRICE_HINT = Entry(
    "call",
    ("費用についての相談", "来期の予算が厳しく、値下げの余地を聞かれた。効果の資料を用意する。"),
    (
        "Question about price",
        "Next year's budget is tight; asked for a discount. Prepare figures on the benefit.",
    ),
)
COMPETITOR_HINT = Entry(
    "note",
    ("他社との比較", "他社の説明会に参加したとのこと。利用そのものに不満はない。"),
    ("Comparing vendors", "They attended another vendor's webinar. No complaint about daily use."),
)
INSOLVENCY = Entry(
    "note",
    ("民事再生の報道", "先方が民事再生を申し立てたとの連絡。債権の扱いを経理と確認する。"),
    ("Insolvency", "The customer has filed for insolvency. Clarify open invoices with finance."),
)
PURCHASES = {
    "expand": Entry(
        "meeting",
        ("席数追加の合意", "新しい班の立ち上げに伴い席数を{detail}へ追加。"),
        ("More seats agreed", "A new crew starts: seats go up to {detail}."),
    ),
    "upgrade": Entry(
        "meeting",
        ("プラン変更の合意", "{detail}プランへの変更に合意。承認と権限の管理が決め手。"),
        ("Upgrade agreed", "Agreed on plan {detail}; approvals and permissions were decisive."),
    ),
    "add_on": Entry(
        "call",
        ("追加機能の導入", "{detail}の導入が決定。来月から利用開始。"),
        ("Add-on ordered", "{detail} has been ordered, to be used from next month."),
    ),
    "reduce": Entry(
        "call",
        ("席数の削減", "人員の見直しにより席数を{detail}へ削減。利用自体は継続。"),
        ("Fewer seats", "After a reorganisation seats go down to {detail}. They stay with us."),
    ),
    "return": Entry(
        "meeting",
        ("再契約", "他の方法を試したが手間が戻り、再度の契約に至った。席数は{detail}。"),
        ("Back again", "They tried without us and came back. {detail} seats to begin with."),
    ),
}
NOTICES = {
    "champion_left": (
        "担当者が退職し、使いこなせる者がいなくなったため。",
        "The person who ran it left; nobody can use it.",
    ),
    "slow_disengagement": (
        "利用する部署が減り、費用に見合わないため。",
        "Too few people use it to justify the cost.",
    ),
    "failed_onboarding": (
        "導入が定着せず、従来の方法に戻すため。",
        "It never took hold; we go back to the old way.",
    ),
    "support_crisis": (
        "不具合と対応の遅れにより、信頼できないため。",
        "Too many faults and slow answers; trust is gone.",
    ),
    "price": ("予算削減のため。", "Budget cuts."),
    "competitor": ("他社製品への切り替えのため。", "Switching to another product."),
    "merger": (
        "親会社の指定する仕組みに統合するため。",
        "The new parent company prescribes its own system.",
    ),
    "bankruptcy": ("事業停止のため。", "The business is closing down."),
}
NOTICE_TITLE = ("解約のお申し出", "Notice of cancellation")
