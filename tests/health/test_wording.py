"""What is refused is said in the language of who reads it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext, override

from banso.connectors.files.problems import FileProblemError
from banso.connectors.mapping import MappingSpec
from banso.connectors.selectors import worded
from banso.health.rules import query_reading
from banso.health.selectors.portfolio import portfolio
from banso.health.services.install import install_defaults
from banso.health.services.metrics import checked_definition
from banso.kit.errors import InvalidInputError
from banso.kit.messages import Sentence, translate
from banso.workspace.types import SYSTEM

DAYS = {"kind": "window", "dataset": "usage", "aggregation": "count", "window": 0}


def refused(read: Any, *given: Any) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as error:
        read(*given)
    return error.value


@pytest.mark.django_db
def test_a_filter_is_refused_in_japanese() -> None:
    query = {"and": [{"field": "score", "op": "gte", "value": "many"}]}
    with override("ja"):
        error = refused(portfolio, SYSTEM, query)
    assert error.fields == {"and[0].value": "数値を指定してください。"}
    assert "数値を指定してください。" in error.message
    with override("en"):
        assert refused(portfolio, SYSTEM, query).fields == {"and[0].value": "A number is needed."}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("definition", "place", "said"),
    [
        (DAYS, "window", "0日は範囲外です。"),
        ({"kind": "state"}, "dataset", "名前が必要です。"),
        ({"kind": "ratio", "numerator": "gone", "denominator": "seats"}, "numerator", "「gone」"),
        ({"kind": "greatest", "of": [None]}, "of[0]", "指標のキー"),
        ({"kind": "change", "of": "seats", "days": None}, "days", "現在の値：なし"),
        ({**DAYS, "window": 7, "dataset": "gone"}, "dataset", "データセット「gone」はありません"),
    ],
)
def test_a_metric_is_refused_in_japanese(definition: Any, place: str, said: str) -> None:
    install_defaults()
    with override("ja"):
        error = refused(checked_definition, "draft", definition)
    assert said in error.fields[place]


def test_a_mapping_is_refused_in_japanese() -> None:
    with pytest.raises(FileProblemError) as error:
        MappingSpec.from_dict({"kind": "accounts", "colour": "red"})
    with override("ja"):
        message, _remedy = worded(error.value)
    assert "マッピングに不明な項目があります：colour" in message
    assert "the mapping has unknown entries: colour" in str(error.value)


def test_a_percent_sign_in_a_value_is_only_a_percent_sign() -> None:
    made = Sentence("There is no metric “%(key)s”.", key="100%(x)s")
    assert translate(made, lambda text: text) == made == "There is no metric “100%(x)s”."


def test_every_refusal_of_a_filter_is_translated() -> None:
    tree = ast.parse(Path(query_reading.__file__).read_text())
    names = [node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)]  # type: ignore[attr-defined]
    sentences = [getattr(query_reading, name) for name in names if name.isupper()]
    assert len(sentences) >= 10
    with override("ja"):
        assert [text for text in sentences if gettext(text) == text] == []
