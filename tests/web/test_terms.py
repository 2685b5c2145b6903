"""One Japanese word for one notion, on every page, in every rule and in the guide."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from banso.health.rules.defaults.metrics import METRICS
from banso.health.rules.defaults.signals import SIGNAL_RULES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src/banso/web/locale/ja/LC_MESSAGES/django.po"
#: The word to use, and others for the same notion that once stood beside it.
TERMS = {
    "ヘルス区分": ("評価帯", "スコア帯", "健康状態"),
    "先方担当者": ("連絡先",),
    "打ち合わせ": ("面談", "会議", "ミーティング"),
    "データ元": ("データソース", "連携元", "取り込み元"),
}
#: Where the guide lists the words that files may use for a meeting.
_LISTED = "打ち合わせ, 面談"


def texts() -> dict[str, str]:
    """Where it stands, and what a reader reads there."""
    found = {
        f"msgid “{entry.msgid}”": entry.msgstr_plural.get(0) or entry.msgstr
        for entry in polib.pofile(str(CATALOGUE))
    }
    for path in (ROOT / "docs/guide/ja").glob("*.md"):
        found[path.name] = path.read_text().replace(_LISTED, "")
    found |= {rule.key: rule.name_ja + rule.advice_ja for rule in SIGNAL_RULES}
    return found | {metric.key: metric.name_ja for metric in METRICS}


@pytest.mark.parametrize("term", TERMS)
def test_a_notion_has_one_name(term: str) -> None:
    every = texts()
    assert any(term in text for text in every.values())
    others = [where for where, text in every.items() if any(w in text for w in TERMS[term])]
    assert others == []
