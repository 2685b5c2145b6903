"""Reads of imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet, Sum
from django.utils.translation import gettext as _

from banso.accounts.selectors.timeline import newest_moments as newest_activities
from banso.connectors.files.problems import FileProblemError, RowProblem, kept_text, problem_text
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import Field, MappingSpec
from banso.connectors.models import ImportProblem, ImportRun
from banso.connectors.types import ImportStatus, Kind
from banso.helpdesk.selectors.tickets import newest_moments as newest_tickets
from banso.kit.errors import BansoError, NotFoundError
from banso.usage.selectors.batches import newest_days as newest_usage
from banso.voice.selectors.answers import newest_moments as newest_answers
from banso.workspace.selectors import business_day, company_zone


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """One problem in the reader's language."""

    row: int
    column: str
    code: str
    severity: str
    message: str
    remedy: str


def runs() -> QuerySet[ImportRun]:
    """Imports, newest first, with who started them."""
    return ImportRun.objects.select_related("started_by", "job")


def run_by_uid(uid: UUID) -> ImportRun:
    """One import.

    Raises:
        NotFoundError: there is none with this id.
    """
    found = runs().filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This import does not exist."))
    return found


#: Usage that is older than a week makes everybody look silent.
STALE_USAGE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Feed:
    """What one source brings of one kind.

    Attributes:
        records: how many records its imports made, apart from those that were undone.
        last: the import that came last.
        newest_on: the latest day that the data speaks of, in the company's zone; None for kinds
            that speak of no days.
        is_stale: whether it is usage that ends too long ago to judge by.
    """

    source: str
    kind: Kind
    records: int
    last: ImportRun
    newest_on: date | None
    is_stale: bool


def feeds() -> list[Feed]:
    """Where the data comes from, by source and kind."""
    done = ImportRun.objects.filter(status=ImportStatus.DONE).order_by("source", "kind")
    rows = done.values_list("source", "kind").annotate(records=Sum("new"), last=Max("id"))
    found = [(source, Kind(kind), records, last) for source, kind, records, last in rows]
    latest = runs().in_bulk([last for *_rest, last in found])
    newest, today = _newest_days(), business_day()
    return [
        Feed(source, kind, records, latest[last], day, kind is Kind.USAGE and _is_stale(day, today))
        for source, kind, records, last in found
        for day in [newest.get((kind, source))]
    ]


def _is_stale(newest: date | None, today: date) -> bool:
    return newest is None or today - newest > STALE_USAGE


def _newest_days() -> dict[tuple[Kind, str], date]:
    zone = company_zone()
    moments: dict[Kind, dict[str, datetime]] = {
        Kind.TICKETS: newest_tickets(),
        Kind.NPS: newest_answers(),
        Kind.ACTIVITIES: newest_activities(),
    }
    usage = {(Kind.USAGE, source): day for source, day in newest_usage().items()}
    return usage | {
        (kind, source): moment.astimezone(zone).date()
        for kind, by_source in moments.items()
        for source, moment in by_source.items()
    }


def fields_of(kind: Kind, shape: str = "") -> tuple[Field, ...]:
    """The fields that a file of a kind may fill."""
    spec = MappingSpec(kind=kind, source="", columns={}, shape=shape)
    return WRITERS[kind].fields_of(spec) if shape else WRITERS[kind].fields


def problems_of(run: ImportRun, *, code: str = "") -> QuerySet[ImportProblem]:
    """What was wrong with rows of an import, by row; errors before warnings of the same row."""
    found = run.problems.order_by("row", "severity", "id")
    return found.filter(code=code) if code else found


def shown(problem: ImportProblem) -> ShownProblem:
    """A problem worded in the active language."""
    message, remedy = problem_text(problem.code, problem.params)
    return ShownProblem(
        problem.row, problem.column, problem.code, problem.severity, message, remedy
    )


#: Rows shown of each kind of problem where the report in the browser lists them all.
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Problems of one code: how many rows have it, and the first of them."""

    code: str
    count: int
    examples: tuple[ImportProblem, ...]


def problem_kinds(run: ImportRun) -> tuple[ProblemKind, ...]:
    """What was wrong with rows of an import by kind, most frequent first."""
    counts = run.report.get("by_code", {})
    return tuple(
        ProblemKind(code, max(counts.get(code, 0), kept), tuple(rows))
        for code, _severity, kept in problem_counts(run)
        if (rows := [one for one in problems_of(run, code=code)[:EXAMPLES] if one.row])
    )


def problem_counts(run: ImportRun) -> list[tuple[str, str, int]]:
    """Code, severity and number of the problems that were kept, most frequent first."""
    counted = run.problems.order_by().values_list("code", "severity").annotate(n=Count("id"))
    return sorted(counted, key=lambda entry: -entry[2])


def worded_again(error: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence and the remedy of a problem that was kept, in the active language."""
    return kept_text(error)


def worded(problem: RowProblem | BansoError) -> tuple[str, str]:
    """The sentence and the remedy of a problem with a row, or of an error, in the active language.

    Errors that are not about a file are worded already.
    """
    if isinstance(problem, RowProblem | FileProblemError):
        return problem_text(problem.code, problem.params)
    return problem.message, problem.remedy
