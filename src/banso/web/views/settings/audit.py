"""The audit log and the check of its chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.accounts.selectors.handovers import ASSIGNED, undoable_hand_overs
from banso.kit.numbers import small_int
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.settings.audit_words import name_in, record_names, subject, verb
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.words import TARGETS
from banso.workspace import selectors
from banso.workspace.services.audit import verify_chain

if TYPE_CHECKING:
    from banso.workspace.models import AuditEntry

PER_PAGE = 50


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    # Days beyond these have no moment in every zone.
    return found if found is not None and 1 < found.year < 9999 else None


def _filters(request: HttpRequest) -> dict[str, Any]:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    target = request.GET.get("target", "")
    actor = request.GET.get("actor", "")
    return {
        "actor_id": small_int(actor, most=2**63 - 1),
        "target_type": target if target in TARGETS else "",
        "target_uid": request.GET.get("record", "")[:64],
        "first": datetime.combine(first, time(), reader.zone) if first else None,
        "before": (
            datetime.combine(last + timedelta(days=1), time(), reader.zone) if last else None
        ),
    }


def _changes(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    detail = getattr(entry, "detail", None)
    if detail is None:
        return []
    before, after = detail.before or {}, detail.after or {}
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return [(key, before.get(key), after.get(key)) for key in keys]


def _undoable(request: HttpRequest, entries: Iterable[AuditEntry]) -> dict[int, UUID]:
    """Entry's key to the token by which the reader may still take its hand-over back."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    made = {entry.pk: entry.target_uid for entry in entries if entry.action == ASSIGNED}
    if not made or not reader.may("accounts.assign"):
        return {}
    open_still = undoable_hand_overs(made.values())
    return {pk: token for pk, uid in made.items() if (token := UUID(uid)) in open_still}


@access("workspace.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """Who changed what and when."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    entries = selectors.find_audit_entries(**_filters(request))
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    names = selectors.names_of({entry.actor_id for entry in page if entry.actor_id})
    undoable, records = _undoable(request, page), record_names(reader, page)
    rows = [
        {
            "entry": entry,
            "undo": undoable.get(entry.pk),
            "actor": names.get(entry.actor_id or 0, ""),
            "subject": subject(entry),
            "verb": verb(entry),
            "record": records.get((entry.target_type, entry.target_uid)) or name_in(entry),
            "changes": _changes(entry),
        }
        for entry in page
    ]
    people = list(selectors.users(active_only=False).values_list("pk", "name"))
    context = {
        "page": page,
        "rows": rows,
        "people": people,
        "targets": TARGETS,
        "filters": request.GET,
    }
    return render_section(request, "audit", "audit", context)


@access("workspace.audit")
@require_POST
def check_chain(request: HttpRequest) -> HttpResponse:
    """Recompute every link of the log and say whether it holds."""
    report = verify_chain()
    if report.broken_at is None:
        text = _("The log is whole: all %(count)d entries were checked.")
        messages.success(request, text % {"count": report.entries})
    else:
        text = _("The log does not hold at entry %(seq)d: %(reason)s.")
        values = {"seq": report.broken_at, "reason": _(report.reason)}
        messages.error(request, text % values)
    return redirect("settings-audit")
