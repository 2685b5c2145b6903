"""Which address of a database server counts, and what is made of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from banso.config.database import VARIABLES, database_server


@pytest.fixture(autouse=True)
def _no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_without_an_address_there_is_no_server() -> None:
    assert database_server() is None


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
@pytest.mark.parametrize("name", VARIABLES)
def test_either_name_will_do(name: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"{scheme}://banso:p%40ss@db.example:5433/sales")
    found = database_server() or {}
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "sales")
    assert (found["USER"], found["PASSWORD"]) == ("banso", "p@ss")
    assert found["ENGINE"] == "django.db.backends.postgresql"


def test_our_own_name_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/other")
    monkeypatch.setenv("BANSO_DATABASE_URL", "postgres://here/ours")
    assert (database_server() or {})["NAME"] == "ours"


def test_what_the_address_says_goes_before_our_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db/x?sslmode=require&application_name=web-2")
    options = (database_server() or {})["OPTIONS"]
    assert (options["sslmode"], options["application_name"]) == ("require", "web-2")
    assert "tcp_keepalives_idle=10" in options["options"]


def test_another_database_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@db/x")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must begin with") as caught:
        database_server()
    assert "hunter2" not in str(caught.value)
