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
    known = {
        answer.external_id: answer
        for answer in NpsAnswer.objects.filter(
            source=source, external_id__in=[row.external_id for row in rows]
        )
    }
    results, answers = bulk.upsert(
        NpsAnswer,
        "nps_answer",
        [
            bulk.Row(known.get(row.external_id), {**row.values, "external_id": row.external_id})
            for row in rows
        ],
        new={"source": source},
        dry_run=dry_run,
    )
    if not dry_run:
        touched = [a for a, result in zip(answers, results, strict=True) if result.after]
        record_entries(_entry(answer) for answer in touched if answer.account_id)
    return results


@transaction.atomic
def undo_answers(
    *, actor: Actor, changes: Iterable[tuple[int, Mapping[str, Any] | None, Mapping[str, Any]]]
) -> bulk.Undone:
    """Take back what :func:`upsert_answers` did, newest first."""
    require(actor, "voice.load")
    listed = list(changes)
    names = dict(
        NpsAnswer.objects.filter(pk__in=[key for key, _, _ in listed]).values_list("pk", "uid")
    )
    undone = bulk.undo(NpsAnswer, listed)
    left = set(NpsAnswer.objects.filter(pk__in=undone.reverted).values_list("pk", flat=True))
    gone = [str(names[key]) for key in undone.reverted if key not in left]
    withdraw_entries(TIMELINE_SOURCE, gone)
    return undone


def _entry(answer: NpsAnswer) -> Entry:
    return Entry(
        account_id=answer.account_id or 0,
        kind=ActivityKind.SURVEY,
        happened_at=answer.answered_at,
        source=TIMELINE_SOURCE,
        external_id=str(answer.uid),
        data={"score": answer.score},
        body=answer.comment,
        contact_id=answer.contact_id,
    )
