"""Answers to the quarterly NPS survey."""

from __future__ import annotations

import random
from collections.abc import Iterator

from banso.connectors.demo.customers import Customers
from banso.connectors.demo.fates import CAUSES, Cause, Fates
from banso.connectors.demo.moments import office_minute, written
from banso.connectors.demo.mood import Moods
from banso.connectors.demo.people import Person
from banso.connectors.demo.randomness import dice
from banso.connectors.demo.timeline import DAYS, Timeline

NPS_COLUMNS = (
    "external_id",
    "account_external_id",
    "contact_external_id",
    "score",
    "comment",
    "answered_at",
    "wave",
)
_EVERY_DAYS = 91
_LAST_WAVE = -24
_COMMENTED = 0.55
_PROMOTER = (
    ("現場と事務のやり取りが本当に減りました。", "Far fewer phone calls between field and office."),
    ("請求の締めが三日から一日になりました。", "Closing invoices went from three days to one."),
    ("サポートの返事が早くて助かっています。", "Support answers fast, that helps a lot."),
    ("若手もすぐに使えるようになりました。", "Even new hires use it within days."),
    ("報告書の写真がまとまるので元請けにも好評です。", "Clients like the photo reports."),
)
_PASSIVE = (
    (
        "便利ですが、集計をもう少し自由にしたいです。",
        "Useful, but reporting could be more flexible.",
    ),
    ("機能は十分。画面の動きがたまに重い。", "Does what we need; sometimes slow."),
    ("一部の部署だけで使っています。", "Only part of the company uses it so far."),
    ("スマートフォンでの見積が少し使いにくい。", "Estimates are a bit awkward on the phone."),
)
_DETRACTOR = (
    (
        "設定が難しく、結局紙に戻った現場があります。",
        "Set-up is hard; some crews are back on paper.",
    ),
    ("問い合わせの回答に時間がかかりすぎます。", "Support takes far too long."),
    (
        "使う人が減っていて、費用に見合うか疑問です。",
        "Fewer and fewer people use it; is it worth it?",
    ),
    ("担当が替わり、使い方が引き継がれていません。", "The person who knew it has left us."),
)
_PRICE = (
    (
        "良い製品だが、値段が高いと社内で言われています。",
        "Good product, but seen as expensive here.",
    ),
    ("他社の見積と比べています。", "We are comparing with other offers."),
)


def _score(mood: float, chance: random.Random) -> int:
    """Contentment of 0.85 gives 8.6 on average, 0.5 gives 5.4."""
    return max(0, min(10, round(chance.gauss(0.85 + 9.1 * mood, 1.25))))


def _comment(score: int, cause: Cause, language: str, chance: random.Random) -> str:
    if chance.random() > _COMMENTED:
        return ""
    texts: tuple[tuple[str, str], ...]
    texts = _PROMOTER if score >= 9 else _PASSIVE if score >= 7 else _DETRACTOR
    if cause in (Cause.PRICE, Cause.COMPETITOR) and score < 9 and chance.random() < 0.5:
        texts = _PRICE
    return chance.choice(texts)[0 if language == "ja" else 1]


def draw_answers(
    customers: Customers,
    fates: Fates,
    moods: Moods,
    people: list[list[Person]],
    timeline: Timeline,
    seed: int,
) -> Iterator[tuple[str, ...]]:
    """Rows of the NPS file. The person asked rotates; the unhappy answer a little less often."""
    waves = range(_LAST_WAVE, -DAYS + 10, -_EVERY_DAYS)
    for index in range(len(customers)):
        chance = dice(seed, "nps", index)
        end = min(int(fates.churn_on[index]), 0)
        for number, wave in enumerate(reversed(waves)):
            mood = moods.at(index, wave)
            answers = chance.random() < 0.22 + 0.22 * mood
            present = [person for person in people[index] if person.left > wave + 12]
            day = wave + chance.randint(2, 10)
            if not answers or not present or not customers.start[index] + 45 < day < end:
                continue
            score = _score(mood, chance)
            cause = CAUSES[int(fates.cause[index])]
            yield (
                f"N{index + 1:05d}-{number + 1}",
                customers.external_id(index),
                present[number % len(present)].external_id(index),
                str(score),
                _comment(score, cause, customers.language(index), chance),
                written(office_minute(day, timeline, chance), timeline),
                f"{timeline.day(wave):%Y-%m}",
            )
