"""The scorecard editor: the form, the preview of what an edit would change, and saving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors.accounts import accounts_by_ids
from banso.health.selectors.metrics import metrics as find_metrics
from banso.health.selectors.preview import Preview, preview_version
from banso.health.selectors.scorecards import current_version, scorecard_by_uid
from banso.health.selectors.stored import Spread, spreads, stored
from banso.health.services.scorecards import checked_spec, save_version
from banso.kit.errors import ConflictError, InvalidInputError
from banso.kit.json_text import read_json
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.scorecard_form import form_of
from banso.web.views.settings.words import UNITS


def metric_words(language: str) -> dict[str, dict[str, Any]]:
    """Metric key to name, unit and direction in a language."""
    return {
        metric.key: {
            "name": metric.name_ja if language == "ja" else metric.name_en,
            "unit": str(UNITS.get(metric.unit, "")),
            "more_is_better": metric.more_is_better,
        }
        for metric in find_metrics(include_archived=True)
    }


def _texts() -> dict[str, str]:
    return {
        "handle": _("Point %n"),
        "point": _("Value %x is worth %y points"),
        "unreachable": _("No answer from the server. Nothing you typed is lost: try again."),
    }


@access("health.design")
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The editor with the version that judges now."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    scorecard = scorecard_by_uid(uid)
    version = current_version(scorecard)
    metrics = metric_words(reader.language)
    offered = find_metrics().values_list("key", flat=True)
    context = {
        "scorecard": scorecard,
        "scorecard_name": scorecard.name_ja if reader.language == "ja" else scorecard.name_en,
        "version": version,
        "accounts": stored().of_scorecard(scorecard.pk).account_ids.size,
        "metrics": metrics,
        "metric_options": sorted(
            ((key, metrics[key]["name"]) for key in offered), key=lambda pair: str(pair[1])
        ),
        "texts": _texts(),
        **form_of(version.spec, metrics),
    }
    return render_section(request, "scorecards", "settings/scorecard/edit", context)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = read_json(request.body)
    except InvalidInputError:
        body = None
    if not isinstance(body, dict):
        raise InvalidInputError(_("This request could not be read."))
    return body


def _spread_json(spread: Spread) -> dict[str, Any]:
    bars = [{"from": low, "to": high, "count": count} for low, high, count in spread.bars]
    return {"low": spread.low, "high": spread.high, "bars": bars, "share": spread.share}


def _preview_context(reader: Reader, preview: Preview) -> dict[str, Any]:
    accounts = accounts_by_ids(reader.actor, [move.account_id for move in preview.moves])
    rows = [
        {
            "name": accounts[move.account_id].name,
            "url": reverse("account", args=[accounts[move.account_id].uid]),
            "before": move.before,
            "after": move.after,
            "from": move.before_band,
            "to": move.after_band,
        }
        for move in preview.moves
        if move.account_id in accounts
    ]
    total = max(preview.accounts, 1)
    bands: list[dict[str, Any]] = [
        {"band": band, "before": before, "after": after, "difference": after - before}
        for band, before, after in preview.bands
    ]
    return {
        "accounts": preview.accounts,
        "changed": preview.changed,
        "rescored": preview.rescored,
        "bands": bands,
        "before_parts": [(row["before"] / total, row["band"] or "none") for row in bands],
        "after_parts": [(row["after"] / total, row["band"] or "none") for row in bands],
        "rows": rows,
        "more": preview.changed - len(rows),
    }


def _asked_keys(spec: Any) -> set[str]:
    """The metric keys a draft names, however broken the rest of it is."""
    groups = spec.get("groups", []) if isinstance(spec, dict) else []
    measures = (m for g in groups if isinstance(g, dict) for m in g.get("measures") or [])
    return {m["key"] for m in measures if isinstance(m, dict) and isinstance(m.get("key"), str)}


@access("health.design")
@require_POST
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the draft in the request body would change; nothing is written."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    scorecard = scorecard_by_uid(uid)
    draft = _body(request).get("spec")
    found = spreads(_asked_keys(draft))
    answer: dict[str, Any] = {
        "problems": {},
        "values": {key: _spread_json(spread) for key, spread in found.items()},
    }
    try:
        moves = preview_version(scorecard, checked_spec(draft))
    except InvalidInputError as error:
        answer["problems"] = error.fields
        answer["message"] = _("What is marked has to be put right before this can be counted.")
        return JsonResponse(answer)
    context = {"moves": _preview_context(reader, moves)}
    answer["html"] = render_to_string("settings/scorecard/_preview.html", context, request)
    return JsonResponse(answer)


@access("health.design")
@require_POST
def save(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Save the draft as a new version; scores follow in the background."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    scorecard = scorecard_by_uid(uid)
    body = _body(request)
    base = body.get("base")
    try:
        version = save_version(
            actor=reader.actor,
            scorecard=scorecard,
            spec=body.get("spec"),  # type: ignore[arg-type]
            note=str(body.get("note") or ""),
            expected_number=base if isinstance(base, int) else None,
        )
    except InvalidInputError as error:
        fields = {"message": _("This cannot be saved yet. See the marked places.")}
        return JsonResponse({**fields, "problems": error.fields}, status=400)
    except ConflictError as error:
        return JsonResponse({"message": str(error), "problems": {}}, status=409)
    text = _("Version %(n)d is saved. The scores are being recomputed.")
    messages.success(request, text % {"n": version.number})
    return JsonResponse({"url": reverse("settings-scorecard", args=[uid])})
