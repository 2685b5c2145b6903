"""A database program that gives up is told in its own words, without a traceback."""

from __future__ import annotations

from pathlib import Path

import environ
import pytest

from banso.config.cli.backup import postgres_environment
from banso.config.cli.postgres_tools import run_tool
from banso.kit.errors import ConflictError


def program(folder: Path, script: str) -> dict[str, str]:
    tool = folder / "pg_dump"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


def test_what_the_program_said_is_in_the_error(tmp_path: Path) -> None:
    said = 'echo "pg_dump: error: connection refused" >&2; exit 3'
    with pytest.raises(ConflictError, match=r"exit status 3.*connection refused") as error:
        run_tool(["pg_dump", "--file=x"], program(tmp_path, said))
    assert error.value.remedy


def test_a_program_that_is_not_there_is_named_with_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="pg_dump is not installed") as error:
        run_tool(["pg_dump"], {"PATH": str(tmp_path)})
    assert "postgresql-client" in error.value.remedy


def test_a_program_that_succeeds_raises_nothing(tmp_path: Path) -> None:
    run_tool(["pg_dump"], program(tmp_path, "exit 0"))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "postgres://ann:pass@db.example:5433/banso?sslmode=verify-full&sslrootcert=/ca.pem",
            {"HOST": "db.example", "PORT": "5433", "USER": "ann", "PASSWORD": "pass",
             "SSLMODE": "verify-full", "SSLROOTCERT": "/ca.pem", "DATABASE": "banso"},
        ),
        ("postgres://ann@/banso?host=/run/pg",
         {"HOST": "/run/pg", "USER": "ann", "DATABASE": "banso"}),
    ],
)  # fmt: skip
def test_the_programs_reach_the_server_as_the_product_does(
    address: str, told: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.environ", {"PATH": "/bin"})
    found = postgres_environment(environ.Env.db_url_config(address))
    assert found == {"PATH": "/bin", **{f"PG{name}": value for name, value in told.items()}}
