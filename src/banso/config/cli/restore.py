"""``banso restore``: bring a backup into an empty data directory."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import django

from banso.config.cli.backup import FORMAT, postgres_environment
from banso.config.cli.prepare import prepare, say
from banso.kit.errors import ConflictError, InvalidInputError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file written by banso backup")


def _open(path: Path, folder: Path) -> dict[str, object]:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise InvalidInputError(f"{path} is not a backup: {error}.") from error
    if manifest.get("format") != FORMAT:
        raise InvalidInputError(
            f"{path} was written by another version (format {manifest.get('format')}).",
            remedy="Restore it with the version that wrote it, then upgrade.",
        )
    return dict(manifest)


def _fill_database(folder: Path, engine: object) -> None:
    from django.conf import settings
    from django.db import connection

    database = settings.DATABASES["default"]
    if engine != connection.vendor:
        raise ConflictError(
            f"The backup is from {engine}, this installation uses {connection.vendor}.",
            remedy="Set or unset BANSO_DATABASE_URL to match.",
        )
    if engine == "sqlite":
        target = Path(str(database["NAME"]))
        if target.exists():
            raise ConflictError(
                f"{target} exists already.", remedy="Name an empty place with --data-dir."
            )
        shutil.move(folder / "banso.sqlite3", target)
        return
    if connection.introspection.table_names():
        raise ConflictError("The database is not empty.", remedy="Create an empty one.")
    environment = postgres_environment(database)
    command = ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={database['NAME']}"]
    subprocess.run([*command, str(folder / "banso.pgdump")], check=True, env=environment)


def restore_backup(path: Path) -> None:
    """Fill an empty installation from an archive; the warehouse is made anew afterwards."""
    from django.conf import settings

    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        folder = Path(name)
        manifest = _open(path, folder)
        _fill_database(folder, manifest["engine"])
        if (folder / "secret.key").exists():
            shutil.move(folder / "secret.key", settings.DATA_DIR / "secret.key")
        if (folder / "files").exists():
            shutil.copytree(folder / "files", settings.DATA_DIR / "files", dirs_exist_ok=True)
    settings.WAREHOUSE_PATH.unlink(missing_ok=True)


def run(options: argparse.Namespace) -> int:
    django.setup()
    restore_backup(options.file)
    prepare(static=False)

    from banso.config.cli.rebuild import rebuild

    rebuild()
    say("Restored. Start it with ./banso serve")
    return 0
