"""PostgreSQL's own dump brings everything back, or nothing."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from banso.config.cli.backup import write_backup
from banso.config.cli.restore import restore_backup
from banso.kit.errors import ConflictError, InvalidInputError
from tests.reliability.archives import Place, manifest, members, pack
from tests.reliability.installation import Installation
from tests.reliability.servers import IS_POSTGRES, SERVER, reach

pytestmark = pytest.mark.skipif(not IS_POSTGRES, reason="SQLite has its own copy")
#: Tests that run side by side must not meet.
FULL, EMPTY = (f"banso_{os.getpid()}_{name}" for name in ("full", "empty"))


def ask(database: str, statement: str) -> list[tuple[Any, ...]]:
    with reach(database) as server:
        return server.execute(statement).fetchall()


def tables(database: str) -> list[tuple[Any, ...]]:
    return ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


@contextmanager
def two_databases() -> Iterator[None]:
    with reach(SERVER["NAME"]) as server:
        for name in (FULL, EMPTY):
            server.execute(f"CREATE DATABASE {name}")
        yield
        for name in (FULL, EMPTY):
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class ServerPlace(Place):
    """A directory and the database of the same name."""

    def go(self, name: str) -> Path:
        """Use both from now on."""
        connection.close()
        place = super().go(name)
        self.use(name)
        return place


@pytest.fixture
def place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, django_db_blocker: Any
) -> Iterator[ServerPlace]:
    with two_databases(), django_db_blocker.unblock():
        yield ServerPlace(monkeypatch, tmp_path)
        connection.close()


@pytest.fixture
def archive(place: ServerPlace, tmp_path: Path) -> Path:
    """A backup of a small database, the key and an uploaded file."""
    full = place.go(FULL)
    with reach(FULL) as database:
        database.execute("CREATE TABLE promise (id serial PRIMARY KEY, text text NOT NULL)")
        database.execute("INSERT INTO promise (text) VALUES ('half the paper by March')")
    (full / "secret.key").write_text("key")
    (full / "imports").mkdir()
    (full / "imports" / "a.csv").write_text("account_id\nA1\n")
    write_backup(tmp_path / "backup.tar.gz")
    return tmp_path / "backup.tar.gz"


def test_what_is_in_the_archive_comes_back(archive: Path, place: ServerPlace) -> None:
    empty = place.go(EMPTY)
    restore_backup(archive)
    promises = "SELECT id, text FROM promise ORDER BY id"
    assert ask(EMPTY, promises) == [(1, "half the paper by March")]
    assert (empty / "secret.key").read_text() == "key"
    assert (empty / "imports" / "a.csv").read_text() == "account_id\nA1\n"
    # The counter of keys came back too, so that new rows do not meet old ones.
    assert ask(EMPTY, "INSERT INTO promise (text) VALUES ('a call') RETURNING id") == [(2,)]
    with pytest.raises(ConflictError, match="not empty"):
        restore_backup(archive)


def test_a_dump_that_breaks_off_leaves_an_empty_database(
    archive: Path, place: ServerPlace, tmp_path: Path
) -> None:
    place.go(EMPTY)
    kept = members(archive)
    kept["banso.pgdump"] = kept["banso.pgdump"][:-20]
    vouched = {name: hashlib.sha256(data).hexdigest() for name, data in kept.items()}
    del vouched["manifest.json"]
    short = pack(tmp_path / "short.tar.gz", manifest(kept, files=vouched))
    with pytest.raises(ConflictError, match="pg_restore failed"):
        restore_backup(short)
    assert tables(EMPTY) == []
    restore_backup(archive)
    assert tables(EMPTY) == [("promise",)]


def test_a_changed_dump_is_refused_before_anything_is_touched(
    archive: Path, place: ServerPlace, tmp_path: Path
) -> None:
    empty = place.go(EMPTY)
    changed = pack(tmp_path / "bad.tar.gz", {**members(archive), "banso.pgdump": b"DROP"})
    with pytest.raises(InvalidInputError, match="damaged"):
        restore_backup(changed)
    assert (tables(EMPTY), list(empty.iterdir())) == ([], [])


@dataclass(frozen=True, slots=True)
class ServerInstallation(Installation):
    """A data directory whose database is one of the server's."""

    database: str

    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        address = urlsplit(os.environ["BANSO_DATABASE_URL"])
        url = address._replace(path=f"/{self.database}").geturl()
        return {**Installation.environment(self), "BANSO_DATABASE_URL": url}


def test_an_installation_moves_to_another_database_by_its_commands(tmp_path: Path) -> None:
    with two_databases():
        old, new = (ServerInstallation(tmp_path / name, name) for name in (FULL, EMPTY))
        old.command("user", "ann@banso.example", "--generate")
        archive = tmp_path / "backup.tar.gz"
        old.command("backup", str(archive))
        new.command("restore", str(archive))
        people = "SELECT email, password FROM workspace_user"
        assert ask(EMPTY, people) == ask(FULL, people) != []
        assert "whole" in new.command("audit")
        status, said = new.attempt("restore", str(archive))
        assert (status, "not empty" in said) == (1, True)
