"""What the timeline says of an answer is what the source says of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from banso.accounts import selectors
from banso.accounts.services.accounts import create_account
from banso.kit.errors import ForbiddenError
from banso.voice.services.bulk import AnswerRow, undo_answers, upsert_answers
from banso.workspace.types import SYSTEM, Actor, Role, RowResult

pytestmark = pytest.mark.django_db
GIVEN = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def account() -> Any:
    return create_account(actor=SYSTEM, name="Aoba")


def answer(account: Any, score: int, comment: str = "") -> RowResult:
    values = {"account_id": account.pk, "score": score, "answered_at": GIVEN, "comment": comment}
    (result,) = upsert_answers(actor=SYSTEM, source="nps", rows=[AnswerRow("A-1", values)])
    return result


def told(account: Any) -> list[tuple[int, str]]:
    entries, _ = selectors.timeline(account, ["survey"])
    return [(entry.data["score"], entry.body) for entry in entries]


def change(result: RowResult) -> tuple[int, Any, Any]:
    assert result.record_id is not None
    return result.record_id, result.before, result.after


def test_a_corrected_answer_is_corrected_on_the_timeline(account: Any) -> None:
    answer(account, 9)
    answer(account, 3, "slow")
    assert told(account) == [(3, "slow")]


def test_undoing_takes_the_timeline_along(account: Any) -> None:
    first, second = answer(account, 9), answer(account, 3, "slow")
    undo_answers(actor=SYSTEM, changes=[change(second)])
    assert told(account) == [(9, "")]
    undo_answers(actor=SYSTEM, changes=[change(first)])
    assert told(account) == []


def test_only_leaders_bring_answers_in() -> None:
    with pytest.raises(ForbiddenError):
        upsert_answers(actor=Actor("user", Role.CSM, 1), source="nps", rows=[])
