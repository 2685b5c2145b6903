"""How a file is read: as the last one with its header was, as a person says, or as it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction

from banso.connectors.files import COMMAND_LIMIT, FileHints, TableFile, open_table
from banso.connectors.files.problems import FileProblemError
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import MappingSpec, header_signature, missing_columns
from banso.connectors.mapping.spec import DEFAULT_SOURCE, HEADER_LIMIT
from banso.connectors.mapping.suggest import guess_kind, suggest_mapping
from banso.connectors.models import ImportRun, SavedMapping
from banso.connectors.types import ImportStatus, Kind
from banso.kit.errors import ConflictError
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.types import Actor

OPEN = (ImportStatus.UPLOADED, ImportStatus.MAPPED, ImportStatus.CHECKED)


def propose(
    table: TableFile, kind: Kind | None, source: str, *, limit: int
) -> tuple[MappingSpec, TableFile]:
    """The mapping of the last file with the same header, else what the columns speak for.

    Args:
        table: the file as it was recognised.
        kind: what it holds, where a person has said so.
        source: the name of a source that no mapping names.
        limit: largest size in bytes.

    Returns:
        The mapping, and the file as that mapping reads it.
    """
    saved = _saved(table, kind)
    if saved is not None:
        # What a person said of the last file need not be true of this one.
        for read in (saved.read, FileHints()):
            opened = table if read == FileHints() else _opened(table.path, read, limit)
            if opened is not None and _fits(saved, opened):
                return replace(saved, read=read), opened
    chosen = kind or guess_kind({k: w.fields for k, w in WRITERS.items()}, table.names)
    found = suggest_mapping(chosen, WRITERS[chosen].fields, table.names, table.sample())
    return MappingSpec.from_dict({**found, "source": source}), table


def suggested(spec: MappingSpec, table: TableFile) -> MappingSpec:
    """The mapping with the columns that names and values of a file speak for."""
    empty = replace(spec, columns={})
    fields = WRITERS[spec.kind].fields_of(empty)
    found = suggest_mapping(spec.kind, fields, table.names, table.sample())
    return replace(empty, columns=MappingSpec.from_dict(found).columns)


@transaction.atomic
def read_again(
    *, actor: Actor, run: ImportRun, mapping: Mapping[str, Any], read: Mapping[str, Any]
) -> ImportRun:
    """Read the file as a person says, and propose anew what its columns mean.

    Args:
        actor: who says so.
        run: the import.
        mapping: the draft so far; what it says beyond columns of the file is kept.
        read: sheet, header_row, encoding and delimiter; those that are missing are found out.

    Raises:
        FileProblemError: the file cannot be read so; nothing was changed.
        ConflictError: the import has already started.
    """
    require(actor, "imports.run")
    if run.status not in OPEN:
        raise ConflictError("This import has already started.", code="import-started")
    row = read.get("header_row", 1)
    if not isinstance(row, int) or not 1 <= row <= HEADER_LIMIT:
        raise FileProblemError("no-header", line=row)
    draft = MappingSpec.from_dict({**mapping, "read": read})
    table = open_table(Path(run.file_path), draft.read, limit=COMMAND_LIMIT)
    spec = _saved_for(draft, table) or _anew(draft, table)
    run.source, run.kind, run.mapping = spec.source, spec.kind, spec.to_dict()
    # What a check has found is not true of what is read now.
    run.report = {"header": [*table.names], "recognised": run.report.get("recognised")}
    run.status = ImportStatus.UPLOADED
    run.save(update_fields=["source", "kind", "mapping", "report", "status"])
    audit.record(actor, "import.mapped", "import", run.uid, after={"kind": run.kind})
    return run


def _anew(draft: MappingSpec, table: TableFile) -> MappingSpec:
    constants = {name: e for name, e in draft.columns.items() if e.constant is not None}
    spec = suggested(draft, table)
    kept = draft.attributes
    if not isinstance(kept, str):
        kept = tuple(name for name in kept if name in table.names)
    return replace(
        spec,
        columns={**spec.columns, **constants},
        skip=tuple(skip for skip in draft.skip if skip.column in table.names),
        attributes=kept,
    )


def _saved_for(draft: MappingSpec, table: TableFile) -> MappingSpec | None:
    """The mapping kept for this very header, under the source that the draft names."""
    saved = _saved(table, draft.kind)
    if saved is None or not _fits(saved, table):
        return None
    source = saved.source if draft.source == DEFAULT_SOURCE else draft.source
    return replace(saved, source=source, read=draft.read)


def _saved(table: TableFile, kind: Kind | None) -> MappingSpec | None:
    saved = SavedMapping.objects.filter(signature=header_signature(table.names))
    newest = (saved.filter(kind=kind) if kind else saved).order_by("-updated_at").first()
    return MappingSpec.from_dict(newest.mapping) if newest else None


def _fits(spec: MappingSpec, table: TableFile) -> bool:
    return missing_columns(spec, WRITERS[spec.kind].fields_of(spec), table.names) is None


def _opened(path: Path, read: FileHints, limit: int) -> TableFile | None:
    try:
        return open_table(path, read, limit=limit)
    except FileProblemError:
        return None
