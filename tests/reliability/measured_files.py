"""Import each bad file in a process of its own and print its answer and memory, one line each.

python -m tests.reliability.measured_files FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def memory(name: str) -> int:
    """A line of the kernel's status of this process, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) >> 10
    raise KeyError(name)


def bring(path: Path) -> list[str]:
    """Import a file; the codes of what was wrong."""
    from banso.connectors.services.runs import create_import, run_import
    from banso.connectors.types import Kind
    from banso.kit.errors import BansoError
    from banso.workspace.types import SYSTEM

    try:
        run = create_import(actor=SYSTEM, path=path, kind=Kind.ACCOUNTS, source="crm")
        run = run_import(actor=SYSTEM, run=run, refresh=False)
    except BansoError as error:
        return [error.code if error.message and error.remedy else "no answer"]
    return [problem.code for problem in run.problems.order_by("row", "id")[:3]]


def measure(path: Path) -> dict[str, object]:
    """Import a file; its answer, the memory it took at most, and the seconds."""
    before, began = memory("VmRSS"), time.monotonic()
    codes = bring(path)
    return {
        "codes": codes,
        "megabytes": memory("VmHWM") - before,
        "seconds": round(time.monotonic() - began, 1),
    }


def tell(name: str, **found: object) -> None:
    """One line for the test to read."""
    sys.stdout.write(json.dumps({"name": name, **found}) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Warm up with a good file, then take each bad one in a child."""
    import django

    django.setup()
    from django.db import connections

    from tests.reliability.bad_files import BAD

    good = folder / "good.csv"
    good.write_text("account_id,name\nA1,会社\n")
    bring(good)
    for name, ending, write, _ in BAD:
        path = folder / f"bad{ending}"
        write(path)
        connections.close_all()
        if (child := os.fork()) == 0:
            tell(name, **measure(path))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            tell(name, codes=[f"status {status}"], megabytes=-1)
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
