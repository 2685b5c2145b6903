"""The accounts of the present filter as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from banso.accounts.services.exports import record_export
from banso.connectors.services.export import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from banso.health.selectors.portfolio import Field, Row, export
from banso.kit.money import Money
from banso.web.access import access
from banso.web.badges import band_word
from banso.web.reader import Reader, reader
from banso.web.views.accounts.filters import filters_of
from banso.web.words import lifecycle_word


@access("accounts.export")
def export_accounts(request: HttpRequest) -> HttpResponse:
    """All accounts of the filter with the columns shown, as CSV or Excel."""
    who = reader(request)
    filters = filters_of(request, who)
    columns = list(dict.fromkeys([*filters.columns, "score", "arr"]))
    fields, rows = export(who.actor, filters.query, sort=filters.sort, columns=columns)
    table = [list(cells) for cells in _table(rows, fields)]
    kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    record_export(actor=who.actor, rows=len(table), file_format=kind, query=filters.query)
    return _file(kind, table, _headings(who, fields), who)


def _headings(who: Reader, fields: list[Field]) -> list[str]:
    found = []
    for field in fields:
        label = field.label(who.language)
        found.extend([label, _("Currency")] if field.key == "arr" else [label])
    return found


def _table(rows: Iterator[Row], fields: list[Field]) -> Iterator[list[Any]]:
    for row in rows:
        cells: list[Any] = []
        for field in fields:
            cells.extend(_values(row.cells.get(field.key), field.key))
        yield cells


def _values(value: Any, key: str) -> list[Any]:
    """What a cell holds: figures stay figures, so that the file can be calculated with."""
    if isinstance(value, Money):
        return [value.amount if value.currency else 0, value.currency]
    if key == "band":
        return [band_word(value)]
    if key == "lifecycle":
        return [lifecycle_word(value)]
    if isinstance(value, float):
        return [round(value, 2)]
    return [value]


def _file(kind: str, table: list[list[Any]], headings: list[str], who: Reader) -> HttpResponse:
    if kind == "xlsx":
        content, content_type = write_xlsx(table, headings, title=_("Accounts")), XLSX_TYPE
    else:
        content, content_type = b"".join(write_csv(table, headings)), CSV_TYPE
    name = f"banso-accounts-{who.today.isoformat()}.{kind}"
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
