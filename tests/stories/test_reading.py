"""Opening an address changes nothing: whoever follows every link does no harm."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from tests.reliability.installation import Installation
from tests.stories.conftest import Product
from tests.stories.pages import addresses, signed_in

pytestmark = pytest.mark.slow
#: What the worker and the sign-in write by themselves.
OF_OTHERS = (
    "django_session",
    "django_tasks_database_dbtaskresult",
    "sqlite_sequence",
    "workspace_audit",
    "workspace_job",
    "workspace_schedule",
    "workspace_workerheartbeat",
)


STREAM = "live"


def wait_for_rest(installation: Installation) -> None:
    """Wait until the worker has nothing to do."""
    waiting = "SELECT count(*) FROM workspace_job WHERE status IN ('queued', 'running')"
    deadline = time.monotonic() + 60
    while installation.query(waiting) != [(0,)]:
        assert time.monotonic() < deadline, "The worker did not come to rest within a minute."
        time.sleep(0.2)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_changes_by_looking(
    method: str, browser: Browser, furnished: tuple[Product, dict[str, str]]
) -> None:
    product, ids = furnished
    installation = Installation(product.data_dir)
    page = signed_in(browser, product, "en")
    wait_for_rest(installation)
    before = installation.checksums(without=OF_OTHERS)
    jobs = installation.query("SELECT count(*) FROM workspace_job")
    last = installation.query("SELECT max(seq) FROM workspace_auditentry")[0][0]
    downloads = [("accounts-export", reverse("accounts-export"))]
    downloads += [("import-errors", reverse("import-errors", args=[ids["import"]]))]
    opened = 0
    for name, path in [*addresses(ids), *downloads]:
        # A stream never ends; tests/api/test_live.py follows it.
        if name == STREAM:
            continue
        answer = page.context.request.fetch(f"{product.address}{path}", method=method)
        assert answer.status < 400 or answer.status == 405, f"{path} answers {answer.status}"
        opened += answer.status < 400
    page.context.close()
    assert opened > 50
    assert installation.checksums(without=OF_OTHERS) == before
    assert installation.query("SELECT count(*) FROM workspace_job") == jobs
    done = installation.query(f"SELECT action FROM workspace_auditentry WHERE seq > {last}")
    # That a list left the product is noted, as it has to be.
    assert {action for (action,) in done} <= {"accounts.exported"}
