"""Archives taken apart and put together, and empty places to restore them into."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from django.conf import settings


class Place:
    """A data directory that the settings point to while a function runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._patch, self._folder = monkeypatch, folder

    def go(self, name: str) -> Path:
        """Use the directory of that name from now on."""
        place = self._folder / name
        place.mkdir(parents=True, exist_ok=True)
        self._patch.setattr(settings, "DATA_DIR", place)
        self._patch.setattr(settings, "FILES_DIR", place)
        self._patch.setattr(settings, "WAREHOUSE_PATH", place / "warehouse.duckdb")
        self.use(str(place / "banso.sqlite3"))
        return place

    def use(self, database: str) -> None:
        """Name the database."""
        self._patch.setitem(settings.DATABASES["default"], "NAME", database)


def members(archive: Path) -> dict[str, bytes]:
    """The files of an archive by name."""
    with tarfile.open(archive) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar if m.isfile()}  # type: ignore[union-attr]


def pack(target: Path, files: dict[str, bytes], *odd: tarfile.TarInfo) -> Path:
    """An archive of these files and of entries that are none."""
    with tarfile.open(target, "w:gz") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        for entry in odd:
            tar.addfile(entry)
    return target


def manifest(kept: dict[str, bytes], **changes: object) -> dict[str, bytes]:
    """The files with other words in their manifest."""
    known = json.loads(kept["manifest.json"])
    return {**kept, "manifest.json": json.dumps({**known, **changes}).encode()}
