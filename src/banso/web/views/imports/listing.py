"""All imports, and the upload of a new file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from banso.connectors.selectors import runs, worded
from banso.connectors.services.runs import create_import
from banso.connectors.services.uploads import receive_upload
from banso.kit.errors import InvalidInputError
from banso.web.access import access
from banso.web.reader import Reader
from banso.web.views.imports.words import KINDS, KINDS_ABOUT, STATUS, TONES
from banso.web.views.settings.frame import render_section

PER_PAGE = 30


def _context(request: HttpRequest) -> dict[str, Any]:
    page = Paginator(runs(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "run": run,
            "kind": KINDS[run.kind],
            "status": STATUS[run.status],
            "tone": TONES.get(run.status, ""),
        }
        for run in page
    ]
    kinds = [(label, KINDS_ABOUT[kind]) for kind, label in KINDS.items()]
    return {"page": page, "rows": rows, "kinds": kinds}


@access("imports.view")
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, newest first, and the place to drop a file."""
    return render_section(request, "imports", "imports/list", _context(request))


@access("imports.run")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file, recognise it, and go on to its columns."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    file = request.FILES.get("file")
    try:
        if file is None or not file.name:
            raise InvalidInputError(_("No file was chosen."))
        path = receive_upload(actor=reader.actor, file_name=file.name, chunks=file.chunks())
        try:
            run = create_import(actor=reader.actor, path=path, file_name=file.name)
        except InvalidInputError:
            path.unlink(missing_ok=True)
            raise
    except InvalidInputError as error:
        message, remedy = worded(error)
        name = file.name if file else ""
        problem = {"title": message, "remedy": remedy, "file": name}
        context = {**_context(request), "problem": problem}
        return render_section(request, "imports", "imports/list", context, status=400)
    return redirect("import-map", uid=run.uid)
