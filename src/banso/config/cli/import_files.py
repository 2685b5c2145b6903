"""``banso import``: bring in a file, or several that belong together."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import translation

from banso.config.cli.prepare import prepare, say
from banso.connectors.types import Kind
from banso.kit.errors import InvalidInputError

SHOWN_PROBLEMS = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=[*Kind, "all"], help="what the file holds; all: a project")
    parser.add_argument("file", type=Path, help="a CSV, TSV or Excel file; for all, a YAML file")
    parser.add_argument("--map", type=Path, metavar="M.yaml", help="how to read the columns")
    parser.add_argument("--source", metavar="DIR", type=Path, help="for all: where its files lie")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen, write nothing"
    )
    parser.add_argument("--no-score", action="store_true", help="leave scoring to the worker")


class Progress:
    """One line that is written over while a file goes in."""

    def __init__(self, *, live: bool = True) -> None:
        self._live = live and sys.stderr.isatty()
        self._last = ""

    def __call__(self, label: str, done: int, total: int) -> None:
        self._last = f"  {label}: {done:,} of {total:,}" if total else f"  {label} …"
        if self._live:
            print(f"\r\033[K{self._last}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the last state standing."""
        if self._live and self._last:
            print(f"\r\033[K{self._last}", file=sys.stderr)
        self._last = ""


def _mapping(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    import yaml

    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(found, dict):
        raise InvalidInputError(f"{path} holds no mapping.", remedy="See docs/guide/examples.")
    return found


def _show_problems(problems: Iterable[Any], *, indent: str = "    ") -> None:
    from banso.connectors.files.problems import problem_text

    for problem in problems:
        message, remedy = problem_text(problem.code, problem.params)
        where = f"row {problem.row}" + (f", {problem.column}" if problem.column else "")
        say(f"{indent}{where}: {message} {remedy} ({problem.code})")


def _show_run(run: Any, problems: Iterable[Any]) -> None:
    """One line on what became of the rows, then every kind of problem with its first rows."""
    print(
        f"{run.file_name}: {run.rows_total:,} rows, {run.new:,} new, {run.changed:,} changed, "
        f"{run.unchanged:,} unchanged, {run.rejected:,} refused, {run.warnings:,} warnings"
        + (f", {run.passed_over:,} passed over by the mapping" if run.passed_over else "")
    )
    for kind in problems:
        say(f"    {kind.count:,} × {kind.code}, for example")
        _show_problems(kind.examples, indent="      ")


def _import_file(options: argparse.Namespace, progress: Progress) -> None:
    from banso.connectors.selectors import problem_kinds
    from banso.connectors.services import runs
    from banso.workspace.types import SYSTEM

    run = runs.create_import(
        actor=SYSTEM,
        path=options.file,
        kind=Kind(options.kind),
        mapping=_mapping(options.map),
        resume=not options.dry_run,
    )
    if run.checkpoint:
        say(f"  Going on with the import that stopped after {run.checkpoint:,} rows.")

    def show(done: int, total: int) -> None:
        progress(options.file.name, done, total)

    if not options.dry_run:
        run = runs.run_import(actor=SYSTEM, run=run, progress=show, refresh=False)
        progress.end()
        _show_run(run, problem_kinds(run))
        return
    report = runs.check_import(actor=SYSTEM, run=run, progress=show)
    progress.end()
    tally = report.tally
    print(
        f"{options.file.name} would bring {tally.new:,} new, {tally.changed:,} changed and "
        f"{tally.unchanged:,} unchanged rows and refuse {tally.rejected:,} of {report.total:,}"
    )
    _show_problems(report.problems[:SHOWN_PROBLEMS])
    if (more := sum(tally.by_code.values()) - SHOWN_PROBLEMS) > 0:
        say(f"    and {more:,} more, which the error file of the import would hold.")


def _import_project(options: argparse.Namespace, progress: Progress) -> None:
    from banso.connectors.services.projects import import_project
    from banso.workspace.types import SYSTEM

    report = import_project(
        actor=SYSTEM,
        project_file=options.file,
        source_dir=options.source or options.file.parent,
        dry_run=options.dry_run,
        progress=progress,
        refresh=False,
    )
    progress.end()
    for run, problems in zip(report.runs, report.problems, strict=True):
        _show_run(run, problems)
    if report.contradictions:
        say("Where the files contradict each other (kept as warnings of the accounts):")
    for found in report.contradictions:
        say(f"    {found.what} {found.rule}")
    if report.as_of and options.dry_run:
        say(f"The data would be looked at as of {report.as_of}.")
    elif report.as_of:
        say(f"The data is looked at as of its last day, {report.as_of} (Settings → Company).")
    if options.dry_run:
        say("Nothing was written.")


def score_now(progress: Progress) -> None:
    """Measure and score what came in, on every day that it allows."""
    from django.conf import settings

    from banso.health.services.requests import HISTORY
    from banso.workspace.tasks import do_now
    from banso.workspace.types import SYSTEM

    do_now(
        actor=SYSTEM,
        kind=HISTORY,
        lock_path=settings.DATA_DIR / "worker.lock",
        show=lambda done, total, note: progress(note or "scores", done, total),
    )
    progress.end()


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    # The terminal speaks English throughout, whatever the company's language is.
    translation.activate("en")
    progress = Progress()
    if options.kind == "all":
        _import_project(options, progress)
    else:
        _import_file(options, progress)
    if not options.dry_run and not options.no_score:
        score_now(progress)
    return 0
