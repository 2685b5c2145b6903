"""The main job, as a CS leader does it in the first hour.

She brings in the files of her CRM vendor with one command while the product runs, signs in, and
sees on Today whom to call first. She opens the account at the top, reads why it is in danger down
to the rows behind a number, and then changes what counts, seeing beforehand which accounts move.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Product, sign_in

pytestmark = pytest.mark.slow
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "examples" / "crm5.yaml"
LEADER = "leader@company.example"


def test_from_files_to_whom_to_call_first(product: Product, page: Page, shared_data: Path) -> None:
    key = product.command(
        "user", LEADER, "--name", "Leader", "--role", "leader", "--language", "en", "--generate"
    ).strip()

    # An empty product teaches: it says what to do first.
    sign_in(page, product, LEADER, key)
    expect(page.locator("main")).to_contain_text("mport")

    # One command brings in 544 companies, their contracts and half a million days of usage.
    told = product.command(
        "import", "all", str(EXAMPLE), "--source", str(shared_data / "churnsim_crm5")
    )
    assert "507,969 rows, 507,969 new" in told

    # Today: the accounts that need somebody, the greatest stake first, each with its reasons.
    page.goto(f"{product.address}/today/")
    expect(page.locator("body")).to_contain_text(re.compile(r"Showing the data as of .*2024"))
    items = page.locator(".agenda-item")
    expect(items.first).to_be_visible()
    first = items.first
    expect(first.locator(".agenda-why")).not_to_be_empty()
    name = first.locator("[data-row-link]").inner_text()

    # The account: one line says what moved the score, and every measure shows what it costs.
    first.locator("[data-row-link]").click()
    expect(page.locator("h1")).to_have_text(name)
    why = page.get_by_role("heading", name="Why the score is what it is")
    expect(why).to_be_visible()

    # A number opens down to the rows that made it.
    page.goto(page.url.split("?")[0] + "metrics/active_days_28d/")
    expect(page.locator("table tbody tr").first).to_be_visible()

    # What counts can be changed, and who would move is shown before anything is saved.
    page.goto(f"{product.address}/settings/scorecards/")
    page.get_by_role("link", name="Standard").click()
    weight = page.locator("[data-measure][data-key=seats_used_share] [data-field=weight]")
    weight.fill("90")
    preview = page.locator(".sc-headline")
    expect(preview).to_contain_text("accounts would change band")
    moved = int(re.findall(r"\d+", preview.inner_text())[0])
    assert moved > 0
    expect(page.locator(".sc-moves li").first).to_be_visible()

    # Saved as a new version; the worker scores everybody again and the list shows it.
    page.get_by_label("Why you change it").fill(
        "Seats that nobody uses are the first to be cancelled"
    )
    page.get_by_role("button", name="Save as a new version").click()
    expect(page.locator("body")).to_contain_text("ersion 2")


def test_the_score_can_be_asked_for_any_past_day(product: Product, shared_data: Path) -> None:
    product.command(
        "import", "all", str(EXAMPLE), "--source", str(shared_data / "churnsim_crm5"), "--no-score"
    )
    then = product.command("score", "--as-of", "2023-06-30", "--account", "100")
    header, row = then.strip().splitlines()
    assert header.startswith("account,uid,name,as_of,is_customer,score")
    assert "2023-06-30" in row
