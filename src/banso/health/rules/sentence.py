"""One sentence about a change of the score, in Japanese and English."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from banso.health.rules.explain import Cause, Explanation, Part

Show = Callable[[str, float], str]
MOST_PARTS = 3
#: Parts are named until this share of the movement has been told.
TOLD = 0.8

_WORDS = {
    "ja": {
        "none": "なし",
        "arrow": " → ",
        "list": "、",
        "colon": "：",
        "same": "変化なし",
        "weights": "配点の変更",
        "configuration": "スコアカードの変更",
        "override_set": "手動スコアの設定",
        "override_changed": "手動スコアの変更",
        "override_ended": "手動スコアの終了",
        "appeared": "データがそろい、スコアが{after}になりました",
        "vanished": "データが不足し、スコアがなくなりました（前回{before}）",
        "unknown": "スコアを出すにはデータが足りません",
    },
    "en": {
        "none": "none",
        "arrow": " → ",
        "list": ", ",
        "colon": ": ",
        "same": "no change",
        "weights": "weights changed",
        "configuration": "scorecard changed",
        "override_set": "score set by hand",
        "override_changed": "score set by hand",
        "override_ended": "score set by hand ended",
        "appeared": "Enough data now: the score is {after}",
        "vanished": "No longer enough data for a score (it was {before})",
        "unknown": "Not enough data for a score",
    },
}


def sentence(
    explanation: Explanation,
    language: str,
    names: Mapping[str, str],
    show: Show | None = None,
) -> str:
    """A change in one line, such as “−14: active users 15 → 3”.

    Args:
        language: ``ja``; any other reads English.
        names: metric key to name in that language.
        show: writes a metric's value in its unit; plain numbers without it.
    """
    words = _WORDS["ja" if language == "ja" else "en"]
    total = explanation.shown_total
    if total is None:
        return _without_total(explanation, words)
    parts = _leading(explanation)
    if not parts:
        return f"{signed(total)}{words['colon']}{words['same']}"
    amounts = len(parts) > 1
    told = (_told(part, words, names, show or _plain, amounts) for part in parts)
    return f"{signed(total)}{words['colon']}{words['list'].join(told)}"


def _without_total(explanation: Explanation, words: Mapping[str, str]) -> str:
    if explanation.after is not None:
        return words["appeared"].format(after=math.floor(explanation.after))
    if explanation.before is not None:
        return words["vanished"].format(before=math.floor(explanation.before))
    return words["unknown"]


def _leading(explanation: Explanation) -> list[Part]:
    """The largest parts, until most of the movement has been told."""
    ordered = sorted(explanation.parts, key=lambda part: -abs(part.amount))
    whole = sum(abs(part.amount) for part in ordered)
    kept: list[Part] = []
    for part in ordered[:MOST_PARTS]:
        if sum(abs(item.amount) for item in kept) >= TOLD * whole:
            break
        kept.append(part)
    return kept


def _told(
    part: Part, words: Mapping[str, str], names: Mapping[str, str], show: Show, amounts: bool
) -> str:
    if part.key is not None:
        values = [_value(part.key, value, words, show) for value in (part.before, part.after)]
        text = f"{names.get(part.key, part.key)} {values[0]}{words['arrow']}{values[1]}"
    elif part.cause == Cause.OVERRIDE:
        text = words[_override(part)]
    else:
        text = words[part.cause.value]
    if not amounts:
        return text
    amount = signed(_half_up(part.amount))
    return f"{text}（{amount}）" if words is _WORDS["ja"] else f"{text} ({amount})"


def _override(part: Part) -> str:
    if part.before is None:
        return "override_set"
    return "override_ended" if part.after is None else "override_changed"


def _value(key: str, value: float | None, words: Mapping[str, str], show: Show) -> str:
    return words["none"] if value is None else show(key, value)


def _plain(key: str, value: float) -> str:
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def _half_up(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def signed(amount: int) -> str:
    """A number with its sign: +3, −14, ±0."""
    if amount == 0:
        return "±0"
    return f"+{amount}" if amount > 0 else f"−{-amount}"
