"""``banso doctor``: check this machine and this installation, and say what to do."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import django

from banso.config.cli.doctor_engine import engine
from banso.config.cli.doctor_work import WORK
from banso.config.cli.findings import Finding, good

SAFE_SQLITE = (3, 51, 3)
FREE_BYTES = 2 * 10**9
LIBRARIES = ("Django", "duckdb", "ibis-framework", "sqlglot", "pyarrow", "numpy", "granian")


def _versions() -> Iterator[Finding]:
    yield good("Python", f"{platform.python_version()} at {sys.executable}")
    yield good("Libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES))


def _sqlite_build() -> Iterator[Finding]:
    found = tuple(int(part) for part in sqlite3.sqlite_version.split("."))
    if found >= SAFE_SQLITE:
        yield good("SQLite build", sqlite3.sqlite_version)
    else:
        yield Finding(
            "SQLite build",
            "bad",
            f"{sqlite3.sqlite_version} can corrupt a database in WAL mode",
            "rm -r .venv && ./banso doctor   (the lock brings a fixed build)",
        )


def _directories() -> Iterator[Finding]:
    from django.conf import settings

    yield _directory("Data directory", settings.DATA_DIR)
    if settings.FILES_DIR != settings.DATA_DIR:
        yield _directory("Shared files", settings.FILES_DIR)


def _directory(what: str, folder: Path) -> Finding:
    if not os.access(folder, os.W_OK):
        return Finding(what, "bad", f"{folder} cannot be written", f"chown it: {folder}")
    free = shutil.disk_usage(folder).free
    # The warehouse can be made anew beside the old one, and a backup is put together here.
    needed = max(
        FREE_BYTES, sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    )
    detail = f"{folder}, {free / 1e9:.1f} GB free"
    if free < needed:
        return Finding(what, "warn", f"{detail} of {needed / 1e9:.1f} GB needed", "Make room.")
    return good(what, detail)


def _database() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    connection.ensure_connection()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            cursor.execute("PRAGMA quick_check(1)")
            whole = cursor.fetchone()[0]
        else:
            cursor.execute("SHOW server_version")
            mode, whole = f"PostgreSQL {cursor.fetchone()[0]}", "ok"
    if whole != "ok":
        yield Finding("Database", "bad", str(whole), "./banso restore BACKUP --data-dir NEW")
        return
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Finding(
            "Database", "warn", f"{len(waiting)} migrations wait", "./banso serve applies them"
        )
    else:
        yield good("Database", f"{connection.vendor}, {mode}")


def _clock() -> Iterator[Finding]:
    from django.conf import settings

    probe = settings.DATA_DIR / ".clock"
    probe.touch()
    drift = abs(probe.stat().st_mtime - time.time())
    probe.unlink()
    try:
        ZoneInfo("Asia/Tokyo")
    except ZoneInfoNotFoundError:
        yield Finding("Clock", "bad", "no time zone data", "sudo apt-get install tzdata")
        return
    if drift > 5 or time.time() < 1_700_000_000:
        yield Finding(
            "Clock", "warn", f"differs from the disk's by {drift:.0f} s", "timedatectl status"
        )
    else:
        yield good("Clock", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))


def _fonts() -> Iterator[Finding]:
    remedy = "sudo apt-get install fonts-noto-cjk"
    if not shutil.which("fc-list"):
        yield Finding("Fonts", "warn", "cannot tell: fontconfig is not installed", remedy)
        return
    done = subprocess.run(["fc-list", ":lang=ja", "family"], capture_output=True, text=True)
    families = sorted({line.split(",")[0] for line in done.stdout.splitlines()})
    if families:
        yield good("Fonts", f"Japanese: {', '.join(families[:3])}")
    else:
        yield Finding("Fonts", "warn", "no Japanese font; pictures would show boxes", remedy)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _versions,
    _sqlite_build,
    _directories,
    _clock,
    _fonts,
    _database,
    engine,
    *WORK,
)
SIGNS = {"ok": "ok  ", "warn": "warn", "bad": "BAD "}


def examine() -> list[Finding]:
    """All findings; a check that cannot run is itself a finding."""
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings.extend(check())
        except Exception as error:
            name = check.__name__.strip("_").replace("_", " ").capitalize()
            findings.append(
                Finding(name, "bad", f"{type(error).__name__}: {error}", "./banso serve")
            )
    return findings


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    django.setup()
    findings = examine()
    for finding in findings:
        print(f"{SIGNS[finding.state]}  {finding.what:<15} {finding.detail}")
        if finding.remedy:
            print(f"      {'':<15} → {finding.remedy}")
    return 1 if any(finding.state == "bad" for finding in findings) else 0
