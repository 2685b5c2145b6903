"""Today: the ordered list of what the reader should do, with why, stake and the next click."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.accounts.services.tasks import create_task
from banso.workspace.selectors import actor_of
from banso.workspace.services.people import change_user, save_team
from banso.workspace.types import SYSTEM
from tests.web.book import DAY, customer, signal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]


def open_as(client: Client, person: Any, query: str = "") -> str:
    client.force_login(person)
    answer = client.get(f"/today/{query}")
    assert answer.status_code == 200
    return str(answer.text)


def test_a_csm_sees_why_a_customer_needs_him_and_what_to_click(
    client: Client, people: dict[str, Any]
) -> None:
    account = customer("Aoba Kensetsu", score=35.0, cs_owner=people["csm"], segment="Mid")
    found = signal(account)
    page = open_as(client, people["csm"])
    assert "Aoba Kensetsu" in page
    assert "Silence" in page
    assert "21 days" in page
    assert f"/accounts/{account.uid}/metrics/days_since_activity/" in page
    assert "¥1.2M" in page
    assert "Call first" in page
    assert f"/accounts/{account.uid}/signals/{found.uid}/snooze/?next=/today/" in page
    assert f'value="signal:{found.uid}"' in page


def test_it_speaks_japanese(client: Client, people: dict[str, Any]) -> None:
    change_user(actor=SYSTEM, user=people["csm"], language="ja")
    people["csm"].refresh_from_db()
    signal(customer("青葉建設", score=35.0, cs_owner=people["csm"]))
    page = open_as(client, people["csm"])
    for words in ("対応が必要な顧客", "利用の途絶", "21日", "120万円", "2026年4月15日(水)"):
        assert words in page


def test_what_has_time_until_later_this_week_is_one_click_away(
    client: Client, people: dict[str, Any]
) -> None:
    signal(customer("Urgent", score=35.0))
    signal(customer("Later", score=35.0), "usage_falls")
    page = open_as(client, people["leader"])
    assert ">Urgent<" in page
    assert ">Later<" not in page
    assert 'href="?week=1">1 more this week<' in page
    week = open_as(client, people["leader"], "?week=1")
    assert ">Later<" in week
    assert "more this week" not in week


def test_the_greatest_stake_comes_first(client: Client, people: dict[str, Any]) -> None:
    signal(customer("Small", score=35.0, arr=100_000))
    signal(customer("Great", score=35.0, arr=9_000_000))
    page = open_as(client, people["leader"])
    assert page.index(">Great<") < page.index(">Small<")


def test_mine_team_and_all(client: Client, people: dict[str, Any]) -> None:
    save_team(actor=SYSTEM, name="East", member_ids=[people["csm"].pk, people["sales"].pk])
    signal(customer("My own", score=35.0, cs_owner=people["csm"]))
    signal(customer("Of the team", score=35.0, sales_owner=people["sales"]))
    signal(customer("Of others", score=35.0, cs_owner=people["leader"]))
    mine = open_as(client, people["csm"])
    assert "My own" in mine
    assert "Of the team" not in mine
    team = open_as(client, people["csm"], "?scope=team")
    assert "Of the team" in team
    assert "Of others" not in team
    assert "Of others" in open_as(client, people["csm"], "?scope=all")
    assert "Of others" in open_as(client, people["csm"], "?scope=all&more=1")


def test_a_restricted_csm_never_sees_the_book_of_others(
    client: Client, people: dict[str, Any]
) -> None:
    from banso.workspace.services.company import change_company

    change_company(actor=SYSTEM, restrict_to_own_book=True)
    signal(customer("Of others", score=35.0, cs_owner=people["leader"]))
    assert "Of others" not in open_as(client, people["csm"], "?scope=all")


def test_a_leader_sees_the_whole_book_and_every_figure_is_a_link(
    client: Client, people: dict[str, Any]
) -> None:
    customer("Bad", score=20.0, arr=3_000_000)
    customer("Good", score=90.0, arr=9_000_000, cs_owner=people["csm"])
    page = open_as(client, people["leader"])
    assert "Health of the customers" in page
    assert "¥3M" in page
    assert "25% of the ARR" in page
    assert 'href="/accounts/?customer=yes&amp;band=danger"' in page
    assert 'href="/accounts/?customer=yes&amp;owner=none"' in page
    for link in ("?customer=yes&band=danger", "?customer=yes&owner=none"):
        listed = client.get(f"/accounts/{link}").text
        assert "Bad" in listed
        assert "Good" not in listed


def test_the_figures_of_a_csm_link_to_his_own_accounts(
    client: Client, people: dict[str, Any]
) -> None:
    customer("My own", cs_owner=people["csm"])
    customer("Of others", cs_owner=people["leader"])
    page = open_as(client, people["csm"])
    link = page.split('class="stat" href="')[1].split('"')[0].replace("&amp;", "&")
    listed = client.get(link).text
    assert "My own" in listed
    assert "Of others" not in listed


def test_the_number_of_changed_bands_opens_the_accounts_it_counted(
    client: Client, people: dict[str, Any]
) -> None:
    customer("Fell", score=20.0, band_7="caution", cs_owner=people["csm"])
    customer("Stayed", score=20.0, band_7="danger", cs_owner=people["csm"])
    customer("Of others", score=20.0, band_7="caution", cs_owner=people["leader"])
    for reader, expected in (("csm", {"Fell"}), ("leader", {"Fell", "Of others"})):
        page = open_as(client, people[reader])
        link = page.split("Changed band in 7 days")[0].rsplit('href="', 1)[1].split('"')[0]
        listed = client.get(link.replace("&amp;", "&")).text
        assert {name for name in ("Fell", "Stayed", "Of others") if name in listed} == expected


def test_tasks_of_the_week_stand_beside_the_list(client: Client, people: dict[str, Any]) -> None:
    actor = actor_of(people["csm"])
    create_task(actor=actor, title="Send the report", due_on=DAY - timedelta(days=2))
    create_task(actor=actor, title="Far away", due_on=DAY + timedelta(days=90))
    page = open_as(client, people["csm"])
    assert "Send the report" in page
    assert "2 days ago" in page
    assert "Far away" not in page


def test_a_viewer_reads_and_is_offered_no_writes(client: Client, people: dict[str, Any]) -> None:
    signal(customer("Aoba", score=35.0))
    page = open_as(client, people["viewer"])
    assert "Aoba" in page
    assert "/snooze/" not in page
    assert "/tasks/new/" not in page


@pytest.mark.parametrize(
    ("role", "words"),
    [("csm", "No customers of your own yet"), ("leader", "Bring your customers in")],
)
def test_an_empty_day_teaches(
    client: Client, people: dict[str, Any], role: str, words: str
) -> None:
    assert words in open_as(client, people[role])


def test_a_calm_day_says_so(client: Client, people: dict[str, Any]) -> None:
    customer("Calm", cs_owner=people["csm"])
    assert "Nobody needs you right now" in open_as(client, people["csm"])


def test_the_number_of_queries_does_not_grow(client: Client, people: dict[str, Any]) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            open_as(client, people["leader"])
        return len(queries)

    signal(customer("One", score=35.0))
    count()
    before = count()
    for number in range(12):
        signal(customer(f"More {number}", score=30.0, cs_owner=people["csm"]))
    assert count() <= before
    assert before <= 20


def test_it_says_that_customers_are_being_measured(client: Client, people: dict[str, Any]) -> None:
    from banso.health.services.requests import request_refresh

    assert "Bring your customers in" in open_as(client, people["leader"])
    request_refresh()
    page = open_as(client, people["leader"])
    assert "Your customers are being measured" in page
    assert "Bring your customers in" not in page
