"""``banso test``: installs what the tests need, then runs every check and test."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from banso.config.cli.prepare import say
from banso.config.paths import PACKAGE

ROOT = PACKAGE.parent.parent
#: Program → Debian package that brings it.
NEEDED = {
    "chromium": "chromium",
    "initdb": "postgresql",
    "git": "git",
    "strace": "strace",
    "java": "default-jre-headless",
}
JAPANESE_FONT = "fonts-noto-cjk"


@dataclass(frozen=True, slots=True)
class Check:
    """One command that must succeed."""

    name: str
    command: Sequence[str]
    fast: bool = True


PYTHON = sys.executable
BIN = Path(PYTHON).parent
FAST_TESTS = (PYTHON, "-m", "pytest", "-q", "-m", "not slow", "-n", "2")
DJANGO = (PYTHON, "-m", "django")
SETTINGS = "--settings=banso.config.settings"
CHECKS = (
    Check("lint", (str(BIN / "ruff"), "check", ".")),
    Check("format", (str(BIN / "ruff"), "format", "--check", ".")),
    Check("types", (str(BIN / "mypy"),), fast=False),
    Check("import contracts", (str(BIN / "lint-imports"), "--no-logo")),
    Check("translations", (PYTHON, "script/messages", "missing")),
    Check("migrations", (*DJANGO, "makemigrations", "--check", "--dry-run", SETTINGS)),
    Check("fast tests", FAST_TESTS),
    Check(
        "fast tests on PostgreSQL",
        # Generated tests draw more examples here than one waits for all day.
        (PYTHON, "script/with-postgres", *FAST_TESTS, "--hypothesis-profile=full"),
        fast=False,
    ),
    Check("slow tests", (PYTHON, "-m", "pytest", "-q", "-m", "slow and not cluster"), fast=False),
    Check(
        "several machines on PostgreSQL",
        (
            PYTHON,
            "script/with-postgres",
            PYTHON,
            "-m",
            "pytest",
            "-q",
            "-m",
            "slow",
            "tests/reliability/test_two_machines.py",
            "tests/reliability/test_two_machines_live.py",
        ),
        fast=False,
    ),
    Check(
        "metrics on a Spark cluster",
        (
            PYTHON,
            "script/with-spark",
            PYTHON,
            "-m",
            "pytest",
            "-q",
            "-m",
            "cluster",
            "tests/engine",
        ),
        fast=False,
    ),
)


def find_program(name: str) -> str | None:
    """A program on the path or where Debian keeps PostgreSQL's."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name) or next(
        (str(folder / name) for folder in folders if (folder / name).exists()), None
    )


def missing_packages() -> list[str]:
    """Debian packages that the tests need and this machine lacks."""
    packages = [package for name, package in NEEDED.items() if not find_program(name)]
    fonts = (
        subprocess.run(["fc-list", ":lang=ja"], capture_output=True)
        if shutil.which("fc-list")
        else None
    )
    return packages + ([] if fonts and fonts.stdout.strip() else [JAPANESE_FONT, "fontconfig"])


def install(packages: list[str]) -> bool:
    """Install Debian packages where we may; false when a person has to."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    say(f"Installing {', '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, **quiet).returncode == 0  # type: ignore[call-overload,no-any-return]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fast", action="store_true", help="only what one runs all day")


def run(options: argparse.Namespace) -> int:
    if not options.fast and (packages := missing_packages()) and not install(packages):
        say(
            f"The tests need more than this machine has. Run this, then try again:\n\n"
            f"    sudo apt-get install {' '.join(packages)}\n"
        )
        return 1
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="banso-checks-") as folder:
        failed = _failures(folder, fast_only=options.fast)
    say(f"\nFailed: {', '.join(failed)}" if failed else "\nEverything passed.")
    return 1 if failed else 0


def _failures(folder: str, *, fast_only: bool) -> list[str]:
    """Run the checks on a data directory of their own; the names of those that failed."""
    for name in ("vendor", "static"):
        Path(folder, name).mkdir()
    # Without the settings' name: pytest would read them before the tests choose their directory.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environment["BANSO_DATA_DIR"] = folder
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Hundreds of processes would each compile everything anew, which takes them seconds.
        environment["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
    failed = []
    for check in CHECKS:
        if fast_only and not check.fast:
            continue
        say(f"\n── {check.name} " + "─" * (60 - len(check.name)))
        began = time.monotonic()
        if subprocess.run(check.command, env=environment).returncode:
            failed.append(check.name)
        say(f"   {time.monotonic() - began:.0f} s")
    return failed
