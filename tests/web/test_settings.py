"""Settings: company, own profile, users, teams, roles, features, metrics, signals, jobs, audit."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

import banso
from banso.health.models import Metric, SignalRule
from banso.health.services.install import install_defaults
from banso.kit import clock
from banso.usage.models import Feature
from banso.web.views.settings.audit_words import VERBS
from banso.web.views.settings.metric_form import definition_of, fields_of
from banso.web.views.settings.roles import matrix
from banso.web.views.settings.signal_form import conditions_of, rows_of
from banso.web.views.settings.words import TARGETS
from banso.workspace.models import AuditDetail, AuditEntry, Company, Job, Team, User
from banso.workspace.policies import all_permissions
from banso.workspace.selectors import company
from banso.workspace.services import jobs
from banso.workspace.services.audit import record
from banso.workspace.services.people import change_user
from banso.workspace.types import SYSTEM

pytestmark = pytest.mark.django_db
COMPANY = {
    "name": "Acme",
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "currency": "USD",
    "fiscal_start_month": "1",
    "grace_days": "14",
    "keep_events_months": "24",
    "pinned_on": "2026-03-31",
}


@pytest.fixture
def admin(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["admin"])
    return client


@pytest.fixture
def leader(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["leader"])
    return client


def as_user(people: dict[str, Any], role: str) -> Client:
    client = Client()
    client.force_login(people[role])
    return client


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


# Index


def test_everybody_sees_only_the_sections_he_may_open(people: dict[str, Any]) -> None:
    shown = {role: as_user(people, role).get("/settings/").text for role in people}
    for role, page in shown.items():
        assert reverse("settings-profile") in page
        assert (reverse("settings-users") in page) == (role == "admin")
        assert (reverse("settings-scorecards") in page) == (role in {"admin", "leader"})


def test_the_index_is_in_the_language_of_the_reader(admin: Client, people: dict[str, Any]) -> None:
    assert "Audit log" in admin.get("/settings/").text
    User.objects.filter(pk=people["admin"].pk).update(language="ja")
    page = admin.get("/settings/").text
    assert "監査ログ" in page
    assert "Audit log" not in page


# Company and profile


def test_company_settings_are_saved_with_one_audit_entry(admin: Client) -> None:
    answer = admin.post("/settings/company/", COMPANY)
    assert answer.status_code == 302
    saved = company()
    assert (saved.name, saved.currency, saved.grace_days) == ("Acme", "USD", 14)
    assert saved.keep_events_months == 24
    assert saved.pinned_on == date(2026, 3, 31)
    assert actions().count("company.changed") == 1


def test_a_wrong_time_zone_is_shown_at_its_field_and_nothing_is_saved(admin: Client) -> None:
    answer = admin.post("/settings/company/", {**COMPANY, "time_zone": "Mars/Base"})
    assert answer.status_code == 200
    assert "Mars/Base is not one of the available choices" in answer.text
    assert not Company.objects.filter(name="Acme").exists()


def test_only_administrators_change_the_company(people: dict[str, Any]) -> None:
    assert as_user(people, "leader").post("/settings/company/", COMPANY).status_code == 403


def test_a_person_changes_his_own_profile_but_not_his_role(people: dict[str, Any]) -> None:
    client = as_user(people, "viewer")
    sent = {"name": "V", "language": "ja", "theme": "dark", "time_zone": "", "role": "admin"}
    client.post("/settings/profile/", sent)
    viewer = User.objects.get(pk=people["viewer"].pk)
    assert (viewer.name, viewer.language, viewer.theme) == ("V", "ja", "dark")
    assert viewer.role == "viewer"


def test_a_new_password_needs_the_old_one_and_keeps_this_session(people: dict[str, Any]) -> None:
    client = as_user(people, "csm")
    wrong = {"current": "nonsense", "password": "another-Pass-1"}
    assert "not your current password" in client.post("/settings/profile/password/", wrong).text
    right = {"current": "csm-pass-2026", "password": "another-Pass-1"}
    assert client.post("/settings/profile/password/", right).status_code == 302
    assert client.get("/settings/profile/").status_code == 200
    assert User.objects.get(pk=people["csm"].pk).check_password("another-Pass-1")


# Users and teams


def test_a_person_is_added_and_found(admin: Client) -> None:
    sent = {"name": "Aoi", "email": "aoi@x.example", "role": "csm", "language": "ja"}
    sent["password"] = "a-Long-pass-1"
    assert admin.post("/settings/users/new/", sent).status_code == 302
    found = admin.get("/settings/users/?q=aoi").text
    assert "aoi@x.example" in found
    assert "leader@banso.example" not in found


def test_a_person_joins_and_leaves_teams_where_he_is_added(admin: Client) -> None:
    east, west = (Team.objects.create(name=name) for name in ("East", "West"))
    sent = {"name": "Aoi", "email": "aoi@x.example", "role": "csm", "language": "ja"}
    admin.post("/settings/users/new/", {**sent, "password": "a-Long-pass-1", "teams": [east.pk]})
    person = User.objects.get(email="aoi@x.example")
    assert list(person.teams.all()) == [east]
    page = f"/settings/users/{person.uid}/"
    assert "checked" in admin.get(page).text
    admin.post(page, {**sent, "is_active": "on", "teams": [west.pk]})
    assert list(person.teams.all()) == [west]
    assert actions().count("team.saved") == 3


def test_a_person_refused_keeps_what_was_typed_and_joins_nothing(
    admin: Client, people: dict[str, Any]
) -> None:
    east = Team.objects.create(name="East")
    sent = {"name": "B", "email": "csm@banso.example", "role": "sales", "language": "ja"}
    answer = admin.post(
        "/settings/users/new/", {**sent, "password": "a-Long-pass-1", "teams": [east.pk]}
    ).text
    assert 'value="B"' in answer
    assert "checked" in answer
    assert not east.members.exists()


def test_a_mail_address_can_be_used_once(admin: Client) -> None:
    sent = {"name": "B", "email": "CSM@banso.example", "role": "csm", "language": "ja"}
    answer = admin.post("/settings/users/new/", {**sent, "password": "a-Long-pass-1"})
    assert "Somebody already signs in with csm@banso.example." in answer.text


def test_the_last_administrator_cannot_be_taken_away(admin: Client, people: dict[str, Any]) -> None:
    sent = {"name": "A", "email": "admin@banso.example", "role": "viewer", "language": "en"}
    answer = admin.post(f"/settings/users/{people['admin'].uid}/", {**sent, "is_active": "on"})
    assert "This is the last active administrator." in answer.text
    assert User.objects.get(pk=people["admin"].pk).role == "admin"


def test_a_switched_off_person_cannot_sign_in(admin: Client, people: dict[str, Any]) -> None:
    sent = {"name": "C", "email": "csm@banso.example", "role": "csm", "language": "en"}
    admin.post(f"/settings/users/{people['csm'].uid}/", sent)
    tried = Client().post("/sign-in/", {"login": "csm@banso.example", "password": "csm-pass-2026"})
    assert tried.status_code != 302 or "/inactive/" in tried["Location"]


def test_an_administrator_sets_a_password(admin: Client, people: dict[str, Any]) -> None:
    admin.post(f"/settings/users/{people['csm'].uid}/password/", {"password": "fresh-Pass-99"})
    assert User.objects.get(pk=people["csm"].pk).check_password("fresh-Pass-99")
    assert "user.password_set" in actions()


def test_a_team_is_made_changed_and_deleted(leader: Client, people: dict[str, Any]) -> None:
    leader.post("/settings/teams/new/", {"name": "East", "members": [people["csm"].pk]})
    team = Team.objects.get()
    assert list(team.members.all()) == [people["csm"]]
    leader.post(f"/settings/teams/{team.uid}/", {"name": "East", "members": []})
    assert not team.members.exists()
    leader.post(f"/settings/teams/{team.uid}/delete/")
    assert not Team.objects.exists()


def test_two_teams_cannot_have_one_name(leader: Client) -> None:
    leader.post("/settings/teams/new/", {"name": "East"})
    assert "no other team has" in leader.post("/settings/teams/new/", {"name": "EAST"}).text


# Roles


def test_the_matrix_words_every_permission_and_says_who_has_it() -> None:
    rows = [row for area in matrix() for row in area["rows"]]
    assert len(rows) == len(all_permissions())
    assert not [row["label"] for row in rows if str(row["label"]) in all_permissions()]
    with translation.override("en"):
        by_label = {str(row["label"]): row["cells"] for row in rows}
    cells = [cell for _role, cell in by_label["Change accounts and contacts"]]
    assert cells == ["yes", "yes", "own", "own", "no"]


# Features


def test_core_features_and_sign_ins_are_marked(leader: Client) -> None:
    Feature.objects.create(key="report", is_login=True)
    Feature.objects.create(key="login")
    sent = {"key": ["report", "login"], "name": ["Reports", ""], "core": ["report"]}
    answer = leader.post("/settings/features/save/", {**sent, "login": ["login"], "q": "r"})
    assert answer["Location"] == "/settings/features/?q=r"
    report = Feature.objects.get(key="report")
    assert (report.name, report.is_core, report.is_login) == ("Reports", True, False)
    assert Feature.objects.get(key="login").is_login
    assert actions()[-1] == "features.marked"
    leader.post("/settings/features/save/", {**sent, "login": ["login"]})
    assert actions().count("features.marked") == 1


# Metrics


@pytest.fixture
def defaults(db: None) -> None:
    install_defaults()


def test_every_metric_that_comes_ready_survives_its_form(defaults: None) -> None:
    """What the editor shows and sends back unchanged is the same definition."""
    from django.http import QueryDict
    from django.utils.http import urlencode

    from banso.web.metric_words import dataset_forms

    datasets = dataset_forms("en")
    for metric in Metric.objects.all():
        fields = fields_of(metric.definition)
        filters = fields.pop("filters")
        pairs = [(k, v) for k, v in fields.items() if v not in (False, None) and k != "greatest_of"]
        pairs += [("greatest_of", item) for item in fields.get("greatest_of", [])]
        for item in filters:
            pairs += [(f"filter_{k}", item[k]) for k in ("column", "op", "value")]
        again = definition_of(QueryDict(urlencode(pairs)), datasets)
        assert again == metric.definition, metric.key


def test_a_metric_is_made_without_json(leader: Client, defaults: None) -> None:
    sent = {
        "key": "export_use",
        "name_ja": "出力の利用",
        "name_en": "Exports",
        "unit": "number",
        "better": "more",
        "kind": "window",
        "dataset": "feature_days",
        "window_aggregation": "sum",
        "column": "events",
        "window": "28",
        "filter_column": ["feature", ""],
        "filter_op": ["in", "eq"],
        "filter_value": ["csv_export, pdf_export", ""],
    }
    checked = leader.post("/settings/metrics/check/", sent).json()
    assert checked == {
        "problems": {},
        "sentence": "Feature use per day: sum of events, in the last 28 days, "
        "feature is one of csv_export / pdf_export",
    }
    assert leader.post("/settings/metrics/new/", sent).status_code == 302
    made = Metric.objects.get(key="export_use")
    assert made.definition["filters"] == [
        {"column": "feature", "op": "in", "value": ["csv_export", "pdf_export"]}
    ]
    assert made.more_is_better is True
    assert "Exports" in leader.get("/settings/metrics/").text


def test_a_metric_that_makes_no_sense_is_refused_where_it_is_wrong(
    leader: Client, defaults: None
) -> None:
    sent = {"kind": "window", "dataset": "feature_days", "window_aggregation": "sum"}
    sent |= {"column": "events", "window": "0"}
    assert "window" in leader.post("/settings/metrics/check/", sent).json()["problems"]
    sent |= {"window": "soon"}
    problems = leader.post("/settings/metrics/check/", sent).json()["problems"]
    assert problems == {"window": "A whole number of days is needed."}


def test_an_edit_from_an_old_page_does_not_overwrite_a_newer_one(
    leader: Client, defaults: None
) -> None:
    metric = Metric.objects.get(key="usage_trend_28d")
    sent = {"name_ja": "a", "name_en": "a", "unit": "percent", "kind": "change"}
    sent |= {"change_of": "events_28d", "change_days": "14", "mode": "relative", "version": "1"}
    assert leader.post(f"/settings/metrics/{metric.uid}/", sent).status_code == 302
    again = leader.post(f"/settings/metrics/{metric.uid}/", {**sent, "change_days": "7"})
    assert "Somebody else has changed this metric" in again.text
    metric.refresh_from_db()
    assert metric.definition["days"] == 14


def test_a_metric_in_use_is_not_archived(leader: Client, defaults: None) -> None:
    metric = Metric.objects.get(key="usage_trend_28d")
    answer = leader.post(f"/settings/metrics/{metric.uid}/archive/", {"archived": "yes"})
    assert answer.status_code == 409
    assert "still needed by" in answer.text


def test_metrics_are_listed_in_constant_queries(
    leader: Client, defaults: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        leader.get("/settings/metrics/")


# Signals


def test_every_rule_that_comes_ready_survives_its_form(defaults: None) -> None:
    from django.http import QueryDict
    from django.utils.http import urlencode

    for rule in SignalRule.objects.all():
        pairs = [(f"condition_{k}", v) for row in rows_of(rule.conditions) for k, v in row.items()]
        pairs += [("show", key) for key in rule.conditions["show"]]
        assert conditions_of(QueryDict(urlencode(pairs))) == rule.conditions, rule.key


def signal_form(**changes: Any) -> dict[str, Any]:
    return {
        "key": "quiet",
        "name_ja": "静か",
        "name_en": "Quiet",
        "direction": "risk",
        "severity": "3",
        "condition_kind": ["metric", "score"],
        "condition_metric": ["days_since_activity", ""],
        "condition_op": ["gte", "lt"],
        "condition_value": ["10", "50"],
        "condition_days": ["", "7"],
        **changes,
    }


def test_a_rule_is_made_and_switched_off(leader: Client, defaults: None) -> None:
    assert leader.post("/settings/signals/new/", signal_form()).status_code == 302
    rule = SignalRule.objects.get(key="quiet")
    assert rule.conditions["all"] == [
        {"metric": "days_since_activity", "op": "gte", "value": 10},
        {"score": "lt", "value": 50, "for_days": 7},
    ]
    page = leader.get("/settings/signals/").text
    assert "Days since last activity ≥ 10 days and the score &lt; 50 for 7 days" in page
    leader.post(f"/settings/signals/{rule.uid}/switch/", {"on": "no"})
    rule.refresh_from_db()
    assert not rule.is_active


def test_a_rule_with_a_word_for_a_number_keeps_what_was_typed(
    leader: Client, defaults: None
) -> None:
    answer = leader.post("/settings/signals/new/", signal_form(condition_value=["ten", "50"]))
    assert answer.status_code == 400
    assert "“ten” is not a number." in answer.text
    assert 'value="ten"' in answer.text
    assert not SignalRule.objects.filter(key="quiet").exists()


# Background work and audit log


def test_work_is_shown_and_cancelled_by_who_started_it(people: dict[str, Any]) -> None:
    jobs.register("test.work", lambda handle: None)
    reader = as_user(people, "csm")
    from banso.workspace.selectors import actor_of

    job = jobs.start(actor=actor_of(people["csm"]), kind="test.work")
    assert "test.work" in reader.get("/settings/jobs/").text
    assert as_user(people, "sales").post(f"/settings/jobs/{job.uid}/cancel/").status_code == 403
    assert reader.post(f"/settings/jobs/{job.uid}/cancel/").status_code == 302
    assert Job.objects.get().status == "cancelled"


def test_the_audit_log_is_filtered_by_person_and_shows_what_changed(
    leader: Client, people: dict[str, Any]
) -> None:
    from banso.workspace.selectors import actor_of

    change_user(actor=actor_of(people["csm"]), user=people["csm"], name="Renamed Person")
    page = leader.get(f"/settings/audit/?actor={people['csm'].pk}").text
    assert "Renamed Person" in page
    assert "user.created" not in page
    assert "No entries" in leader.get("/settings/audit/?from=2001-01-01&to=2001-01-02").text


def test_the_chain_check_says_whether_the_log_was_changed(
    leader: Client, people: dict[str, Any]
) -> None:
    whole = leader.post("/settings/audit/check/", follow=True).text
    assert "The log is whole" in whole
    AuditDetail.objects.filter(pk=2).update(after={"name": "forged"})
    broken = leader.post("/settings/audit/check/", follow=True).text
    assert "The log does not hold at entry 2: the detail was changed." in broken


def test_the_audit_log_takes_constant_queries(
    leader: Client, people: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        leader.get("/settings/audit/")


def test_exchange_rates_are_typed_one_a_line(admin: Client) -> None:
    wrong = admin.post("/settings/company/", {**COMPANY, "exchange_rates": "JPY 0.0066"})
    assert "write one rate a line" in wrong.text
    unknown = admin.post("/settings/company/", {**COMPANY, "exchange_rates": "QQQ = 2"})
    assert unknown.status_code == 200
    admin.post("/settings/company/", {**COMPANY, "exchange_rates": "jpy = 0.0066\nEUR=1.08"})
    assert company().exchange_rates == {"JPY": "0.0066", "EUR": "1.08"}
    assert "EUR = 1.08" in admin.get("/settings/company/").text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("exchange_rates", "EUR = much", "“EUR = much”: write one rate a line"),
        ("exchange_rates", "EUR = -3", "“EUR = -3”: write one rate a line"),
        ("exchange_rates", "EUR = inf", "“EUR = inf”: write one rate a line"),
        ("exchange_rates", "EUR 162", "“EUR 162”: write one rate a line"),
        ("exchange_rates", "USD = 1", "USD is the company&#x27;s own currency"),
        ("pinned_on", "2026-04-16", "This day is still to come."),
    ],
)
def test_what_the_company_cannot_mean_is_refused_and_kept_on_the_page(
    admin: Client, stopped_clock: Any, field: str, typed: str, told: str
) -> None:
    page = admin.post("/settings/company/", {**COMPANY, field: typed}).text
    assert told in page
    assert typed in page
    assert company().name != COMPANY["name"]


def test_rules_name_thresholds_in_their_unit_and_lead_to_the_accounts(
    leader: Client, defaults: None
) -> None:
    page = leader.get("/settings/signals/").text
    assert "Share of seats in use, 28 days ≥ 90%" in page
    query = quote('{"field": "signal", "op": "has", "value": "seats_nearly_full"}')
    assert f"/accounts/?query={query}" in page


# Trials


def leaf(**changed: str) -> dict[str, str]:
    """What the metric editor sends for a count of days with use."""
    fields = {
        "key": "",
        "unit": "number",
        "kind": "window",
        "dataset": "account_days",
        "window_aggregation": "count",
        "window": "28",
        "offset": "0",
    }
    return {**fields, **changed}


def test_a_metric_is_tried_without_a_name_and_nothing_is_saved(
    leader: Client, defaults: None
) -> None:
    before = Metric.objects.count()
    waiting = leader.post("/settings/metrics/try/", leaf(), follow=True)
    assert "Trying it on all accounts" in waiting.text
    job = Job.objects.get(kind="health.try_metric")
    spread = [4, 2, 3.0, 3.0, 3.0, [[3.0, 3.0, 2]]]
    Job.objects.update(
        status="done", result={"as_of": "2026-04-15", "spread": spread, "lowest": [], "highest": []}
    )
    page = leader.get(f"/settings/trials/{job.uid}/?unit=percent").text
    assert "3%" in page
    assert "hx-get" not in page
    assert Metric.objects.count() == before


def test_a_draft_that_makes_no_sense_says_so_instead_of_asking_the_worker(
    leader: Client, defaults: None
) -> None:
    refused = leader.post("/settings/metrics/try/", leaf(dataset="")).text
    assert "This is needed." in refused
    blank = {f"condition_{name}": "" for name in ("metric", "op", "days")}
    typed = {**blank, "condition_kind": "score", "condition_value": "low"}
    assert "“low” is not a number." in leader.post("/settings/signals/try/", typed).text
    assert not Job.objects.exists()


def test_a_rule_is_tried_against_what_it_holds_open(leader: Client, defaults: None) -> None:
    rule = SignalRule.objects.get(key="silence")
    score = {"kind": "score", "metric": "", "op": "lt", "value": "40", "days": ""}
    typed = {f"condition_{name}": value for name, value in score.items()}
    assert leader.post("/settings/signals/try/", {**typed, "rule": "x"}).status_code == 404
    leader.post("/settings/signals/try/", {**typed, "rule": str(rule.uid)})
    job = Job.objects.get(kind="health.try_rule")
    assert job.params["rule"] == rule.pk
    result = {"customers": 9, "matched": 2, "new": 1, "gone": 3, "rows": []}
    Job.objects.update(status="done", result=result)
    page = leader.get(f"/settings/trials/{job.uid}/").text
    assert "<strong>2</strong> of 9 customers" in page
    assert "1 more, 3 fewer" in page


def test_background_work_lists_trials_only_while_they_wait_or_when_they_failed(
    leader: Client,
) -> None:
    for status in ("queued", "done", "failed"):
        Job.objects.create(kind="health.try_rule", created_at=clock.now(), status=status)
    assert leader.get("/settings/jobs/").text.count("Try a signal rule</span>") == 2


def test_a_trial_is_no_way_to_other_jobs(leader: Client) -> None:
    job = Job.objects.create(kind="connectors.import", created_at=clock.now())
    assert leader.get(f"/settings/trials/{job.uid}/").status_code == 404


# Audit log: names


def test_the_audit_log_names_the_record_and_what_happened_to_it(
    leader: Client, people: dict[str, Any], defaults: None
) -> None:
    metric = Metric.objects.get(key="mrr")
    leader.post(f"/settings/metrics/{metric.uid}/archive/", {"archived": "yes"})
    page = leader.get("/settings/audit/").text
    assert "Metric: archived" in page
    assert metric.name_en in page
    assert "User: added" in page
    assert people["csm"].name in page


def test_the_audit_log_lists_only_what_changed(leader: Client, people: dict[str, Any]) -> None:
    change_user(actor=SYSTEM, user=people["csm"], name="Renamed", language="en", role="csm")
    page = leader.get("/settings/audit/?target=user").text
    assert "<code>name</code>" in page
    assert "<code>language</code>" not in page


def test_the_demo_goes_only_when_one_says_so_twice(admin: Client) -> None:
    refused = admin.post("/settings/demo/remove/", follow=True).text
    assert "Tick that you know" in refused
    assert not Job.objects.exists()
    admin.post("/settings/demo/remove/", {"sure": "yes"})
    assert Job.objects.get().kind == "connectors.remove_demo"


def test_the_audit_log_shows_entries_that_are_about_no_single_record(leader: Client) -> None:
    with transaction.atomic():
        for target_uid in ("", "1", "crm"):
            record(SYSTEM, "accounts.moved", "account", target_uid, after={"accounts": 3})
    page = leader.get("/settings/audit/").text
    assert page.count("Several accounts: moved to another stage") == 3


def test_every_action_that_the_code_writes_has_a_word() -> None:
    source = Path(banso.__file__).parent
    texts = [path.read_text() for path in source.rglob("services/**/*.py")]
    records = [text for text in texts if "audit.record(" in text or "action =" in text]
    written = {
        action
        for text in records
        for action in re.findall(r'"([a-z_]+\.[a-z_]+)"', text)
        if action.partition(".")[0] in {*TARGETS, "entry", "features"}
    }
    permissions = set(all_permissions())
    unnamed = {one for one in written - permissions if one.partition(".")[2] not in VERBS}
    assert not unnamed
