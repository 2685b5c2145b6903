"""What search, de-duplication and import rely on when they compare text."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.kit.text import clean, company_key, corporate_number_is_valid, search_key


@pytest.mark.parametrize(
    "names",
    [
        (
            "株式会社シンワ",
            "㈱シンワ",
            "(株)シンワ",
            "シンワ（株）",
            "ｼﾝﾜ株式会社",
            "しんわ　株式会社",
            "㍿シンワ",
        ),
        ("Acme, Inc.", "ACME Inc", "acme incorporated", "Ａｃｍｅ", "Acme Co., Ltd."),
        ("Müller GmbH & Co. KG", "müller gmbh&co kg"),
        ("有限会社山本 商店", "山本商店", "山本商店(有)"),
    ],
)
def test_spellings_of_one_company_meet(names):
    assert len({company_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社山本", "株式会社山木"),
        ("Acme", "Acme Japan"),
        ("Inc.", "Ltd."),
        ("株式会社", "有限会社"),
    ],
)
def test_different_companies_stay_apart(one, other):
    assert company_key(one) != company_key(other)


@given(st.text(min_size=1, max_size=30))
def test_a_key_is_stable_under_itself_and_never_lost(name):
    key = company_key(name)
    assert bool(key) == bool(name.strip())


@given(st.text(max_size=30))
def test_search_finds_what_it_stored(text):
    assert search_key(search_key(text)) == search_key(text)


def test_search_folds_width_case_and_kana():
    assert search_key("ｼﾝﾜ　ＡＢＣ") == search_key("しんわ abc")


def test_clean_removes_what_no_one_sees():
    assert clean("  ａ\u3000\x00b\r\n c ") == "a b c"
    assert clean("plain") == "plain"


def test_a_published_corporate_number_is_valid_and_a_slip_is_not():
    assert corporate_number_is_valid("7000012050002")  # National Tax Agency
    assert not corporate_number_is_valid("7000012050003")
    assert not corporate_number_is_valid("7000012050020")
    assert not corporate_number_is_valid("700001205000")
    assert not corporate_number_is_valid("７000012050002")


@pytest.mark.slow
def test_every_corporate_number_of_the_edinet_list_is_valid(shared_data):
    path = shared_data / "edinet_company_list" / "edinet_companies_cp932.csv"
    with path.open(encoding="cp932", newline="") as file:
        numbers = [row[-1] for row in list(csv.reader(file))[2:] if row[-1]]
    assert len(numbers) > 3000
    assert all(corporate_number_is_valid(n) for n in numbers)
