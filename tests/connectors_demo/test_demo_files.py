"""What an import may rely on: the files are reproducible, whole, and end before today."""

from __future__ import annotations

import hashlib
import resource
import time
from datetime import date
from pathlib import Path

import pytest
import yaml

from banso.connectors.demo import DemoFiles, generate
from banso.connectors.kinds import WRITERS
from banso.connectors.mapping import MappingSpec
from banso.kit.text import corporate_number_is_valid
from tests.connectors_demo.picture import Picture

TODAY = date(2026, 11, 20)


def _fingerprints(files: DemoFiles) -> dict[str, str]:
    folder = files.accounts.parent
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_seed_and_day_give_the_same_bytes(demo_files: DemoFiles, tmp_path: Path) -> None:
    again = generate(tmp_path, today=TODAY)
    assert _fingerprints(again) == _fingerprints(demo_files)


def test_another_seed_gives_another_company(demo_files: DemoFiles, tmp_path: Path) -> None:
    other = generate(tmp_path, today=TODAY, seed=99)
    assert other.accounts.read_bytes() != demo_files.accounts.read_bytes()


def test_a_day_later_the_customers_are_the_same(demo_files: DemoFiles, tmp_path: Path) -> None:
    tomorrow = generate(tmp_path, today=date(2026, 11, 21))
    names = [
        [line.split(",")[1] for line in files.accounts.read_text("utf-8").splitlines()]
        for files in (demo_files, tomorrow)
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("contacts", "account_external_id", "accounts"),
        ("lines", "account", "accounts"),
        ("usage", "account", "accounts"),
        ("tickets", "account_external_id", "accounts"),
        ("tickets", "contact_external_id", "contacts"),
        ("nps", "contact_external_id", "contacts"),
        ("activities", "account_external_id", "accounts"),
        ("activities", "contact_external_id", "contacts"),
        ("sentiments", "account_external_id", "accounts"),
        ("truth", "account_external_id", "accounts"),
    ],
)
def test_every_reference_leads_somewhere(
    picture: Picture, table: str, column: str, target: str
) -> None:
    lost = f"""SELECT count(*) FROM {table} WHERE {column} IS NOT NULL
               AND {column} NOT IN (SELECT external_id FROM {target})"""
    assert picture.number(lost) == 0
    assert picture.number(f"SELECT count(*) FROM {table}") > 0


@pytest.mark.parametrize("table", ["accounts", "contacts", "lines", "tickets", "nps", "activities"])
def test_external_ids_are_unique(picture: Picture, table: str) -> None:
    assert picture.number(f"SELECT count(*) - count(DISTINCT external_id) FROM {table}") == 0


def test_a_user_is_counted_once_per_day_and_feature(picture: Picture) -> None:
    doubled = "SELECT count(*) - count(DISTINCT (user_key, day, feature)) FROM usage"
    assert picture.number(doubled) == 0


def test_most_contacts_who_sign_in_are_found_in_the_usage(picture: Picture) -> None:
    share = """SELECT avg((user_key IN (SELECT user_key FROM usage))::INT) FROM contacts
               WHERE user_key IS NOT NULL"""
    assert picture.number(share) > 0.75


def test_japanese_customers_have_a_valid_corporate_number_of_nobody(picture: Picture) -> None:
    rows = picture.db.execute("SELECT country, corporate_number FROM accounts").fetchall()
    numbers = [number for country, number in rows if country == "JP"]
    assert all(corporate_number_is_valid(number) for number in numbers)
    assert all(number[1:5] == "9999" for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert not any(number for country, number in rows if country != "JP")


def test_every_address_is_reserved_for_examples(picture: Picture) -> None:
    foreign = """SELECT count(*) FROM contacts WHERE email NOT LIKE '%.example'"""
    assert picture.number(foreign) == 0
    assert picture.number("SELECT count(*) FROM accounts WHERE domain NOT LIKE '%.example'") == 0
    assert picture.number("SELECT count(*) - count(DISTINCT domain) FROM accounts") == 0


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("usage", "day"),
        ("lines", "start_on"),
        ("accounts", "customer_since"),
        ("contacts", "left_on"),
        ("tickets", "opened_at"),
        ("tickets", "first_response_at"),
        ("tickets", "closed_at"),
        ("nps", "answered_at"),
        ("activities", "happened_at"),
        ("sentiments", "from_day"),
    ],
)
def test_nothing_is_dated_after_today(picture: Picture, table: str, column: str) -> None:
    late = f"SELECT count(*) FROM {table} WHERE left({column}::VARCHAR, 10) > '{TODAY}'"
    assert picture.number(late) == 0


def test_a_ticket_is_opened_then_answered_then_closed(picture: Picture) -> None:
    wrong = """SELECT count(*) FROM tickets WHERE first_response_at < opened_at
               OR closed_at < first_response_at OR (status = 'closed') <> (closed_at IS NOT NULL)"""
    assert picture.number(wrong) == 0
    assert picture.number("SELECT count(*) FROM tickets WHERE status <> 'closed'") > 5


def test_base_lines_of_an_account_never_overlap(picture: Picture) -> None:
    overlap = """SELECT count(*) FROM (SELECT start_on, lag(coalesce(end_on, DATE '9999-12-31'))
        OVER (PARTITION BY account ORDER BY start_on) AS before FROM lines
        WHERE is_addon = 'false') WHERE before > start_on"""
    assert picture.number(overlap) == 0
    assert picture.number("SELECT count(*) FROM lines WHERE end_on <= start_on") == 0
    assert picture.number("SELECT count(*) FROM lines WHERE mrr <= 0 AND is_trial = 'false'") == 0


def test_an_end_ahead_is_known_only_where_notice_was_given(picture: Picture) -> None:
    unexplained = f"""SELECT count(*) FROM lines JOIN truth ON account = account_external_id
        WHERE end_on > '{TODAY}' AND (notice_on = '' OR notice_on::DATE > '{TODAY}')"""
    assert picture.number(unexplained) == 0


def test_usage_lies_inside_the_contract(picture: Picture) -> None:
    outside = """SELECT count(DISTINCT account) FROM (SELECT account, max(day) AS last FROM usage
        GROUP BY account) JOIN (SELECT account, max(coalesce(end_on, DATE '9999-12-31')) AS stop
        FROM lines GROUP BY account) USING (account) WHERE last >= stop"""
    assert picture.number(outside) == 0


def test_the_normal_company_stays_small_enough_to_load_at_once(demo_files: DemoFiles) -> None:
    assert demo_files.rows["accounts"] == 400
    assert 400_000 <= demo_files.rows["usage"] <= 900_000


@pytest.mark.slow
def test_ten_thousand_accounts_come_in_a_minute_and_a_gigabyte(tmp_path: Path) -> None:
    started = time.monotonic()
    files = generate(tmp_path, today=TODAY, size="large")
    assert time.monotonic() - started < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024
    assert files.rows["accounts"] == 10_000
    names = [line.split(",")[1] for line in files.accounts.read_text("utf-8").splitlines()]
    assert len(set(names)) == len(names)


def test_the_project_fills_known_fields_from_columns_that_exist(demo_files: DemoFiles) -> None:
    project = yaml.safe_load(demo_files.project.read_text("utf-8"))
    assert project["source"] == "demo"
    for entry in project["files"]:
        file = demo_files.project.parent / entry.pop("file")
        header = file.read_text("utf-8").split("\n", 1)[0].split(",")
        spec = MappingSpec.from_dict(entry)
        assert {column.column for column in spec.columns.values()} <= set(header)
        if spec.kind in WRITERS:
            known = {field.name for field in WRITERS[spec.kind].fields_of(spec)}
            assert set(spec.columns) <= known


def test_every_product_sold_is_described(picture: Picture, demo_files: DemoFiles) -> None:
    project = yaml.safe_load(demo_files.project.read_text("utf-8"))
    described = next(e["products"] for e in project["files"] if e["kind"] == "subscriptions")
    sold = picture.db.execute("SELECT DISTINCT product, family, is_addon FROM lines").fetchall()
    assert {product for product, _, _ in sold} <= described.keys()
    for product, family, is_addon in sold:
        assert described[product]["family"] == family
        assert described[product].get("is_addon", False) == (is_addon == "true")
