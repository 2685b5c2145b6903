"""An archive that is damaged, changed or somebody else's is refused before anything is touched."""

from __future__ import annotations

import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as loaded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.config.cli.backup import copy_sqlite, write_backup
from banso.config.cli.prepare import is_prepared, remember_preparation
from banso.config.cli.restore import restore_backup
from banso.kit.errors import BansoError, ConflictError, InvalidInputError
from tests.reliability.archives import Place, manifest, members, pack

on_sqlite = pytest.mark.skipif(
    "sqlite" not in loaded.DATABASES["default"]["ENGINE"], reason="PostgreSQL has its own dump"
)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    return Place(monkeypatch, tmp_path)


@pytest.fixture
def archive(place: Place, tmp_path: Path) -> Path:
    """A backup of a small database and an uploaded file."""
    full = place.go("full")
    with closing(sqlite3.connect(full / "banso.sqlite3")) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE promise (text)")
        database.execute("INSERT INTO promise VALUES ('half the paper by March')")
    (full / "secret.key").write_text("key")
    (full / "imports").mkdir()
    (full / "imports" / "a.csv").write_text("account_id\nA1\n")
    write_backup(tmp_path / "backup.tar.gz")
    return tmp_path / "backup.tar.gz"


def odd_entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry


@on_sqlite
def test_what_is_in_the_archive_comes_back(archive: Path, place: Place) -> None:
    empty = place.go("empty")
    (empty / "banso.sqlite3-wal").write_bytes(b"left over from an earlier database")
    restore_backup(archive)
    with closing(sqlite3.connect(empty / "banso.sqlite3")) as database:
        assert database.execute("SELECT text FROM promise").fetchall() == [
            ("half the paper by March",)
        ]
    assert (empty / "secret.key").read_text() == "key"
    assert (empty / "imports" / "a.csv").read_text() == "account_id\nA1\n"
    with pytest.raises(ConflictError, match="exists already"):
        restore_backup(archive)


@on_sqlite
def test_what_was_restored_is_prepared_anew(archive: Path, place: Place) -> None:
    """The archive may be older than the code that prepared the directory."""
    place.go("empty")
    remember_preparation()
    restore_backup(archive)
    assert not is_prepared()


@on_sqlite
def test_a_directory_is_prepared_for_one_database(place: Place) -> None:
    folder = place.go("place")
    (folder / "banso.sqlite3").touch()
    assert not is_prepared()
    remember_preparation()
    assert is_prepared()
    place.use(str(folder / "other.sqlite3"))
    (folder / "other.sqlite3").touch()
    assert not is_prepared()


BAD: dict[str, Callable[[Path, Path], Path]] = {
    "cut off": lambda good, bad: _bytes(bad, good.read_bytes()[: good.stat().st_size // 2]),
    "cut off early": lambda good, bad: _bytes(bad, good.read_bytes()[:60]),
    "empty": lambda good, bad: _bytes(bad, b""),
    "not an archive": lambda good, bad: _bytes(bad, b"account_id,name\nA1,Company\n"),
    "a database": lambda good, bad: _bytes(bad, members(good)["banso.sqlite3"]),
    "somebody else's": lambda good, bad: pack(bad, {"readme.txt": b"hello"}),
    "no database": lambda good, bad: pack(
        bad, manifest({"manifest.json": members(good)["manifest.json"]}, files={})
    ),
    "a file too many": lambda good, bad: pack(bad, {**members(good), "files/x": b"x"}),
    "a file too few": lambda good, bad: pack(
        bad, {k: v for k, v in members(good).items() if k != "secret.key"}
    ),
    "a changed file": lambda good, bad: pack(bad, {**members(good), "secret.key": b"mine"}),
    "another version": lambda good, bad: pack(bad, manifest(members(good), format=99)),
    "another engine": lambda good, bad: pack(bad, manifest(members(good), engine="oracle")),
    "a manifest that is a list": lambda good, bad: pack(
        bad, {**members(good), "manifest.json": b"[]"}
    ),
    "a manifest without hashes": lambda good, bad: pack(bad, manifest(members(good), files=None)),
    "a way out": lambda good, bad: pack(bad, {**members(good), "../outside.txt": b"x"}),
    "a hidden way out": lambda good, bad: pack(bad, {**members(good), "a/../../outside.txt": b""}),
    "a link out": lambda good, bad: pack(
        bad, members(good), odd_entry("imports/l", tarfile.SYMTYPE, "../../outside.txt")
    ),
    "a link to the machine's files": lambda good, bad: pack(
        bad, members(good), odd_entry("imports/passwd", tarfile.SYMTYPE, "/etc/passwd")
    ),
    "a hard link out": lambda good, bad: pack(
        bad, members(good), odd_entry("imports/l", tarfile.LNKTYPE, "../../outside.txt")
    ),
    "a link to nothing": lambda good, bad: pack(
        bad, members(good), odd_entry("imports/l", tarfile.SYMTYPE, "nothing")
    ),
    "a device": lambda good, bad: pack(bad, members(good), odd_entry("imports/d", tarfile.CHRTYPE)),
}


def _bytes(target: Path, data: bytes) -> Path:
    target.write_bytes(data)
    return target


@on_sqlite
@pytest.mark.parametrize("name", BAD)
def test_a_bad_archive_is_refused_and_nothing_is_written(
    name: str, archive: Path, place: Place, tmp_path: Path
) -> None:
    bad = BAD[name](archive, tmp_path / "bad.tar.gz")
    outside = sorted(p.name for p in tmp_path.iterdir())
    empty = place.go("empty")
    with pytest.raises(InvalidInputError, match="bad"):
        restore_backup(bad)
    assert list(empty.iterdir()) == []
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*outside, "empty"])


@on_sqlite
def test_an_archive_larger_than_the_disk_is_refused(
    archive: Path, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.go("empty")
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Disk", (), {"free": 1000}))
    with pytest.raises(ConflictError, match="GB"):
        restore_backup(archive)


@on_sqlite
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), number=st.integers())
def test_a_flipped_bit_is_found_or_does_no_harm(
    share: float, bit: int, number: int, archive: Path, place: Place, tmp_path: Path
) -> None:
    data = bytearray(archive.read_bytes())
    data[int(share * len(data))] ^= 1 << bit
    bad = _bytes(tmp_path / "bad.tar.gz", bytes(data))
    empty = place.go(f"empty-{number}-{share}-{bit}")
    try:
        restore_backup(bad)
    except BansoError:
        assert not (empty / "banso.sqlite3").exists()
        return
    with closing(sqlite3.connect(empty / "banso.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM promise").fetchone() == (1,)
    assert (empty / "secret.key").read_text() == "key"


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Path]:
    """A database that another connection never stops writing to."""
    path = tmp_path / "busy.sqlite3"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE pairs (a, b)")
        filler = "x" * 2000
        database.executemany("INSERT INTO pairs VALUES (0, ?)", [(filler,)] * 20_000)
        database.execute("CREATE TABLE total (n)")
        database.execute("INSERT INTO total VALUES (0)")
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path)) as database:
            # Faster than any disk, so that there is no pause to slip through.
            database.execute("PRAGMA synchronous=OFF")
            while not stop.is_set():
                with database:
                    database.execute("INSERT INTO pairs VALUES (1, 1)")
                    database.execute("UPDATE total SET n = n + 1")

    writer = threading.Thread(target=write)
    writer.start()
    yield path
    stop.set()
    writer.join()


def test_a_copy_ends_although_others_never_stop_writing(busy: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite3"
    done = threading.Thread(target=copy_sqlite, args=(busy, copy), daemon=True)
    done.start()
    done.join(timeout=20)
    assert not done.is_alive(), "the copy began anew after every write"
    with closing(sqlite3.connect(copy)) as database:
        written = database.execute("SELECT count(*) FROM pairs WHERE a = 1").fetchone()
        assert database.execute("SELECT n FROM total").fetchone() == written
