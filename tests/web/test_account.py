"""The account page: what one sees before calling a customer, and what one does there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from banso.accounts import selectors
from banso.accounts.models import Account
from banso.accounts.services.accounts import create_account
from banso.accounts.services.contacts import create_contact
from banso.accounts.services.tasks import create_task
from banso.accounts.services.timeline import log_touch, record_entries
from banso.accounts.types import ActivityKind, Entry
from banso.contracts.selectors.subscriptions import ArrStep
from banso.health.selectors.judgement import current_override, current_sentiment
from banso.health.selectors.signals import live_signals
from banso.health.services import compute
from banso.kit import clock
from banso.kit.money import Money
from banso.web.views.account.contracts import arr_chart
from banso.workspace.models import User
from banso.workspace.selectors import audit_entries, company
from banso.workspace.services.company import change_company
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM
from tests.conftest import Open, create_people
from tests.health.conftest import Furnished, House, furnish, house  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 15)
TABS = ("", "timeline/", "usage/", "contracts/", "people/", "health/")


@pytest.fixture
def enter(client: Client, people: dict[str, Any]) -> Callable[..., Client]:
    """Signs in as a role, reading a language."""

    def sign_in(role: str = "csm", language: str = "en") -> Client:
        change_user(actor=SYSTEM, user=people[role], language=language)
        client.force_login(people[role])
        return client

    return sign_in


@pytest.fixture
def account(people: dict[str, Any], stopped_clock: datetime) -> Any:
    """An account of the CSM about which nothing is known yet."""
    return create_account(actor=SYSTEM, name="株式会社あおぞら商事", cs_owner=people["csm"])


@pytest.fixture(scope="module")
def furnished(shared_db: Open, tmp_path_factory: Any) -> Furnished:
    return furnish(shared_db, tmp_path_factory.mktemp("company"), quiet_customer)


def quiet_customer(house: House) -> tuple[Any, dict[str, Any]]:  # noqa: F811
    people = create_people()
    account = house.account("株式会社みどり工業", cs_owner=people["csm"])
    house.line(account, date(2025, 6, 1))
    house.use(account, TODAY - timedelta(days=120), 92)
    compute.refresh_everything()
    return account, people


@pytest.fixture
def people(furnished: Furnished, db: None) -> dict[str, Any]:
    _account, found = furnished.made
    return {role: User.objects.get(pk=user.pk) for role, user in found.items()}


@pytest.fixture
def judged(house: Any, furnished: Furnished) -> Any:  # noqa: F811
    """A customer of the CSM whose use stopped four weeks ago, with scores for every day."""
    account, _people = furnished.made
    return Account.objects.get(pk=account.pk)


def url(account: Any, path: str = "") -> str:
    return f"/accounts/{account.uid}/{path}"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Why the score is what it is", "Signals", "Open tasks", "Key people", "Explain"]),
        ("ja", ["スコアの理由", "シグナル", "未完了のタスク", "キーパーソン", "内訳を見る"]),
    ],
)
def test_the_overview_says_how_it_stands_and_why(
    enter: Any, judged: Any, language: str, words: list[str]
) -> None:
    text = enter("csm", language).get(url(judged)).text
    assert judged.name in text
    for word in words:
        assert word in text
    assert f"/accounts/{judged.uid}/metrics/days_since_activity/" in text
    live = live_signals(judged)
    assert live
    for signal in live:
        assert (signal.rule.name_ja if language == "ja" else signal.rule.name_en) in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "since Mar 31, 2026, noticed Apr 15, 2026"),
        ("ja", "2026年3月31日から、2026年4月15日に検知"),
    ],
)
def test_a_signal_says_since_when_it_holds_and_when_it_was_noticed(
    enter: Any, judged: Any, language: str, words: str
) -> None:
    reader = enter("csm", language)
    assert words in reader.get(url(judged)).text
    assert f"({words})" in reader.get(url(judged, "timeline/")).text


def test_an_account_without_data_teaches_instead_of_showing_nothing(
    enter: Any, account: Any
) -> None:
    reader = enter("csm")
    for tab in TABS:
        assert reader.get(url(account, tab)).status_code == 200
    assert "Import usage" not in reader.get(url(account, "usage/")).text
    assert "Import usage" in enter("leader").get(url(account, "usage/")).text
    assert "No contract yet" in reader.get(url(account, "contracts/")).text


def test_others_accounts_do_not_exist_for_a_narrow_reader(
    enter: Any, people: dict[str, Any], account: Any
) -> None:
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    assert company().restrict_to_own_book
    reader = enter("sales")
    for tab in (*TABS, "edit/", "log/", "override/", "metrics/seats/"):
        assert reader.get(url(account, tab)).status_code in (403, 404), tab
        assert reader.get(f"/accounts/{uuid4()}/{tab}").status_code in (403, 404), tab
    assert reader.get(url(account)).status_code == 404
    picked = reader.get("/accounts/pick/?q=あおぞら").json()
    assert picked == {"accounts": []}


def test_a_viewer_looks_but_finds_no_button_to_change_anything(enter: Any, judged: Any) -> None:
    reader = enter("viewer")
    text = reader.get(url(judged)).text
    assert "Make a task" not in text
    assert "Edit the account" not in text
    for path in ("log/", "sentiment/", "override/end/"):
        assert reader.post(url(judged, path), {"kind": "note", "body": "x"}).status_code == 403
    edited = reader.post(url(judged, "edit/"), {"name": "x"})
    assert edited.status_code == 403


@pytest.mark.parametrize("tab", TABS)
def test_a_longer_history_costs_no_more_queries(
    enter: Any, account: Any, people: dict[str, Any], tab: str
) -> None:
    reader = enter("csm")

    def fill(count: int) -> None:
        for number in range(count):
            person = create_contact(actor=SYSTEM, account=account, name=f"P{number} {uuid4()}")
            log_touch(actor=SYSTEM, account=account, kind="call", body="x", contact=person)
            create_task(actor=SYSTEM, title=f"T{number}", account=account, owner=people["csm"])

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert reader.get(url(account, tab)).status_code == 200
        return len(captured)

    fill(2)
    queries()
    few = queries()
    fill(10)
    assert queries() == few


def test_a_touch_is_written_where_one_reads_and_stands_on_top(enter: Any, account: Any) -> None:
    reader = enter("csm")
    person = create_contact(actor=SYSTEM, account=account, name="木村")
    sent = {"kind": "meeting", "title": "更新の相談", "body": "予算あり", "contact": person.pk,
            "happened_at": "2026-04-15T10:30"}  # fmt: skip
    answer = reader.post(url(account, "log/"), sent)
    assert answer["Location"] == url(account, "timeline/")
    (entry,) = selectors.touches(account)
    assert entry.happened_at == datetime(2026, 4, 15, 1, 30, tzinfo=UTC)
    text = reader.get(url(account, "timeline/")).text
    assert "更新の相談" in text
    assert "with 木村" in text
    changed = reader.post(url(account, f"timeline/{entry.uid}/"), {**sent, "title": "更新"})
    assert changed.status_code == 302
    assert reader.post(url(account, f"timeline/{entry.uid}/delete/")).status_code == 302
    assert selectors.touches(account) == []


def test_what_is_wrong_with_a_touch_stands_at_its_field(enter: Any, account: Any) -> None:
    sent = {"kind": "call", "body": "x", "happened_at": "2026-04-16T10:30"}
    answer = enter("csm").post(url(account, "log/"), sent)
    assert answer.status_code == 400
    assert "This lies in the future" in answer.text
    assert selectors.touches(account) == []


def test_system_entries_are_worded_in_the_readers_language(enter: Any, account: Any) -> None:
    def entry(kind: ActivityKind, data: dict[str, Any], title: str = "") -> Entry:
        at = datetime(2026, 4, 1, tzinfo=UTC)
        return Entry(account.pk, kind, at, "test", f"{kind}", data, title)

    record_entries(
        [
            entry(ActivityKind.SCORE, {"from": 72.9, "to": 39.9, "from_band": "healthy",
                                       "to_band": "danger"}),
            entry(ActivityKind.STAGE, {"from": "onboarding", "to": "adoption"}),
            entry(ActivityKind.OWNER, {"side": "cs", "from": "", "to": "Aoki"}),
            entry(ActivityKind.SURVEY, {"score": 9}),
            entry(ActivityKind.TICKET, {"event": "opened", "priority": "urgent"}, "Login"),
            entry(ActivityKind.CONTRACT, {"event": "changed", "product": "Plan",
                                          "arr_before": 100, "arr_after": 200, "currency": "JPY"}),
        ]
    )  # fmt: skip
    english = enter("csm", "en").get(url(account, "timeline/")).text
    for words in ("Health 72 (Healthy) → 39 (Danger)", "Stage: Onboarding → Adoption",
                  "CS owner: nobody → Aoki", "NPS answer: 9 of 10", "Ticket: Login (Urgent)",
                  "Plan: ARR ¥100 → ¥200"):  # fmt: skip
        assert words in english
    japanese = enter("csm", "ja").get(url(account, "timeline/")).text
    for words in ("ヘルススコア 72", "ステージ：", "NPS回答：10点中9点", "問い合わせ：Login"):
        assert words in japanese


def test_the_timeline_goes_on_where_it_stopped(enter: Any, account: Any) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    record_entries(
        Entry(account.pk, ActivityKind.TICKET, start + timedelta(hours=number), "test",
              f"{number}", {}, f"Ticket-{number:03}.")
        for number in range(40)
    )  # fmt: skip
    reader = enter("csm")
    first = reader.get(url(account, "timeline/"))
    assert "Ticket-039." in first.text
    assert "Ticket-009." not in first.text
    more = first.context["more"]
    second = reader.get(url(account, f"timeline/{more}"), headers={"HX-Request": "true"})
    assert "Ticket-009." in second.text
    assert "Ticket-010." not in second.text
    assert "<html" not in second.text
    assert reader.get(url(account, "timeline/?before=nonsense&kind=nonsense")).status_code == 200


def test_a_signal_is_snoozed_woken_and_resolved(enter: Any, judged: Any) -> None:
    reader, signal = enter("csm"), live_signals(judged)[0]
    path = url(judged, f"signals/{signal.uid}/")
    assert reader.get(f"{path}snooze/").status_code == 200
    late = reader.post(f"{path}snooze/", {"until": "2026-04-01", "reason": "x"})
    assert late.status_code == 400
    reader.post(f"{path}snooze/", {"until": "2026-05-01", "reason": "Holidays"})
    assert "quiet until May 1, 2026" in reader.get(url(judged)).text
    reader.post(f"{path}reopen/")
    reader.post(f"{path}resolve/", {"outcome": "false_alarm", "reason": "Seasonal"})
    assert signal.uid not in {live.uid for live in live_signals(judged)}
    assert "False alarm" in reader.get(url(judged)).text
    assert audit_entries().filter(action="signal.resolved").exists()


def test_a_signal_becomes_one_task(enter: Any, judged: Any) -> None:
    reader, signal = enter("csm"), live_signals(judged)[0]
    sent = {"title": "Call", "account_uid": judged.uid, "origin": f"signal:{signal.uid}"}
    for _twice in range(2):
        assert reader.post("/tasks/new/", sent).status_code == 302
    (task,) = selectors.tasks(SYSTEM)
    assert (task.account, task.origin) == (judged, f"signal:{signal.uid}")


def test_a_score_is_set_by_hand_with_reason_and_end(enter: Any, judged: Any) -> None:
    reader = enter("csm")
    refused = reader.post(url(judged, "override/"), {"score": 120, "until": "2026-05-01"})
    assert refused.status_code == 400
    reader.post(url(judged, "override/"), {"score": 80, "until": "2026-05-01", "reason": "新体制"})
    found = current_override(judged, TODAY)
    assert found is not None
    assert (found.score, found.until_day) == (80, date(2026, 5, 1))
    assert "新体制" in reader.get(url(judged)).text
    reader.post(url(judged, "override/end/"))
    assert current_override(judged, TODAY) is None


def test_the_csm_says_how_it_goes(enter: Any, judged: Any) -> None:
    reader = enter("csm")
    sent = {"value": "bad", "until": "2026-06-01", "reason": "決裁者が交代"}
    reader.post(url(judged, "sentiment/"), sent)
    found = current_sentiment(judged, TODAY)
    assert found is not None
    assert found.value == "bad"
    assert "決裁者が交代" in reader.get(url(judged)).text


def test_the_change_between_two_days_is_taken_apart(enter: Any, judged: Any) -> None:
    answer = enter("csm").get(url(judged, "health/?on=2026-04-15&with=2026-03-10"))
    compared = answer.context["compared"]
    change = compared["change"].explanation
    assert change.total < -10
    assert sum(part.amount for part in change.parts) == pytest.approx(change.total)
    assert compared["causes"][0][0] == "Data"
    assert "Days since last activity" in answer.text
    shown = enter("csm", "ja").get(url(judged, "health/?on=2026-04-15&with=2026-03-10")).text
    assert "最終利用からの日数" in shown


def test_a_day_without_a_score_says_so(enter: Any, judged: Any) -> None:
    reader = enter("csm")
    assert "There is no score for" in reader.get(url(judged, "health/?on=2020-01-01")).text
    assert reader.get(url(judged, "health/?on=2026-02-31&with=x")).status_code == 200


def test_a_metric_opens_to_its_rows(enter: Any, judged: Any) -> None:
    reader = enter("csm")
    day = reader.get(url(judged, "metrics/active_days_28d/?on=2026-03-20"))
    rows = day.context["parts"][0]["rows"]
    assert len(rows) == day.context["parts"][0]["count"] == 25
    assert day.context["value"] == "25 days"
    seats = reader.get(url(judged, "metrics/seats_used_share/"))
    assert {part["dataset"] for part in seats.context["parts"]} >= {"Subscription lines"}
    assert reader.get(url(judged, "metrics/no-such-metric/")).status_code == 404


def test_usage_shows_who_used_what(enter: Any, judged: Any) -> None:
    create_contact(actor=SYSTEM, account=judged, name="木村")
    answer = enter("csm").get(url(judged, "usage/?days=28"))
    heat = answer.context["heat"]
    assert [row["name"] for row in heat["rows"]] == ["u0", "u1", "u2", "u3", "u4"]
    assert {shade for _value, shade in heat["rows"][0]["cells"]} <= set(range(6))
    (feature,) = answer.context["features"]
    assert (feature["name"], feature["use"].now) == ("report", 0)


def test_people_are_added_changed_and_leave(enter: Any, account: Any) -> None:
    reader = enter("csm")
    sent = {"name": "木村 花", "role": "champion", "email": "k@aozora.example", "consent": "yes"}
    assert reader.post(url(account, "people/new/"), sent).status_code == 302
    person = selectors.contacts(account).get()
    assert (person.role, person.consent) == ("champion", True)
    twice = reader.post(url(account, "people/new/"), sent)
    assert twice.status_code == 400
    assert "already has this mail address" in twice.text
    reader.post(url(account, f"people/{person.uid}/"), {**sent, "title": "部長"})
    reader.post(url(account, f"people/{person.uid}/left/"))
    person = selectors.contacts(account).get()
    assert (person.title, person.left_on) == ("部長", TODAY)
    assert "1 person has left" in reader.get(url(account, "people/")).text


def test_a_new_account_that_looks_like_another_is_asked_about(enter: Any, account: Any) -> None:
    before = selectors.visible(SYSTEM).count()
    reader = enter("leader")
    sent = {"name": "アオゾラ商事（株）", "language": "ja"}
    asked = reader.post("/accounts/new/", sent)
    assert asked.status_code == 409
    assert account.name in asked.text
    added = reader.post("/accounts/new/", {**sent, "confirmed": "1"})
    assert added.status_code == 302
    assert selectors.visible(SYSTEM).count() == before + 1


def test_an_account_is_edited_once_at_a_time(
    enter: Any, account: Any, people: dict[str, Any]
) -> None:
    reader = enter("leader")
    form = reader.get(url(account, "edit/")).context["form"]
    sent = {"name": account.name, "seen_at": form.initial["seen_at"], "region": "東京都",
            "cs_owner": people["csm"].pk, "sales_owner": people["sales"].pk}  # fmt: skip
    with clock.at(clock.now() + timedelta(seconds=1)):
        assert reader.post(url(account, "edit/"), sent).status_code == 302
    account.refresh_from_db()
    assert (account.region, account.sales_owner) == ("東京都", people["sales"])
    later = reader.post(url(account, "edit/"), {**sent, "region": "大阪府"})
    assert later.status_code == 400
    assert "Somebody else has changed this account" in later.text


def test_arr_that_never_changed_needs_no_drawing() -> None:
    steps = [
        ArrStep(date(2025, 1, 1), Money(1_800_000, "JPY")),
        ArrStep(date(2026, 1, 1), Money(1_800_000, "JPY")),
    ]
    assert arr_chart(steps, date(2026, 11, 23)) is None


def test_arr_is_drawn_as_a_staircase_with_one_height_a_day() -> None:
    steps = [
        ArrStep(date(2026, 1, 1), Money(1_800_000, "JPY")),
        ArrStep(date(2026, 8, 5), Money(2_100_000, "JPY")),
    ]
    chart = arr_chart(steps, date(2026, 11, 23))
    assert chart is not None
    days = [row["day"] for row in chart.spec["data"]["values"]]
    assert len(days) == len(set(days)) == 3, "areas are stacked: a day twice would count twice"
    assert chart.spec["layer"][0]["mark"]["interpolate"] == "step-after"
