"""Several files that belong together, described in one YAML file and imported in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from banso.connectors.files import COMMAND_LIMIT, open_table
from banso.connectors.files.problems import FileProblemError
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import MappingSpec, missing_columns
from banso.connectors.models import ImportRun
from banso.connectors.selectors import ProblemKind, problem_kinds
from banso.connectors.services.after import refresh_health
from banso.connectors.services.contradictions import (
    Contradiction,
    find_contradictions,
    require_known,
)
from banso.connectors.services.runs import create_import, run_import
from banso.kit.messages import Sentence
from banso.kit.messages import gettext_noop as _
from banso.workspace.policies import require
from banso.workspace.services.company import pin_day
from banso.workspace.services.rehearsal import rehearsed
from banso.workspace.types import Actor

#: Told the file, rows done and rows in all.
ProjectProgress = Callable[[str, int, int], None]
_TOP = {"source", "files", "as_of", "checks", "name"}


@dataclass(slots=True)
class ProjectReport:
    """What a project's import did, file by file, and what its files disagree about."""

    runs: list[ImportRun] = field(default_factory=list)
    #: What was wrong with the rows of each run, in the order of the runs. A dry run takes the
    #: problems in the database back, so they are read before.
    problems: list[tuple[ProblemKind, ...]] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    #: The last day of the data, when the project is to be looked at as of it.
    as_of: date | None = None


def import_project(
    *,
    actor: Actor,
    project_file: Path,
    source_dir: Path,
    dry_run: bool = False,
    progress: ProjectProgress | None = None,
    refresh: bool = True,
) -> ProjectReport:
    """Import the files of a project in order, so that later ones find what earlier ones brought.

    Every file and mapping is opened before the first row is written.

    Args:
        project_file: the YAML; see ``docs/guide/examples``.
        source_dir: where its files are.
        dry_run: do everything, then take it back; nothing stays.
        progress: told how far each file is.
        refresh: measure and score the accounts afterwards.

    Raises:
        FileProblemError: the project, a file or a mapping cannot be used; nothing was written.
    """
    require(actor, "imports.run")
    project = read_project(project_file)
    entries = list(_checked(project, source_dir))
    if not dry_run:
        report = _import_all(actor, project, entries, progress)
        if refresh:
            refresh_health()
        return report
    with rehearsed():
        return _import_all(actor, project, entries, progress)


def read_project(project_file: Path) -> dict[str, Any]:
    """The project's YAML as a dict.

    Raises:
        FileProblemError: it is no YAML or lacks its list of files.
    """
    try:
        project = yaml.safe_load(project_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileProblemError("not-found", path=str(project_file)) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileProblemError(
            "bad-mapping", reason=Sentence(_("it is no YAML: %(error)s"), error=error)
        ) from None
    if not isinstance(project, dict) or not isinstance(project.get("files"), list):
        raise FileProblemError("bad-mapping", reason=Sentence(_("a project needs a list of files")))
    if unknown := sorted(str(key) for key in project.keys() - _TOP):
        reason = Sentence(_("unknown entries: %(names)s"), names=", ".join(unknown))
        raise FileProblemError("bad-mapping", reason=reason)
    return project


def _checked(project: Mapping[str, Any], source_dir: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    require_known(project.get("checks") or [])
    for entry in project["files"]:
        if not isinstance(entry, dict) or not entry.get("file"):
            reason = Sentence(_("every entry of files needs a “file”"))
            raise FileProblemError("bad-mapping", reason=reason)
        mapping = {"source": project.get("source"), **entry}
        path = source_dir / str(mapping.pop("file"))
        spec = MappingSpec.from_dict(mapping)
        table = open_table(path, spec.read, limit=COMMAND_LIMIT)
        if missing := missing_columns(spec, WRITERS[spec.kind].fields_of(spec), table.names):
            raise missing
        yield path, mapping


def _import_all(
    actor: Actor,
    project: Mapping[str, Any],
    entries: list[tuple[Path, dict[str, Any]]],
    progress: ProjectProgress | None,
) -> ProjectReport:
    report = ProjectReport()
    together = uuid4()
    for path, mapping in entries:
        run = create_import(actor=actor, path=path, mapping=mapping, project=together, resume=True)
        told = partial(progress, path.name) if progress else None
        run_import(actor=actor, run=run, progress=told, refresh=False)
        report.runs.append(run)
        report.problems.append(problem_kinds(run))
    report.as_of = _as_of(project, report.runs)
    if report.as_of:
        pin_day(day=report.as_of, actor=actor)
    report.contradictions = find_contradictions(project.get("checks") or [], report.runs)
    return report


def _as_of(project: Mapping[str, Any], runs: list[ImportRun]) -> date | None:
    wanted = project.get("as_of")
    if isinstance(wanted, date):
        return wanted
    days = [day for run in runs if (day := run.report.get("last_day"))]
    return date.fromisoformat(max(days)) if wanted == "last" and days else None
