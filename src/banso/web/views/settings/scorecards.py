"""Which scorecards there are, in which order they are tried, and for which accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors.accounts import segment_names
from banso.health.selectors.metrics import metric_names
from banso.health.selectors.scorecards import (
    current_version,
    current_versions,
    scorecard_by_uid,
    scorecards,
    versions,
)
from banso.health.selectors.stored import stored
from banso.health.services import scorecards as services
from banso.web.access import access
from banso.web.forms import submit
from banso.web.reader import Reader
from banso.web.views.settings.forms.scorecards import ScorecardForm
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.scorecard_diff import differences
from banso.web.words import lifecycle_word

if TYPE_CHECKING:
    from banso.health.models import Scorecard


def _name(scorecard: Scorecard, language: str) -> str:
    return scorecard.name_ja if language == "ja" else scorecard.name_en


@access("health.design")
def scorecard_list(request: HttpRequest) -> HttpResponse:
    """Scorecards in the order in which they are tried."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    judged, latest = stored(), current_versions()
    rows = [
        {
            "scorecard": card,
            "name": _name(card, reader.language),
            "version": latest.get(card.pk),
            "accounts": judged.of_scorecard(card.pk).account_ids.size,
            "lifecycles": [lifecycle_word(stage) for stage in card.lifecycles],
            "segments": card.segments,
        }
        for card in scorecards(include_archived=True)
    ]
    context = {
        "movable": sum(not row["scorecard"].is_default for row in rows) > 1,
        "rows": [row for row in rows if not row["scorecard"].is_archived],
        "archived": [row for row in rows if row["scorecard"].is_archived],
    }
    return render_section(request, "scorecards", "scorecards", context)


def _form(request: HttpRequest, initial: dict[str, Any], *, conditions: bool) -> ScorecardForm:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    known = {*segment_names(reader.actor), *initial.get("segments", [])}
    return ScorecardForm(
        request.POST or None,
        initial=initial,
        segments=sorted(known - {""}),
        conditions=conditions,
    )


@access("health.design")
def new_scorecard(request: HttpRequest) -> HttpResponse:
    """Make a scorecard; it begins as a copy of another one."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    cards = list(scorecards())
    form = _form(request, {}, conditions=True)
    if request.method == "POST":
        asked = request.POST.get("copy_of", "")
        model = next((card for card in cards if str(card.uid) == asked), cards[-1])
        spec = current_version(model).spec
        made = submit(
            form,
            lambda: services.create_scorecard(actor=reader.actor, spec=spec, **form.cleaned_data),
        )
        if made:
            return redirect("settings-scorecard", uid=made.uid)
    models = [(str(card.uid), _name(card, reader.language)) for card in cards]
    context = {"form": form, "scorecard": None, "models": models}
    return render_section(request, "scorecards", "scorecard_assign", context)


@access("health.design")
def assign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Names of a scorecard and which accounts it judges."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    card = scorecard_by_uid(uid)
    fields = ("name_ja", "name_en", "segments", "lifecycles")
    initial = {field: getattr(card, field) for field in fields}
    form = _form(request, initial, conditions=not card.is_default)
    if request.method == "POST":
        saved = submit(
            form,
            lambda: services.change_scorecard(
                actor=reader.actor, scorecard=card, **form.cleaned_data
            ),
        )
        if saved:
            messages.success(request, _("The scorecard is saved."))
            return redirect("settings-scorecards")
    name = _name(card, reader.language)
    context = {"form": form, "scorecard": card, "name": name}
    return render_section(request, "scorecards", "scorecard_assign", context)


@access("health.design")
@require_POST
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Try a scorecard one place earlier or later."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    cards = [card for card in scorecards() if not card.is_default]
    place = next((i for i, card in enumerate(cards) if card.uid == uid), None)
    other = None if place is None else place + (-1 if request.POST.get("way") == "up" else 1)
    if place is not None and other is not None and 0 <= other < len(cards):
        cards[place], cards[other] = cards[other], cards[place]
        services.order_scorecards(actor=reader.actor, scorecards=cards)
    return redirect("settings-scorecards")


@access("health.design")
@require_POST
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Stop judging by a scorecard, or begin again."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    archived = request.POST.get("archived") == "yes"
    services.archive_scorecard(
        actor=reader.actor, scorecard=scorecard_by_uid(uid), archived=archived
    )
    text = _("The scorecard is archived.") if archived else _("The scorecard is back.")
    messages.success(request, text)
    return redirect("settings-scorecards")


@access("health.design")
@require_POST
def default(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a scorecard judge whomever no other one does."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    services.make_default(actor=reader.actor, scorecard=scorecard_by_uid(uid))
    messages.success(request, _("The default scorecard is changed."))
    return redirect("settings-scorecards")


@access("health.design")
def version_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every version with who made it, why, and what it changed."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    card = scorecard_by_uid(uid)
    found = list(versions(card))
    names = metric_names(reader.language)
    language = "ja" if reader.language == "ja" else "en"
    rows = [
        {
            "version": version,
            "lines": differences(earlier.spec, version.spec, names, language) if earlier else None,
        }
        for version, earlier in zip(found, [*found[1:], None], strict=True)
    ]
    context = {"scorecard": card, "name": _name(card, reader.language), "rows": rows}
    return render_section(request, "scorecards", "scorecard_versions", context)
