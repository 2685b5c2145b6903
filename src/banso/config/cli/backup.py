"""``banso backup``: everything that must not be lost, in one file, while the product runs."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

from banso.config.cli.prepare import prepare, say
from banso.kit import clock
from banso.kit.errors import ConflictError

FORMAT = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to (default: banso-DATE.tar.gz)")


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that others are writing to."""
    with sqlite3.connect(source) as live, sqlite3.connect(target) as copy:
        live.backup(copy, pages=2000)


def postgres_environment(database: dict[str, object]) -> dict[str, str]:
    """What PostgreSQL's own programs need to reach the database, without a password on display."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    found = {key: str(database[name]) for key, name in names.items() if database.get(name)}
    return {**os.environ, **found, "PGDATABASE": str(database["NAME"])}


def _dump(folder: Path) -> str:
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in str(database["ENGINE"]):
        copy_sqlite(Path(str(database["NAME"])), folder / "banso.sqlite3")
        return "sqlite"
    if not shutil.which("pg_dump"):
        raise ConflictError(
            "pg_dump is not installed.", remedy="sudo apt-get install postgresql-client"
        )
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={folder / 'banso.pgdump'}"]
    subprocess.run(command, check=True, env=postgres_environment(database))
    return "postgresql"


def write_backup(target: Path) -> int:
    """Write the archive and return its size in bytes; an existing file is never overwritten."""
    from django.conf import settings

    if target.exists():
        raise ConflictError(f"{target} exists already.", remedy="Name another file.")
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        folder = Path(name)
        engine = _dump(folder)
        manifest = {"format": FORMAT, "engine": engine, "made_at": clock.now().isoformat()}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        with tarfile.open(part, "w:gz", compresslevel=3) as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name)
            for extra in ("secret.key", "files"):
                if (settings.DATA_DIR / extra).exists():
                    archive.add(settings.DATA_DIR / extra, extra)
    part.chmod(0o600)
    part.rename(target)
    return target.stat().st_size


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    target = Path(options.file or f"banso-{clock.now():%Y%m%d-%H%M%S}.tar.gz").resolve()
    size = write_backup(target)
    say(f"Everything is in {target} ({size / 1e6:.1f} MB). It holds the signing key: keep it safe.")
    return 0
