"""No file, however made, takes the memory or leaves the reader without an answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.bad_files import BAD, cell, workbook
from tests.reliability.installation import ROOT, Installation

MOST_MEGABYTES = 100


@pytest.mark.slow
def test_every_bad_file_is_answered_within_100_mb(
    installation: Installation, tmp_path: Path
) -> None:
    installation.command("audit")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.measured_files", str(tmp_path)],
        cwd=ROOT,
        env={
            **installation.environment(),
            "BANSO_DATA_DIR": str(installation.data_dir),
            "DJANGO_SETTINGS_MODULE": "banso.config.settings",
            "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    answers = {a["name"]: a for a in map(json.loads, done.stdout.splitlines())}
    expected = {name: [code] if code else [] for name, _, _, code in BAD}
    sys.stdout.write(done.stdout)
    assert {name: answers[name]["codes"][:1] for name in expected} == expected
    assert {n: a["megabytes"] for n, a in answers.items() if a["megabytes"] > MOST_MEGABYTES} == {}


@pytest.mark.parametrize("place", ["B2", ""])
def test_a_small_sheet_with_a_formatted_cell_far_out_is_read(place: str, tmp_path: Path) -> None:
    from banso.connectors.files import open_table

    path = tmp_path / "book.xlsx"
    head = f'<row r="1">{cell("A1", "id")}{cell("B1", "name")}</row>'
    body = f'<row r="2">{cell("A2", "1")}{cell(place, "X")}</row>'
    workbook(path, head + body + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert list(open_table(path).rows()) == [(2, ["1", "X"])]
