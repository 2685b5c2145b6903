"""An installation of its own, driven through the command line and looked at from outside."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import banso.config  # noqa: F401 - brings the SQLite that the product uses

import sqlite3  # isort: skip

ROOT = Path(__file__).resolve().parents[2]
#: What changes by being looked at: sign-ins, the queue, signs of life, the log of what was done.
BOOKKEEPING = (
    "django_session",
    "django_tasks_database_dbtaskresult",
    "sqlite_sequence",
    "workspace_audit",
    "workspace_job",
    "workspace_schedule",
    "workspace_workerheartbeat",
    "workspace_workerlease",
    "connectors_",
)
#: Tables that are made anew from the others.
PROJECTIONS = (
    "health_metriccolumn",
    "health_pulse",
    "health_scoremonth",
    "health_signal",
    "usage_usageprofile",
)


@dataclass(frozen=True, slots=True)
class Installation:
    """A data directory with the product in it."""

    data_dir: Path

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a command and go on; its output is a pipe."""
        return subprocess.Popen(
            self.arguments(*arguments),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def arguments(self, *arguments: str) -> list[str]:
        """The command line of a command."""
        return [sys.executable, "-m", "banso", *arguments, "--data-dir", str(self.data_dir)]

    def attempt(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end: its status and all that it says."""
        process = self.start(*arguments)
        said, _ = process.communicate()
        return process.returncode, said

    def command(self, *arguments: str) -> str:
        """Run a command that must succeed."""
        status, said = self.attempt(*arguments)
        assert status == 0, said
        return said

    def python(self, script: str) -> str:
        """Run a script that uses the product; what it prints."""
        settings = {"DJANGO_SETTINGS_MODULE": "banso.config.settings"}
        place = {"BANSO_DATA_DIR": str(self.data_dir)}
        process = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{script}"],
            env={**self.environment(), **settings, **place},
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        return process.stdout

    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {k: v for k, v in os.environ.items() if k != "BANSO_DATA_DIR"}
        return {**kept, "PYTHONPATH": str(ROOT / "src")}

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read from outside the product."""
        if url := os.environ.get("BANSO_DATABASE_URL"):
            return _ask_postgres(url, statement)
        path = self.data_dir / "banso.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            try:
                return list(connection.execute(statement))
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def execute(self, statement: str) -> None:
        """Change the database from outside the product."""
        if url := os.environ.get("BANSO_DATABASE_URL"):
            _ask_postgres(url, statement)
            return
        path = self.data_dir / "banso.sqlite3"
        with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
            connection.execute(statement)

    def tables(self) -> list[str]:
        """Every table."""
        if os.environ.get("BANSO_DATABASE_URL"):
            found = self.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        else:
            found = self.query("SELECT name FROM sqlite_master WHERE type = 'table'")
        return sorted(name for (name,) in found)

    def checksums(
        self, *, without: Iterable[str] = (), blind: Iterable[str] = ()
    ) -> dict[str, tuple[int, str]]:
        """Number of rows and a checksum of each table.

        Args:
            without: tables whose names begin so are left out.
            blind: columns that do not count.
        """
        kept = [name for name in self.tables() if not name.startswith(tuple(without))]
        return {name: self._checksum(name, set(blind)) for name in kept}

    def _checksum(self, table: str, blind: set[str]) -> tuple[int, str]:
        names = ", ".join(f'"{name}"' for name in self._columns(table) if name not in blind)
        count, total = 0, 0
        for row in self.query(f'SELECT {names} FROM "{table}"'):
            digest = hashlib.blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=8)
            count, total = count + 1, total + int.from_bytes(digest.digest(), "big")
        return count, f"{total % 2**64:016x}"

    def _columns(self, table: str) -> list[str]:
        if os.environ.get("BANSO_DATABASE_URL"):
            found = self.query(
                "SELECT column_name FROM information_schema.columns"
                f" WHERE table_name = '{table}' ORDER BY ordinal_position"
            )
            return [name for (name,) in found]
        return [row[1] for row in self.query(f'PRAGMA table_info("{table}")')]


def kill(process: subprocess.Popen[str]) -> bool:
    """End a process as a power cut would; false when it had already ended."""
    if process.poll() is not None:
        process.communicate()
        return False
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return True


def _ask_postgres(url: str, statement: str) -> list[tuple[Any, ...]]:
    import psycopg

    parts = urlsplit(url)
    host = dict(p.split("=", 1) for p in parts.query.split("&") if p).get("host", parts.hostname)
    with psycopg.connect(
        host=host,
        port=parts.port or 5432,
        user=parts.username,
        password=parts.password,
        dbname=parts.path.lstrip("/"),
    ) as connection:
        try:
            found = connection.execute(statement)  # type: ignore[arg-type]
            return list(found) if found.description else []
        except psycopg.errors.UndefinedTable:
            return []
