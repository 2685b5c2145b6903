"""One demo company for all tests of this folder: it is only read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from banso.connectors.demo import DemoFiles, generate
from tests.connectors_demo.picture import Picture

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    directory: Path = tmp_path_factory.mktemp("demo")
    return generate(directory, today=TODAY)


@pytest.fixture(scope="session")
def picture(demo_files: DemoFiles) -> Iterator[Picture]:
    found = Picture(demo_files.accounts.parent, TODAY)
    yield found
    found.db.close()
