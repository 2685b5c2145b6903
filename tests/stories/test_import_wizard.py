"""A file in the browser, as a CS leader brings it in: from the upload to the undo.

The file is what such files are: a title above the header, 株式会社 in Shift_JIS, dates of which no
row tells the order, and rows that cannot be taken. Nothing is written before she has seen what
would happen; what was refused comes back as a file; and all of it can be taken back.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import Product, sign_in

pytestmark = pytest.mark.slow
LEADER = "leader@company.example"
FILE = """顧客一覧,2026年4月出力

顧客ID,会社名,従業員数,契約開始日,備考
A-1,株式会社みどり,"1,200",03/04/2024,重点
A-2,㈱あおぞら物流,350,05/06/2024,"=HYPERLINK(""x"")"
A-3,,20,07/08/2024,
A-4,合同会社さくら,-5,01/02/2024,"=1+1"
"""


def listed(page: Page, product: Product, name: str) -> None:
    """Wait until the worker has measured what came in, and the list of accounts shows it."""
    for _ in range(30):
        page.goto(f"{product.address}/accounts/")
        if page.locator("main").get_by_text(name).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{name} is not among the accounts.")


def test_a_file_comes_in_and_goes_out_again(product: Product, page: Page, tmp_path: Path) -> None:
    key = product.command(
        "user", LEADER, "--name", "Leader", "--role", "leader", "--language", "en", "--generate"
    ).strip()
    sign_in(page, product, LEADER, key)
    main = page.locator("main")

    # The columns are recognised, whatever the encoding and whatever stands above them.
    page.goto(f"{product.address}/imports/")
    path = tmp_path / "customers.csv"
    path.write_bytes(FILE.encode("cp932"))
    page.locator("input[type=file]").set_input_files(path)
    page.wait_for_url("**/map/")
    expect(main).to_contain_text("Shift_JIS (CP932)")
    expect(page.locator("#from-name")).to_have_value("column:会社名")

    # Had the header been looked for in the wrong row, she would have said so.
    reading = main.locator(".map-reading")
    for row, name in (("1", ""), ("3", "column:会社名")):
        reading.locator("summary").click()
        reading.get_by_label("Header in row").fill(row)
        reading.get_by_role("button", name="Read the file again").click()
        expect(reading).to_contain_text(f"separated by commas, header in row {row}")
        expect(page.locator("#from-name")).to_have_value(name)

    # Nobody can know whether 03/04 is in March or April, so it is asked, and the answer is seen.
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("can be read in more than one way")
    preview.get_by_role("button", name="day, month, year").click()
    expect(preview).not_to_contain_text("can be read in more than one way")
    expect(preview).to_contain_text("Apr 3, 2024")
    expect(preview).to_contain_text("“-5” is negative.")

    # The check reads every row and writes nothing.
    page.get_by_role("button", name="Check the whole file").click()
    expect(main).to_contain_text("What would happen", timeout=30_000)
    expect(main.locator(".chip")).to_have_text([re.compile("cell"), re.compile("negative")])
    expect(page.locator(".problems-table tbody tr")).to_have_count(2)

    # The rest goes in, and what was refused comes back with what to do about it.
    page.get_by_role("button", name="Import the rest").click()
    expect(page.get_by_role("link", name="To the accounts")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Error file").click()
    rows = list(csv.DictReader(download.value.path().read_text("utf-8-sig").splitlines()))
    assert [(row["顧客ID"], row["banso_code"]) for row in rows] == [
        ("A-3", "required"),
        ("A-4", "negative"),
    ]
    # A spreadsheet takes no cell of it for a formula.
    assert rows[1]["備考"] == "'=1+1"
    report = page.url
    listed(page, product, "あおぞら物流")

    # All of it can be taken back.
    page.goto(report)
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(main).to_contain_text("2 records were taken back", timeout=30_000)
    page.goto(f"{product.address}/accounts/")
    expect(main).not_to_contain_text("あおぞら物流")
