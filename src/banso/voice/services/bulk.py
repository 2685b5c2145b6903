"""NPS answers that come in many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from banso.accounts.services.timeline import record_entries, withdraw_entries
from banso.accounts.types import ActivityKind, Entry
from banso.voice.models import NpsAnswer
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.types import Actor, RowResult

TIMELINE_SOURCE = "voice"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer as a source knows it; ``values`` are fields of an answer."""

    external_id: str
    values: Mapping[str, Any]


@transaction.atomic
def upsert_answers(
    *, actor: Actor, source: str, rows: Sequence[AnswerRow], dry_run: bool = False
) -> list[RowResult]:
    """Create or change answers; the same rows again change nothing.

    Answers of an account appear on its timeline.

    Returns:
        One result per row, in order.
    """
    require(actor, "voice.load")
    results, answers = bulk.upsert_named(NpsAnswer, "nps_answer", source, rows, dry_run=dry_run)
    if not dry_run:
        _tell(a for a, result in zip(answers, results, strict=True) if result.after)
    return results


@transaction.atomic
def undo_answers(*, actor: Actor, changes: Iterable[bulk.Change]) -> bulk.Undone:
    """Take back what :func:`upsert_answers` did, newest first."""
    require(actor, "voice.load")
    listed = list(changes)
    answers = NpsAnswer.objects.in_bulk([key for key, _, _ in listed])
    undone = bulk.undo(NpsAnswer, listed)
    withdraw_entries(TIMELINE_SOURCE, (str(answers[key].uid) for key in undone.removed))
    _tell(NpsAnswer.objects.filter(pk__in=undone.restored))
    return undone


def _tell(answers: Iterable[NpsAnswer]) -> None:
    """Bring the timelines in line with the answers; one of no account stands on none."""
    listed = list(answers)
    record_entries(_entry(answer, answer.account_id) for answer in listed if answer.account_id)
    withdraw_entries(TIMELINE_SOURCE, (str(one.uid) for one in listed if not one.account_id))


def _entry(answer: NpsAnswer, account_id: int) -> Entry:
    return Entry(
        account_id=account_id,
        kind=ActivityKind.SURVEY,
        happened_at=answer.answered_at,
        source=TIMELINE_SOURCE,
        external_id=str(answer.uid),
        data={"score": answer.score},
        body=answer.comment,
        contact_id=answer.contact_id,
    )
