"""``banso restore``: bring a backup into an empty data directory."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import django

from banso.config.cli.backup import (
    DATABASES,
    FORMAT,
    KEPT,
    MANIFEST,
    home_of,
    postgres_environment,
)
from banso.config.cli.postgres_tools import run_tool
from banso.config.cli.prepare import forget_preparation, prepare, say
from banso.kit.errors import ConflictError, InvalidInputError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file written by banso backup")


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Take the archive apart and return its manifest, once every file is as it was written."""
    try:
        with tarfile.open(path) as archive:
            entries = archive.getmembers()
            if odd := [entry.name for entry in entries if not (entry.isfile() or entry.isdir())]:
                raise ValueError(f"“{odd[0]}” is no file")
            _require_room(sum(entry.size for entry in entries), folder)
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text())
        if not isinstance(manifest, dict):
            raise ValueError("its manifest says nothing")
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError) as error:
        raise InvalidInputError(
            f"{path} is not a backup, or it is damaged: {error}.",
            remedy="Name a file that banso backup wrote, or an earlier one.",
        ) from error
    if manifest.get("format") != FORMAT:
        raise InvalidInputError(
            f"{path} was written by another version (format {manifest.get('format')}).",
            remedy="Restore it with the version that wrote it, then upgrade.",
        )
    _require_unchanged(path, folder, manifest.get("files"))
    if DATABASES.get(manifest.get("engine", ""), "") not in manifest["files"]:
        raise InvalidInputError(f"{path} holds no database.", remedy="Use another backup.")
    return manifest


def _require_room(needed: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise ConflictError(
            f"The backup needs {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free.",
            remedy="Make room, or name a data directory on a larger disk.",
        )


def _require_unchanged(path: Path, folder: Path, files: object) -> None:
    found = {
        file.relative_to(folder).as_posix(): _sha256(file)
        for file in folder.rglob("*")
        if file.is_file() and file != folder / MANIFEST
    }
    if found != files:
        told = files if isinstance(files, dict) else {}
        names = {*found, *told}
        differing = sorted(name for name in names if found.get(name) != told.get(name))
        raise InvalidInputError(
            f"{path} is damaged or was changed: {', '.join(differing[:5]) or MANIFEST}.",
            remedy="Use an earlier backup.",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _require_empty(engine: object) -> None:
    from django.conf import settings
    from django.db import connection

    if engine != connection.vendor:
        raise ConflictError(
            f"The backup is from {engine}, this installation uses {connection.vendor}.",
            remedy="Set or unset BANSO_DATABASE_URL to match.",
        )
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    if engine == "sqlite" and target.exists():
        raise ConflictError(
            f"{target} exists already.", remedy="Name an empty place with --data-dir."
        )
    if engine != "sqlite" and connection.introspection.table_names():
        raise ConflictError("The database is not empty.", remedy="Create an empty one.")


def _fill_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as copy:
        if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise InvalidInputError("The database in the backup is damaged.")
    # A log left over from an earlier database would be played into this one.
    for suffix in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.move(source, target)


def _fill_postgres(source: Path, database: dict[str, Any]) -> None:
    environment = postgres_environment(database)
    # All or nothing: half a database would count as one that is not empty.
    command = ["pg_restore", "--no-owner", "--single-transaction", f"--dbname={database['NAME']}"]
    run_tool([*command, str(source)], environment)


def restore_backup(path: Path) -> None:
    """Fill an empty installation from an archive; the warehouse is made anew afterwards.

    Raises:
        InvalidInputError: it is no backup, is damaged, or was written by another version.
        ConflictError: the place is not empty, or too small.
    """
    from django.conf import settings

    database = settings.DATABASES["default"]
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        folder = Path(name)
        manifest = _unpack(path, folder)
        _require_empty(manifest["engine"])
        for kept in KEPT:
            if (folder / kept).is_dir():
                shutil.copytree(folder / kept, home_of(kept) / kept, dirs_exist_ok=True)
            elif (folder / kept).exists():
                shutil.move(folder / kept, home_of(kept) / kept)
        # The database comes last: a place with one counts as restored.
        source = folder / DATABASES[manifest["engine"]]
        if manifest["engine"] == "sqlite":
            _fill_sqlite(source, Path(str(database["NAME"])))
        else:
            _fill_postgres(source, database)
    settings.WAREHOUSE_PATH.unlink(missing_ok=True)
    # The archive may come from an earlier version, whose tables have to be brought up to date.
    forget_preparation()


def run(options: argparse.Namespace) -> int:
    django.setup()
    restore_backup(options.file)
    prepare(static=False)

    from banso.config.cli.rebuild import rebuild

    rebuild()
    say("Restored. Start it with ./banso serve")
    return 0
