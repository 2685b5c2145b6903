"""What tests of imports share: files written from text, and one line to import them."""

import pytest

from banso.connectors.services.runs import create_import, run_import
from banso.connectors.types import Kind
from banso.workspace.types import SYSTEM


@pytest.fixture
def table(tmp_path):
    """Write a file and return its path; the same name replaces it."""

    def table(text, name="table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return table


@pytest.fixture
def bring(db, table):
    """Import text as a file of a kind and return the run."""

    def bring(kind, text, source="crm", **mapping):
        given = {"kind": kind, "source": source, **mapping} if mapping else None
        run = create_import(
            actor=SYSTEM, path=table(text), kind=Kind(kind), source=source, mapping=given
        )
        return run_import(actor=SYSTEM, run=run, refresh=False)

    return bring
