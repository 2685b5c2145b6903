"""``banso backup``: everything that must not be lost, in one file, while the product runs."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

from banso.config.cli.postgres_tools import run_tool
from banso.config.cli.prepare import prepare, say
from banso.kit import clock
from banso.kit.errors import ConflictError

FORMAT = 1
MANIFEST = "manifest.json"
#: Name of the database's copy in the archive, by engine.
DATABASES = {"sqlite": "banso.sqlite3", "postgresql": "banso.pgdump"}
#: What lies beside the database and cannot be made anew.
KEPT = ("secret.key", "files", "imports")
_FOLDERS = KEPT[1:]
#: How a PostgreSQL server is reached and how it proves who it is, in the words of its address.
_CONNECTION = ("host", "port", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="where to (default: banso-DATE.tar.gz)")


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that others are writing to.

    In one step, which reads one state and keeps nobody from writing: a copy in several steps
    begins anew after every write of others and may never end.
    """
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def postgres_environment(database: dict[str, object]) -> dict[str, str]:
    """What PostgreSQL's own programs need to reach the database, without a password on display."""
    # A socket's directory stands in the query of the address, and so among the options.
    options: dict[str, object] = database.get("OPTIONS") or {}  # type: ignore[assignment]
    given = {name: database.get(name.upper()) or options.get(name) for name in _CONNECTION}
    found = {f"PG{name.upper()}": str(value) for name, value in given.items() if value}
    return {**os.environ, **found, "PGDATABASE": str(database["NAME"])}


def _dump(folder: Path) -> tuple[str, Path]:
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in str(database["ENGINE"]):
        target = folder / DATABASES["sqlite"]
        copy_sqlite(Path(str(database["NAME"])), target)
        return "sqlite", target
    target = folder / DATABASES["postgresql"]
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={target}"]
    run_tool(command, postgres_environment(database))
    return "postgresql", target


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


def home_of(kept: str) -> Path:
    """The directory in which something of :data:`KEPT` lies: machines may share their files."""
    from django.conf import settings

    return Path(settings.FILES_DIR if kept in _FOLDERS else settings.DATA_DIR)


def _kept_files() -> Iterator[tuple[Path, str]]:
    """Each file with its name in the archive."""
    for name in KEPT:
        home = home_of(name)
        path = home / name
        inside = path.rglob("*") if path.is_dir() else [path]
        # A lock says which process writes an import; it means nothing elsewhere.
        found = sorted(p for p in inside if p.is_file() and p.suffix != ".lock")
        yield from ((file, file.relative_to(home).as_posix()) for file in found)


def _fill(archive: tarfile.TarFile, dump: tuple[str, Path]) -> None:
    engine, database = dump
    files = [(database, database.name), *_kept_files()]
    hashes: dict[str, str] = {}
    for path, name in files:
        with path.open("rb") as file:
            hashed = _Hashed(file)
            archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), hashed)
        hashes[name] = hashed.digest.hexdigest()
    made_at = clock.now().isoformat()
    manifest = {"format": FORMAT, "engine": engine, "made_at": made_at, "files": hashes}
    data = json.dumps(manifest, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def write_backup(target: Path) -> int:
    """Write the archive and return its size in bytes; an existing file is never overwritten."""
    from django.conf import settings

    if target.exists():
        raise ConflictError(f"{target} exists already.", remedy="Name another file.")
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        dump = _dump(Path(name))
        # Nobody else may read it at any moment: it holds the signing key.
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
                _fill(archive, dump)
            file.flush()
            os.fsync(file.fileno())
    part.rename(target)
    return target.stat().st_size


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    target = Path(options.file or f"banso-{clock.now():%Y%m%d-%H%M%S}.tar.gz").resolve()
    size = write_backup(target)
    say(f"Everything is in {target} ({size / 1e6:.1f} MB). It holds the signing key: keep it safe.")
    return 0
