"""Choosing what the columns of a file mean."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from banso.connectors.selectors import fields_of, run_by_uid, worded
from banso.connectors.services.checks import start_check
from banso.connectors.services.preview import Preview, preview_mapping, propose_mapping
from banso.connectors.services.proposals import OPEN, read_again
from banso.connectors.services.runs import set_mapping
from banso.connectors.types import Kind
from banso.kit.errors import InvalidInputError
from banso.web import formats
from banso.web.access import access
from banso.web.forms import time_zones
from banso.web.reader import Reader
from banso.web.views.imports.mapping_form import field_rows, mapping_of
from banso.web.views.imports.reading import corrected, reading
from banso.web.views.imports.words import DECIMALS, KINDS, ORDERS, SHAPES
from banso.web.views.settings.frame import render_section

if TYPE_CHECKING:
    from banso.connectors.models import ImportRun


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, datetime):
        return formats.moment(value)
    return formats.day(value) if isinstance(value, date) else str(value)


def _preview_context(
    preview: Preview, mapping: dict[str, Any], fields: list[Any], language: str
) -> dict[str, Any]:
    """Typed values of the first rows, one line per mapped field."""
    mapped = [item for item in fields if item.name in mapping.get("columns", {})]
    labels = {item.name: item.label(language) for item in fields}
    lines = [
        {
            "label": item.label(language),
            "cells": [_shown(row.get(item.name)) for row in preview.rows],
        }
        for item in mapped
    ]
    questions = [
        {
            "field": question.field,
            "label": labels.get(question.field, question.field),
            "examples": question.examples,
            "name": ("order-" if question.code == "ambiguous-dates" else "decimal-")
            + question.field,
            "choices": [
                (choice, (ORDERS if question.code == "ambiguous-dates" else DECIMALS)[choice])
                for choice in question.choices
            ],
        }
        for question in preview.questions
    ]
    problems = [
        {
            "row": problem.row,
            "column": problem.column,
            "text": worded(problem),
            "severity": problem.severity,
        }
        for problem in preview.problems[:8]
    ]
    context: dict[str, Any] = {"lines": lines, "questions": questions, "problems": problems}
    if preview.error:
        context["error"] = worded(preview.error)
    return context


def _fields(mapping: dict[str, Any]) -> list[Any]:
    return list(fields_of(Kind(mapping["kind"]), mapping.get("shape", "")))


def _preview(request: HttpRequest, run: ImportRun, mapping: dict[str, Any]) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = preview_mapping(actor=reader.actor, run=run, mapping=mapping)
    except InvalidInputError as error:
        return {"error": worded(error), "lines": [], "questions": [], "problems": []}
    context = _preview_context(found, mapping, _fields(mapping), reader.language)
    whole = {"reading": found.reading, "sheets": found.sheets, "cells": found.cells}
    return {**context, **whole, "header": found.header}


def _page(
    request: HttpRequest,
    run: ImportRun,
    mapping: dict[str, Any],
    unreadable: InvalidInputError | None = None,
) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    preview = _preview(request, run, mapping)
    header = tuple(preview.get("header") or run.report.get("header", ()))
    fields = field_rows(_fields(mapping), mapping, header, reader.language)
    context = {
        "run": run,
        "step": "map",
        "fields": fields,
        "spare_fields": sum(not row["required"] and not row["choice"] for row in fields),
        "mapping": mapping,
        "kinds": KINDS,
        "shapes": SHAPES.get(mapping["kind"], {}),
        "header": header,
        "orders": ORDERS,
        "decimals": DECIMALS,
        "zones": time_zones(),
        "company_zone": reader.company.time_zone,
        "preview": preview,
        "keep_rest": mapping.get("attributes", "rest") != "none",
    }
    if "reading" in preview:
        sent, error = (request.POST, worded(unreadable)) if unreadable else (None, None)
        context["reading"] = reading(preview["reading"], preview["sheets"], sent, error)
    status = 400 if unreadable else 200
    return render_section(request, "imports", "imports/map", context, status=status)


def _sent(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    """The mapping in the form; another kind or shape begins with a fresh proposal."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    kind = request.POST.get("kind", run.kind)
    shape = request.POST.get("shape", "")
    if request.POST.get("was_kind") != kind:
        return propose_mapping(actor=reader.actor, run=run, kind=Kind(kind))
    if request.POST.get("was_shape", "") != shape:
        return propose_mapping(actor=reader.actor, run=run, kind=Kind(kind), shape=shape)
    before = run.mapping if run.kind == kind else {"source": run.source}
    base = {**before, "read": run.mapping.get("read", {}), "kind": kind}
    names = [item.name for item in fields_of(Kind(kind), shape)]
    return mapping_of(request.POST, names, base)


@access("imports.run")
def choose(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Choose columns, or how the file is read; saving goes on to the check."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    run = run_by_uid(uid)
    if run.status not in OPEN:
        return redirect("import", uid=uid)
    if request.method != "POST":
        return _page(request, run, run.mapping)
    if request.POST.get("kind", run.kind) not in KINDS:
        return _page(request, run, run.mapping)
    mapping = _sent(request, run)
    read = corrected(request.POST, run.mapping.get("read", {}))
    if read is not None:
        return _read_again(request, run, mapping, read)
    if "go" not in request.POST:
        return _page(request, run, mapping)
    try:
        set_mapping(actor=reader.actor, run=run, mapping=mapping)
    except InvalidInputError:
        return _page(request, run, mapping)
    start_check(actor=reader.actor, run=run)
    return redirect("import", uid=uid)


def _read_again(
    request: HttpRequest, run: ImportRun, mapping: dict[str, Any], read: dict[str, Any]
) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        read_again(actor=reader.actor, run=run, mapping=mapping, read=read)
    except InvalidInputError as error:
        return _page(request, run, mapping, error)
    return redirect("import-map", uid=run.uid)


@access("imports.run")
@require_POST
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the draft in the form makes of the first rows, as a fragment."""
    run = run_by_uid(uid)
    context = {"preview": _preview(request, run, _sent(request, run)), "run": run}
    return render(request, "imports/_preview.html", context)
