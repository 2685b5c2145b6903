"""Naming metrics and wording their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.health.selectors.metrics import metrics
from banso.web import formats
from banso.web.badges import band_word_of_code
from banso.workspace.selectors import company


def in_own_language(record: Any, field: str) -> str:
    """A text that a record keeps in Japanese and English."""
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    return str(getattr(record, f"{field}_{language}"))


@dataclass(frozen=True, slots=True)
class Names:
    """What metrics are called in the reader's language, and how their values are written."""

    names: Mapping[str, str]
    units: Mapping[str, str]
    currency: str

    @classmethod
    def load(cls) -> Names:
        """Read all metrics, archived ones included, with one query."""
        field = "name_ja" if (get_language() or "").startswith("ja") else "name_en"
        rows = metrics(include_archived=True).values_list("key", field, "unit")
        found = list(rows)
        return cls(
            {key: name for key, name, _unit in found},
            {key: unit for key, _name, unit in found},
            company().currency,
        )

    def name(self, key: str) -> str:
        """The metric's name; a key that nobody defined speaks for itself."""
        own = {"score": _("Health score"), "band": _("Band")}
        return self.names.get(key) or own.get(key) or key

    def value(self, key: str, value: float | None) -> str:
        """The value in the metric's unit."""
        if key == "band":
            return band_word_of_code(value)
        if key == "score":
            return formats.score(value)
        unit = self.units.get(key, "number")
        return formats.metric_value(value, unit, self.currency)


def evidence_sentences(
    evidence: Mapping[str, Sequence[float | None]], names: Names
) -> list[dict[str, Any]]:
    """The figures behind a signal: metric, value, and the value before where there is one."""
    sentences = []
    for key, figures in evidence.items():
        value, before = [*figures, None, None][:2]
        sentences.append(
            {
                "key": key,
                "name": names.name(key),
                "value": names.value(key, value),
                "before": names.value(key, before) if before is not None else "",
                "is_metric": key in names.names,
            }
        )
    return sentences
