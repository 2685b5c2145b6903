"""Getting an installation ready: tables, default settings, static files; again as code changes."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from banso.config.paths import PACKAGE

#: Any number that nobody else uses on this database.
_TABLES_LOCK = 0x62616E736F


def say(text: str) -> None:
    """One line to the person in front of the terminal, apart from the command's own output."""
    print(text, file=sys.stderr, flush=True)


class Steps:
    """Numbered steps with the time each took."""

    def __init__(self, total: int) -> None:
        self._total, self._at = total, 0

    def do(self, label: str, work: Callable[[], object]) -> None:
        """Announce a step, do it, say how long it took."""
        self._at += 1
        print(f"[{self._at}/{self._total}] {label} … ", end="", file=sys.stderr, flush=True)
        began = time.monotonic()
        note = work()
        suffix = f" ({note})" if isinstance(note, str) and note else ""
        say(f"{time.monotonic() - began:.1f} s{suffix}")


def fingerprint() -> str:
    """Changes whenever the code, its templates or its static files do."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".css", ".js", ".mo", ".svg"}:
            stat = path.stat()
            digest.update(f"{path}{stat.st_size}{stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def _stamp() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR, "prepared.json")


def _prepared_now() -> dict[str, str]:
    from django.conf import settings

    database = settings.DATABASES["default"]
    place = [str(database.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME", "OPTIONS")]
    # A digest, because an address may carry what is nobody's business.
    return {
        "fingerprint": fingerprint(),
        "database": hashlib.sha256("\n".join(place).encode()).hexdigest(),
    }


def is_prepared() -> bool:
    """Whether this data directory and its database were prepared by exactly this code."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    embedded = "sqlite" in str(database["ENGINE"])
    if not _stamp().exists() or (embedded and not Path(str(database["NAME"])).exists()):
        return False
    return bool(json.loads(_stamp().read_text()) == _prepared_now())


def remember_preparation() -> None:
    """Note that everything is ready for this code; see :func:`is_prepared`."""
    _stamp().write_text(json.dumps(_prepared_now()))


def forget_preparation() -> None:
    """Let the next command prepare everything again."""
    _stamp().unlink(missing_ok=True)


def make_tables() -> str:
    """Create or upgrade the tables and the rows that every installation has."""
    from django.core.management import call_command
    from django.db import connection

    from banso.health.services.install import install_defaults

    with _one_at_a_time():
        call_command("migrate", verbosity=0, interactive=False)
        install_defaults()
    judge_again()
    return f"{connection.vendor}"


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of machines that start together, one changes the tables and the others wait for it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_TABLES_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_TABLES_LOCK])


def judge_again() -> None:
    """Have the worker publish anew what another version of the code may publish otherwise."""
    from banso.accounts.selectors.accounts import any_account
    from banso.health.services.requests import request_refresh

    if any_account():
        request_refresh()


def make_static() -> None:
    """Put scripts, styles and the vendored chart library where the web server takes them from."""
    from django.conf import settings
    from django.core.management import call_command

    from banso.web.vendor import build

    build(settings.DATA_DIR / "vendor")
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)


def prepare(*, static: bool = True) -> None:
    """Make the installation ready unless it already is; every command but ``doctor`` begins so."""
    django.setup()
    from django.conf import settings

    if is_prepared():
        return
    (settings.DATA_DIR / "vendor").mkdir(exist_ok=True)
    steps = Steps(2 if static else 1)
    steps.do("Preparing the database", make_tables)
    if static:
        steps.do("Preparing pages", make_static)
        remember_preparation()
