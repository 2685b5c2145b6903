"""What all tests share: an installation of their own, people of every role, a stopped clock."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# The settings read the data directory when they are imported, so it is chosen before that.
DATA_DIR = Path(tempfile.mkdtemp(prefix="banso-test-"))
os.environ["BANSO_DATA_DIR"] = str(DATA_DIR)
for _folder in ("vendor", "static"):
    (DATA_DIR / _folder).mkdir()
os.environ["DJANGO_SETTINGS_MODULE"] = "banso.config.settings"
# Done here and not by pytest-django, which would read the settings before this file if it found
# their name; workers of pytest-xdist would inherit the directory together with the name.
django.setup()
SETTINGS = os.environ.pop("DJANGO_SETTINGS_MODULE")

from banso.engine.warehouse import Warehouse  # noqa: E402
from banso.kit import clock  # noqa: E402

# How long one example takes says how busy the machine is, not whether the code is right.
UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
hypothesis_settings.register_profile("fast", **UNHURRIED, max_examples=40)
# For ``--hypothesis-profile=full``, which ``banso test`` gives to the run on PostgreSQL.
hypothesis_settings.register_profile("full", **UNHURRIED, max_examples=200)
hypothesis_settings.load_profile("fast")


def dear(**options: Any) -> hypothesis_settings:
    """For a test each of whose examples takes long: a quarter of what others draw."""
    count = hypothesis_settings.default.max_examples // 4  # type: ignore[union-attr]
    return hypothesis_settings(max_examples=count, **options)


# The real hash is slow on purpose: a second for five people.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Over a handful of rows, more threads only wait for each other.
Warehouse.open.__func__.__kwdefaults__["threads"] = 1

NOON = datetime(2026, 4, 15, 3, 0, tzinfo=UTC)


def pytest_unconfigure() -> None:
    """Leave nothing behind; every process of a run has a directory of its own."""
    shutil.rmtree(DATA_DIR, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _settings_of_processes() -> None:
    """What tests start themselves works in the directory of those tests."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS


@pytest.fixture
def stopped_clock() -> Iterator[datetime]:
    """Noon in Tokyo on Wednesday 15 April 2026."""
    with clock.at(NOON):
        yield NOON


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets, which lies beside the clone."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("BANSO_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.fail(f"The real data sets are not at {folder}; set BANSO_SHARED_DATA.")
    return folder


Open = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def shared_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[Open]:
    """Opens the database to fixtures of a module, at noon of the stopped clock.

    What they write is there for each test of the module, as it was, and gone after the last.
    """
    everything = transaction.atomic()
    # So that what insists on a transaction of its own gets one, as within a test.
    everything._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        everything.__enter__()

    @contextmanager
    def opened() -> Iterator[None]:
        with django_db_blocker.unblock(), clock.at(NOON):
            yield

    yield opened
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture(scope="module")
def furnished() -> Any:
    """What a company of the tests of a module is furnished with: nothing, if it says no more."""
    return None


def create_people() -> dict[str, Any]:
    """One person of each role, by role name; the password is the role name and ``-pass-2026``."""
    from banso.workspace.services.people import create_user
    from banso.workspace.types import SYSTEM, Role

    return {
        role.value: create_user(
            actor=SYSTEM,
            email=f"{role.value}@banso.example",
            name=role.value.title(),
            role=role,
            password=f"{role.value}-pass-2026",
            language="en",
        )
        for role in Role
    }


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """What :func:`create_people` gives."""
    return create_people()
