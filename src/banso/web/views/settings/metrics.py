"""What is measured: the list of metrics, and the editor that needs no JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.health.selectors.metrics import (
    metric_by_uid,
    metric_names,
    metric_users,
)
from banso.health.selectors.metrics import metrics as find_metrics
from banso.health.selectors.stored import extremes, spreads
from banso.health.services import metrics as services
from banso.kit.errors import ConflictError, InvalidInputError
from banso.kit.numbers import small_int
from banso.web import metric_words as words
from banso.web.access import access
from banso.web.metric_words import dataset_forms
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.metric_form import definition_of, fields_of, reference_value
from banso.web.views.settings.metric_values import ends, histogram, shown
from banso.web.views.settings.words import METRIC_UNITS

if TYPE_CHECKING:
    from banso.health.models import Metric

_BETTER: dict[str, bool | None] = {"more": True, "less": False, "": None}


@access("health.design")
def metric_list(request: HttpRequest) -> HttpResponse:
    """Every metric with what it measures and for how many accounts it has a value."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    names, datasets = metric_names(reader.language), dataset_forms(reader.language)
    found = list(find_metrics(include_archived=True))
    spread = spreads(metric.key for metric in found)
    rows: list[dict[str, Any]] = [
        {
            "metric": metric,
            "name": names[metric.key],
            "sentence": words.sentence(metric.definition, names, datasets),
            "spread": spread[metric.key],
            "median": shown(reader, metric.unit, spread[metric.key].median),
        }
        for metric in sorted(found, key=lambda metric: names[metric.key])
    ]
    context = {
        "rows": [row for row in rows if not row["metric"].is_archived],
        "archived": [row for row in rows if row["metric"].is_archived],
    }
    return render_section(request, "metrics", "metrics", context)


def _references(metric: Metric | None, names: dict[str, str]) -> list[tuple[str, str]]:
    """The metrics that another one may be made of, those written out inside it among them."""
    options = [
        (other.key, names[other.key])
        for other in find_metrics()
        if metric is None or other.key != metric.key
    ]
    return sorted(options, key=lambda pair: pair[1])


def _inner(
    definition: dict[str, Any], names: dict[str, str], datasets: dict[str, dict[str, Any]]
) -> list[tuple[str, str]]:
    parts = [definition.get("numerator"), definition.get("denominator")]
    of = definition.get("of")
    parts += of if isinstance(of, list) else [of]
    return [
        (reference_value(part), words.sentence(part, names, datasets))
        for part in parts
        if isinstance(part, dict)
    ]


def _context(
    reader: Reader, metric: Metric | None, fields: dict[str, Any], basics: dict[str, Any]
) -> dict[str, Any]:
    names, datasets = metric_names(reader.language), dataset_forms(reader.language)
    inner = _inner(metric.definition, names, datasets) if metric else []
    context: dict[str, Any] = {
        "metric": metric,
        "name": names[metric.key] if metric else "",
        "basics": basics,
        "fields": fields,
        "kinds": words.KINDS,
        "datasets": datasets,
        "window_aggregations": words.WINDOW_AGGREGATIONS,
        "state_aggregations": words.STATE_AGGREGATIONS,
        "operators": words.OPERATORS,
        "units": METRIC_UNITS,
        "references": [*_references(metric, names), *inner],
        "spare_filter": {"column": "", "op": "eq", "value": ""},
    }
    if metric:
        context["users"] = metric_users(metric.key, reader.language)
        spread = spreads([metric.key])[metric.key]
        context["histogram"] = histogram(reader, metric.unit, spread)
        context["extremes"] = ends(reader, metric.unit, extremes(metric.key), key=metric.key)
    return context


def _basics(source: QueryDict) -> dict[str, Any]:
    return {
        "name_ja": source.get("name_ja", ""),
        "name_en": source.get("name_en", ""),
        "unit": source.get("unit", "number"),
        "more_is_better": _BETTER.get(source.get("better", "")),
    }


def _sent_fields(post: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again beside what was wrong with it."""
    fields: dict[str, Any] = {key: post.get(key, "") for key in post}
    columns, ops = post.getlist("filter_column"), post.getlist("filter_op")
    values = post.getlist("filter_value")
    fields["filters"] = [
        {"column": column, "op": op, "value": value}
        for column, op, value in zip(columns, ops, values, strict=False)
        if column
    ]
    fields["greatest_of"] = post.getlist("greatest_of")
    return fields


def _save(request: HttpRequest, metric: Metric | None) -> Metric:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    definition = definition_of(request.POST, dataset_forms(reader.language))
    values = {**_basics(request.POST), "definition": definition}
    if metric is None:
        key = request.POST.get("key", "")
        return services.create_metric(actor=reader.actor, key=key, **values)
    version = request.POST.get("version", "")
    return services.change_metric(
        actor=reader.actor,
        metric=metric,
        expected_version=small_int(version),
        **values,
    )


def _edit(request: HttpRequest, metric: Metric | None) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            _save(request, metric)
        except (InvalidInputError, ConflictError) as error:
            context = _context(reader, metric, _sent_fields(request.POST), _basics(request.POST))
            context |= {"problems": getattr(error, "fields", {}), "error": error}
            return render_section(request, "metrics", "metric", context, status=400)
        messages.success(request, _("The metric is saved. It is measured with the next run."))
        return redirect("settings-metrics")
    if metric is None:
        fields: dict[str, Any] = {"kind": "window", "window": 28, "offset": 0, "filters": []}
        return render_section(
            request, "metrics", "metric", _context(reader, None, fields, {"unit": "number"})
        )
    basics = {
        field: getattr(metric, field) for field in ("name_ja", "name_en", "unit", "more_is_better")
    }
    context = _context(reader, metric, fields_of(metric.definition), basics)
    return render_section(request, "metrics", "metric", context)


@access("health.design")
def new_metric(request: HttpRequest) -> HttpResponse:
    """Make a metric."""
    return _edit(request, None)


@access("health.design")
def metric(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a metric."""
    return _edit(request, metric_by_uid(uid))


@access("health.design")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Say whether the form describes a metric, and which one, while it is being filled in."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    names, datasets = metric_names(reader.language), dataset_forms(reader.language)
    key = request.POST.get("key", "") or "draft"
    try:
        definition = services.checked_definition(key, definition_of(request.POST, datasets))
    except InvalidInputError as error:
        return JsonResponse({"problems": error.fields or {"kind": str(error)}, "sentence": ""})
    text = words.sentence(definition, names, datasets)
    return JsonResponse({"problems": {}, "sentence": text})


@access("health.design")
@require_POST
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop measuring a metric, or begin again."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = metric_by_uid(uid)
    if request.POST.get("archived") == "yes":
        services.archive_metric(actor=reader.actor, metric=found)
        messages.success(request, _("The metric is archived."))
    else:
        services.restore_metric(actor=reader.actor, metric=found)
        messages.success(request, _("The metric is measured again."))
    return redirect("settings-metrics")
