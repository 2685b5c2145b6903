"""Text as it is compared, searched and stored: width, case, kana and legal forms folded away."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, normalize

import jaconv

_SPACES = re.compile(r"\s+")
_HYPHENS = re.compile(r"[‐‑‒–—―−－]")

# Legal forms that stand before or after a Japanese name; longest first.
_JAPANESE_FORMS = (
    "特定非営利活動法人", "公益社団法人", "公益財団法人", "一般社団法人", "一般財団法人",
    "独立行政法人", "国立大学法人", "社会福祉法人", "投資法人", "学校法人", "医療法人", "宗教法人",
    "npo法人", "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社",
    "特定目的会社",
    "カブシキガイシャ", "ユウゲンガイシャ", "ゴウドウガイシャ",
    "(株)", "(有)", "(同)", "(資)", "(名)", "(一社)", "(公社)",
    "(一財)", "(公財)", "(医)", "(学)", "(福)",
    "(カ)", "カ)", "(カ", "ユ)", "(ユ", "ド)", "(ド",
)  # fmt: skip
_ANY_FORM = "|".join(re.escape(form) for form in sorted(_JAPANESE_FORMS, key=len, reverse=True))
_FORM_AT_EDGE = re.compile(rf"^(?:{_ANY_FORM})\s*|\s*(?:{_ANY_FORM})$")
#: Only forms in brackets are taken out of the middle of a name.
_FORM_INSIDE = re.compile(r"\((?:株|有|同|資|名|一社|公社|一財|公財|医|学|福|カ)\)")
_WESTERN_FORMS = frozenset(
    {
        "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc",
        "llp", "lp", "plc", "gmbh", "mbh", "ag", "kg", "kgaa", "ohg",
        "ug", "se", "sa", "sas", "sasu", "sarl", "srl", "spa", "bv",
        "nv", "ab", "asa", "oy", "oyj", "aps", "pty", "pte", "pvt",
        "sdn", "bhd", "kk", "gk", "ltda", "sl", "slu", "kft", "zrt",
        "doo", "sro", "zoo",
    }
)  # fmt: skip
_DOTTED = re.compile(r"\b((?:[a-z]\.){2,}[a-z]?)")
_NOT_WORD = re.compile(r"[^\w&]+")


def clean(text: str) -> str:
    """The text as it is stored: NFKC, without control characters, spaces collapsed and trimmed."""
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip() if "  " in text or text != text.strip() else text
    text = normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(c if c in "\t\n\r" or category(c) != "Cc" else "" for c in text)
    return _SPACES.sub(" ", text).strip()


def search_key(text: str) -> str:
    """The text as it is searched: width, case and katakana folded, so that しんわ finds シンワ."""
    folded: str = jaconv.kata2hira(normalize("NFKC", text).casefold())
    return _SPACES.sub(" ", folded).strip()


@lru_cache(maxsize=50_000)
def company_key(name: str) -> str:
    """A name under which two spellings of one company meet; empty only for an empty name.

    Width, case, kana, spaces, punctuation and legal forms (㈱, 株式会社, Inc., GmbH) are folded.
    """
    text = _HYPHENS.sub("-", normalize("NFKC", name).casefold())
    text = jaconv.hira2kata(text)
    bare = _without_western_form(_without_japanese_form(text))
    return _compact(bare) or _compact(text) or _SPACES.sub("", text)


def corporate_number_is_valid(number: str) -> bool:
    """Whether a 法人番号 has 13 digits and its first is 9 − Σ(digit × weight) mod 9.

    The weights are 1, 2, 1, 2, … from the right (法人番号の指定等に関する省令 第二条).
    """
    if len(number) != 13 or not (number.isascii() and number.isdigit()):
        return False
    total = sum(int(d) * (1 + i % 2) for i, d in enumerate(reversed(number[1:])))
    return int(number[0]) == 9 - total % 9


def _without_japanese_form(text: str) -> str:
    if text.isascii():
        return text
    return _FORM_AT_EDGE.sub("", _FORM_INSIDE.sub(" ", text).strip()).strip()


def _without_western_form(text: str) -> str:
    text = _DOTTED.sub(lambda m: m[1].replace(".", ""), text)
    words = [word for word in _NOT_WORD.split(text.replace("&", " & ")) if word]
    while len(words) > 1 and (words[-1] in _WESTERN_FORMS or words[-1] == "&"):
        words.pop()
    return " ".join(words)


def _compact(text: str) -> str:
    return re.sub(r"[^\w]", "", text.replace("&", "and"))
