"""Running the programs that come with PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence

from banso.kit.errors import ConflictError

_INSTALL = "sudo apt-get install postgresql-client"
#: The end of what a program says is where it says why it gave up.
_LAST_LINES = 8


def run_tool(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run ``pg_dump`` or ``pg_restore`` to its end.

    Raises:
        ConflictError: it is not installed, or gave up; with what it said itself.
    """
    name = command[0]
    if not shutil.which(name, path=environment.get("PATH")):
        raise ConflictError(f"{name} is not installed.", remedy=_INSTALL)
    done = subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, errors="replace"
    )
    if done.returncode == 0:
        return
    said = "\n".join(done.stderr.strip().splitlines()[-_LAST_LINES:])
    raise ConflictError(
        f"{name} failed (exit status {done.returncode}): {said or 'it did not say why.'}",
        code="database-tool-failed",
        remedy="Check that the database runs and may be reached, and that the version of "
        f"{name} is not older than the server’s.",
    )
