"""The throwaway server goes with the command, also when it is told to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "script" / "with-postgres"
SAY_AND_WAIT = (
    "import os, time; print(os.environ['BANSO_DATABASE_URL'], flush=True); time.sleep(99)"
)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_and_leaves_nothing(number: signal.Signals) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "BANSO_DATABASE_URL"}
    with subprocess.Popen(
        [sys.executable, SCRIPT, sys.executable, "-c", SAY_AND_WAIT],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as script:
        assert script.stdout is not None
        folder = Path(script.stdout.readline().strip().partition("host=")[2])
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        script.send_signal(number)
        assert script.wait(timeout=60) == 128 + number
    assert not folder.exists()
    # What has ended may stand in the list of processes for a while, without a command.
    command = Path(f"/proc/{server}/cmdline")
    assert not command.exists() or command.read_bytes() == b""
