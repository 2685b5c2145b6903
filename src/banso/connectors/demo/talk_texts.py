"""What CSMs write down after a regular talk, by how it went. ``{contact}`` is filled in."""

from __future__ import annotations

from banso.connectors.demo.entry import Entry

_MEETING = ("定例会", "Regular meeting")
_CALL = ("近況の確認", "Check-in")


def _entry(kind: str, title: tuple[str, str], ja: str, en: str) -> Entry:
    return Entry(kind, (title[0], ja), (title[1], en))


GOOD = (
    _entry(
        "meeting",
        _MEETING,
        "利用は順調。締め作業の時間が半分になったとの評価。次は点検表の活用を提案。",
        "Going well; month-end work has halved. Next we suggest inspection sheets.",
    ),
    _entry(
        "meeting",
        _MEETING,
        "来期の計画を共有いただいた。二つ目の拠点でも使いたいとのこと。時期は未定。",
        "They shared next year's plan: a second site may join. No date yet.",
    ),
    _entry(
        "call",
        _CALL,
        "{contact}様より新人も問題なく使えているとのこと。特に要望なし。",
        "{contact} says new staff get along fine. No open wishes.",
    ),
    _entry(
        "call",
        _CALL,
        "写真付きの報告書が元請けに好評とのこと。事例としての紹介も前向きに検討いただける。",
        "Their clients like the photo reports. Open to being named as a reference.",
    ),
    _entry(
        "mail",
        ("活用事例のご案内", "Case study sent"),
        "同業の事例を送付。「社内で共有します」と返信あり。",
        "Sent a case from the same trade. Reply: “will share it with the team.”",
    ),
    _entry(
        "mail",
        ("新機能のご案内", "News about a feature"),
        "承認の新機能を案内。{contact}様より翌週から試すと返信。",
        "Told them about the new approvals. {contact} will try them next week.",
    ),
)
MIXED = (
    _entry(
        "meeting",
        _MEETING,
        "現場は使っているが、事務側の利用が少ない。担当の異動があり引き継ぎ中とのこと。",
        "Crews use it, the office hardly does. Somebody moved on; handover is under way.",
    ),
    _entry(
        "meeting",
        _MEETING,
        "請求書は別の仕組みのまま。二重入力が負担との声。連携の方法を次回までに調べる。",
        "Invoices still run elsewhere and typing twice annoys them. We look into a connection.",
    ),
    _entry(
        "call",
        _CALL,
        "集計の機能に不満あり。回避策を案内し、要望として登録した。",
        "Unhappy with reporting. Showed a workaround and filed a request.",
    ),
    _entry(
        "call",
        _CALL,
        "ベテランの班だけ紙の日報が残っている。朝礼での声かけを{contact}様にお願いした。",
        "The senior crew still writes on paper. {contact} will bring it up in the morning round.",
    ),
    _entry(
        "mail",
        ("利用状況のご連絡", "Usage summary"),
        "先月の利用状況を送付。返信なし。",
        "Sent last month's figures. No reply.",
    ),
)
BAD = (
    _entry(
        "call",
        ("利用の減少について", "Falling use"),
        "一部の班が紙に戻っているとのこと。理由は入力の手間。次回、操作を見直す。",
        "Some crews are back on paper: typing takes too long. We review the screens next time.",
    ),
    _entry(
        "meeting",
        ("定例会（先方二名欠席）", "Regular meeting (two absent)"),
        "参加者が減り、決まったことが社内で進んでいない様子。決裁者との面談を依頼。",
        "Fewer people attend and nothing moves. Asked to meet the decision maker.",
    ),
    _entry(
        "mail",
        ("面談のお願い（返信なし）", "Asked for a meeting, no answer"),
        "三度目の日程調整にも返信なし。電話もつながらない。",
        "Third attempt to find a date, no answer. Nobody picks up the phone.",
    ),
    _entry(
        "meeting",
        _MEETING,
        "効果が見えないとの意見。数字で示す資料を作り、{contact}様と決裁者に説明する。",
        "They do not see the benefit. We prepare figures for {contact} and the decision maker.",
    ),
)
SILENT = (
    _entry(
        "mail",
        ("ご様子うかがい", "Checking in"),
        "久しぶりに連絡。返信なし。請求は期日どおり支払われている。",
        "First contact in a while, no answer. Invoices are paid on time.",
    ),
    _entry(
        "call",
        _CALL,
        "月末の請求だけに使っており、それで十分とのこと。解約の考えはない。",
        "They only use it for month-end invoices and are fine with that. No thought of leaving.",
    ),
)
QUIET_SEASON = (
    _entry(
        "note",
        ("閑散期", "Quiet season"),
        "この時期は例年現場が少ないとのこと。繁忙期前に点検表の準備を提案する。",
        "Few jobs at this time every year. Before the busy months we offer help with check sheets.",
    ),
)
