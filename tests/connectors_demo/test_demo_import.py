"""The demo company goes in through the ordinary import."""

from __future__ import annotations

import pytest

from banso.connectors.demo import DemoFiles
from banso.connectors.services.projects import import_project
from banso.workspace.types import SYSTEM


@pytest.mark.slow
@pytest.mark.django_db
def test_every_row_of_the_demo_is_taken(demo_files: DemoFiles) -> None:
    report = import_project(
        actor=SYSTEM,
        project_file=demo_files.project,
        source_dir=demo_files.project.parent,
        refresh=False,
    )
    taken = {run.kind: (run.new, run.rejected) for run in report.runs}
    assert taken == {kind: (rows, 0) for kind, rows in demo_files.rows.items()}
    # Owners and authors are unknown until the demo's team exists; nothing else is noticed.
    codes = {problem.code for run in report.runs for problem in run.problems.all()}
    assert codes <= {"unknown-user"}
    assert not report.contradictions
