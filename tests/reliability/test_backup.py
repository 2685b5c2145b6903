"""A backup holds everything, is one state although others write, and gives all of it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reliability.busy_backups import back_up_while_writing
from tests.reliability.installation import PROJECTIONS, Installation
from tests.reliability.small_company import bring_company

#: What restoring itself writes: it makes the warehouse anew, in a job.
OF_RESTORING = (
    *PROJECTIONS,
    "django_tasks_database_dbtaskresult",
    "sqlite_sequence",
    "workspace_job",
    "workspace_workerheartbeat",
)
#: When a batch was last brought into the warehouse; the rebuild does that again.
OF_THE_WAREHOUSE = ("projected_at",)


def scores(installation: Installation) -> list[dict[str, object]]:
    said = installation.command("score", "--format", "json")
    return json.loads(said[said.index("[\n") :])


@pytest.mark.slow
def test_an_empty_place_becomes_what_the_full_one_was(
    installation: Installation, tmp_path: Path
) -> None:
    bring_company(installation, tmp_path / "files")
    uploads = installation.data_dir / "imports"
    uploads.mkdir(exist_ok=True)
    (uploads / "kept.csv").write_text("account_id,name\n")
    archive = tmp_path / "backup.tar.gz"
    installation.command("backup", str(archive))
    assert archive.stat().st_mode & 0o077 == 0, "others could read the signing key"

    restored = Installation(tmp_path / "elsewhere")
    restored.command("restore", str(archive))
    compared = {"without": OF_RESTORING, "blind": OF_THE_WAREHOUSE}
    assert restored.checksums(**compared) == installation.checksums(**compared)
    assert (restored.data_dir / "imports" / "kept.csv").exists()
    keys = [(place.data_dir / "secret.key").read_text() for place in (restored, installation)]
    assert keys[0] == keys[1]
    assert scores(restored) == scores(installation)
    months = "SELECT account_id, month, payload FROM health_scoremonth ORDER BY 1, 2"
    assert restored.query(months) == installation.query(months)
    assert len(installation.query(months)) > 100

    status, said = restored.attempt("restore", str(archive))
    assert (status, "exists already" in said) == (1, True)


@pytest.mark.slow
def test_a_backup_taken_while_others_write_is_one_state(
    installation: Installation, tmp_path: Path
) -> None:
    outcome = back_up_while_writing(installation, tmp_path, backups=1, rows=30_000)
    assert (outcome.torn, outcome.differs) == (0, [])
    assert outcome.backups == 1
    assert outcome.written_meanwhile > 0, "the writer had to wait for the backup"
