"""The tables of the user guide, made from what the product itself obeys.

Each is a function from the language's words to rows of cells, the first of them the headings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

Rows = list[list[str]]
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Words:
    """The few words of tables that the product itself does not say."""

    def __init__(self, language: str) -> None:
        self.ja = language == "ja"

    def __call__(self, en: str, ja: str) -> str:
        return ja if self.ja else en


def fields_table(kind: str, shape: str, w: Words) -> Rows:
    """The fields of a kind of file; with a shape only those that come with it."""
    from banso.connectors.selectors import fields_of
    from banso.connectors.types import Kind

    found = fields_of(Kind(kind), shape)
    others = fields_of(Kind(kind), _OTHER_SHAPE[kind, shape]) if shape else ()
    if kind == "usage" and not shape:
        raw = {field.name for field in fields_of(Kind.USAGE, "raw")}
        counted = {field.name for field in fields_of(Kind.USAGE, "counted")}
        found = tuple(field for field in found if field.name in raw & counted)
    head = [w("Field", "項目"), w("Read as", "値の種類"), w("Needed", "必須"), w("Meaning", "意味")]
    rows = [
        [
            f"`{field.name}` {field.label('ja' if w.ja else 'en')}",
            type_word(field, w),
            w("yes", "必須") if field.required else "",
        ]
        for field in found
        if field not in others
    ]
    return [head, *rows]


_OTHER_SHAPE = {
    ("usage", "raw"): "counted",
    ("usage", "counted"): "raw",
    ("tickets", "log"): "flat",
}


def type_word(field: Any, w: Words) -> str:
    """How cells of a field are read, with their limits."""
    # Limits of that size only keep nonsense out; nobody needs to know them.
    high = None if field.high is None or field.high >= 10**9 else field.high
    span = "" if field.low is None else f" ≥ {field.low}"
    if high is not None:
        span = f" {field.low}–{high:,}"
    words = {
        "text": w(
            f"text, at most {field.limit:,} characters", f"文字列（{field.limit:,}文字まで）"
        ),
        "integer": w("whole number", "整数") + span,
        "decimal": w("number", "数値") + span,
        "date": w("date", "日付"),
        "moment": w("date, or date and time", "日付、または日時"),
        "yes_no": w("yes or no", "はい・いいえ"),
        "choice": w("one of ", "次のいずれか：") + ", ".join(f"`{c}`" for c in field.choices),
        "mail": w("mail address", "メールアドレス"),
        "currency": w("currency", "通貨"),
        "corporate_number": w("corporate number, 13 digits", "法人番号（13桁）"),
    }
    return str(words[field.type.value])


def choices_table(w: Words) -> Rows:
    """Which words in a file mean which value, for all fields with fixed values."""
    from banso.connectors.kinds import WRITERS

    head = [
        w("Kind, field", "種類・項目"),
        w("Value", "値"),
        w("Also understood", "同じ意味になる語"),
    ]
    return [
        head,
        *(
            [f"{kind} `{field.name}`", f"`{value}`", ", ".join(words)]
            for kind, writer in WRITERS.items()
            for field in writer.fields
            for value, words in field.choices.items()
        ),
    ]


def problems_table(of_rows: bool, w: Words) -> Rows:
    """Codes of problems with what they say and what to do."""
    from django.utils.translation import gettext

    from banso.connectors.files.problem_texts import FILE_TEXTS, ROW_TEXTS

    head = [w("Code", "コード"), w("What it says", "内容"), w("What to do", "対処")]
    texts = ROW_TEXTS if of_rows else FILE_TEXTS
    rows = [[f"`{code}`", *(shown(gettext(text)) for text in pair)] for code, pair in texts.items()]
    return [head, *rows]


def shown(text: str) -> str:
    """A sentence with its values as ‹name›."""
    return _PLACEHOLDER.sub(r"‹\1›", text).replace("|", "\\|")


def metrics_table(group: str, w: Words) -> Rows:
    """The metrics that come ready, as the page of metrics words them."""
    from banso.health.rules.defaults import customer_metrics, usage_metrics
    from banso.health.rules.defaults.metrics import METRICS
    from banso.health.selectors.metrics import dataset_specs
    from banso.web.metric_words import sentence
    from banso.web.views.settings.words import METRIC_UNITS

    forms = getattr(usage_metrics, group, None) or getattr(customer_metrics, group)
    names = {form.key: form.name_ja if w.ja else form.name_en for form in METRICS}
    labels = {
        name: {"label": spec.label_ja if w.ja else spec.label_en}
        for name, spec in dataset_specs().items()
    }
    head = [
        w("Metric", "指標"), w("How it is measured", "計算方法"), w("Unit", "単位"),
        w("Better", "望ましい方向"), w("Good to know", "補足"),
    ]  # fmt: skip
    better = {True: w("more", "多い"), False: w("less", "少ない"), None: "–"}
    rows = [
        [
            f"{names[form.key]} `{form.key}`",
            sentence(form.definition, names, labels),
            str(METRIC_UNITS[form.unit]),
            better[form.more_is_better],
        ]
        for form in forms
    ]
    return [head, *rows]


def scorecard_table(name: str, w: Words) -> Rows:
    """A scorecard that comes ready: shares, weights, curves, missing values."""
    from banso.health.rules.defaults.metrics import METRICS
    from banso.health.rules.defaults.scorecards import SCORECARDS
    from banso.health.rules.scorecard import parse

    card = next(one for one in SCORECARDS if one.name_en.lower() == name)
    spec, names = parse(card.spec), {f.key: f.name_ja if w.ja else f.name_en for f in METRICS}
    shares = spec.nominal_weights()
    head = [
        w("Group (weight)", "グループ（配点）"), w("Measure", "評価項目"),
        w("Weight in the group", "グループ内の配点"), w("Share of the score", "スコアに占める割合"),
        w("Curve: value → points", "カーブ：値 → 点"), w("Without a value", "値がないとき"),
    ]  # fmt: skip
    rows = []
    for group in spec.groups:
        label = f"{group.name_ja if w.ja else group.name_en} ({group.weight:g})"
        for measure in group.measures:
            curve = w(", ", "、").join(f"{x:g} → {y:g}" for x, y in measure.curve.knots)
            empty = w("left out", "除外")
            if measure.empty == "count_as":
                points = f"{measure.empty_points:g}"
                empty = w(f"counts as {points} points", f"{points}点とみなす")
            share = f"{100 * shares[measure.key]:.1f} %"
            rows.append([label, names[measure.key], f"{measure.weight:g}", share, curve, empty])
            label = ""
    return [head, *rows]


def signals_table(direction: str, w: Words) -> Rows:
    """The signal rules that come ready, as the page of signals words them."""
    from banso.health.rules.defaults.metrics import METRICS
    from banso.health.rules.defaults.signals import SIGNAL_RULES
    from banso.web.views.settings.signal_form import sentence
    from banso.web.views.settings.signals import SEVERITIES

    names = {f.key: f.name_ja if w.ja else f.name_en for f in METRICS}
    units = {f.key: str(f.unit) for f in METRICS}
    head = [
        w("Signal", "シグナル"), w("Open while", "開いている条件"), w("Act", "対応の目安"),
        w("What it advises", "助言"),
    ]  # fmt: skip
    rows = [
        [
            f"{rule.name_ja if w.ja else rule.name_en} `{rule.key}`",
            sentence(rule.conditions, names, units),
            str(SEVERITIES[rule.severity]),
            rule.advice_ja if w.ja else rule.advice_en,
        ]
        for rule in SIGNAL_RULES
        if rule.direction == direction
    ]
    return [head, *rows]


def permissions_table(w: Words) -> Rows:
    """What each role may do, as the page of roles shows it."""
    from banso.web.views.settings.roles import matrix
    from banso.web.views.settings.words import ROLES

    head = [w("May", "できること"), *(str(word) for word in ROLES.values())]
    cells = {"yes": "✓", "own": w("own", "担当分"), "no": "–"}
    rows: Rows = []
    for area in matrix():
        rows.append([f"**{area['label']}**", *[""] * len(ROLES)])
        rows += [
            [str(row["label"]), *(cells[cell] for _role, cell in row["cells"])]
            for row in area["rows"]
        ]
    return [head, *rows]


KINDS = ("accounts", "contacts", "subscriptions", "usage", "tickets", "nps", "activities")
TABLES: dict[str, Callable[[Words], Rows]] = {
    **{f"fields {kind}": partial(fields_table, kind, "") for kind in KINDS},
    "fields usage counted": partial(fields_table, "usage", "counted"),
    "fields usage raw": partial(fields_table, "usage", "raw"),
    "fields tickets log": partial(fields_table, "tickets", "log"),
    "choices": choices_table,
    "problems of files": partial(problems_table, False),
    "problems of rows": partial(problems_table, True),
    **{
        f"metrics {group}": partial(metrics_table, group.upper())
        for group in ("usage", "features", "seats_and_money", "support", "voice")
    },
    "scorecard standard": partial(scorecard_table, "standard"),
    "scorecard onboarding": partial(scorecard_table, "onboarding"),
    "signals risk": partial(signals_table, "risk"),
    "signals opportunity": partial(signals_table, "opportunity"),
    "permissions": permissions_table,
}
