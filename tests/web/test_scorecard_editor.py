"""The scorecard editor: what an edit would change, before it is saved; versions; who is judged."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from banso.accounts.models import Account
from banso.accounts.services.accounts import create_account
from banso.health.models import Metric, Pulse, Scorecard, ScorecardVersion
from banso.health.selectors.stored import spread, stored
from banso.health.services.install import install_defaults
from banso.kit import clock
from banso.web.views.settings.scorecard_diff import differences
from banso.workspace.models import AuditEntry
from banso.workspace.types import SYSTEM
from tests.columns import put_values

pytestmark = pytest.mark.django_db

#: Active days in four weeks of five accounts; the curve gives 0, 35, 70 and 100 points at
#: 0, 4, 10 and 16 days.
ACTIVE_DAYS = {"Alpha": 16, "Beta": 10, "Gamma": 4, "Delta": 0, "Unknown": None}


@pytest.fixture
def leader(client: Client, people: dict[str, Any]) -> Client:
    client.force_login(people["leader"])
    return client


@pytest.fixture
def card(db: None) -> Scorecard:
    """A scorecard with one measure, active days, that judges five accounts."""
    install_defaults()
    card = Scorecard.objects.get(is_default=True)
    version = card.versions.get()
    group = version.spec["groups"][0]
    group["measures"] = [m for m in group["measures"] if m["key"] == "active_days_28d"]
    version.spec["groups"] = [group]
    version.save()
    for name, days in ACTIVE_DAYS.items():
        account = create_account(actor=SYSTEM, name=name)
        Pulse.objects.update_or_create(
            account=account,
            defaults={
                "as_of": date(2026, 4, 15),
                "version": version,
                "metrics": {"active_days_28d": days},
                "updated_at": clock.now(),
            },
        )
        put_values(account, {} if days is None else {"active_days_28d": days})
    return card


@pytest.fixture
def spec(card: Scorecard) -> dict[str, Any]:
    return copy.deepcopy(card.versions.first().spec)


def ask(client: Client, card: Scorecard, what: str, **body: Any) -> Any:
    path = f"/settings/scorecards/{card.uid}/{what}/"
    return client.post(path, json.dumps(body), content_type="application/json")


def test_the_editor_shows_the_present_version(leader: Client, card: Scorecard) -> None:
    page = leader.get(f"/settings/scorecards/{card.uid}/").text
    assert "Version 1 · judges 5 accounts" in page
    assert Metric.objects.get(key="active_days_28d").name_en in page
    assert 'data-field="x" value="16"' in page


def test_an_unchanged_draft_changes_nothing(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    answer = ask(leader, card, "preview", spec=spec).json()
    assert answer["problems"] == {}
    assert "Nothing would change" in answer["html"]


def test_the_preview_counts_and_names_who_would_change_band(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    """With full points only from 20 days, 16 days are worth 80 and 10 days 50 points."""
    spec["groups"][0]["measures"][0]["curve"]["points"] = [[0, 0], [20, 100]]
    html = ask(leader, card, "preview", spec=spec).json()["html"]
    assert "<strong>1</strong> of 5 accounts would change band" in html
    assert "Beta" in html
    assert "Alpha" not in html
    assert ScorecardVersion.objects.filter(scorecard=card).count() == 1


def test_accounts_without_a_value_stay_without_a_score(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    spec["bands"] = {"danger_to": 1, "caution_to": 2}
    html = ask(leader, card, "preview", spec=spec).json()["html"]
    assert "Unknown" not in html


def test_the_preview_names_the_place_of_whatever_is_wrong(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    measure = spec["groups"][0]["measures"][0]
    measure["weight"], measure["curve"]["points"] = -1, [[5, 0], [5, 100]]
    spec["bands"] = {"danger_to": 80, "caution_to": 70}
    answer = ask(leader, card, "preview", spec=spec).json()
    assert set(answer["problems"]) == {
        "groups[0].measures[0].weight",
        "groups[0].measures[0].curve",
        "bands",
    }
    assert answer["values"]["active_days_28d"]["high"] == pytest.approx(16, abs=0.5)


def test_problems_are_told_in_the_language_of_the_reader(
    leader: Client, card: Scorecard, people: dict[str, Any], spec: dict[str, Any]
) -> None:
    people["leader"].language = "ja"
    people["leader"].save()
    spec["groups"][0]["measures"][0]["weight"] = 0
    problems = ask(leader, card, "preview", spec=spec).json()["problems"]
    assert "配点" in problems["groups[0].measures[0].weight"]


def test_saving_makes_a_version_with_its_reason_and_an_audit_entry(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    spec["bands"]["caution_to"] = 75
    answer = ask(leader, card, "save", spec=spec, note="Stricter", base=1)
    assert answer.json() == {"url": f"/settings/scorecards/{card.uid}/"}
    version = card.versions.first()
    assert (version.number, version.note, version.spec["bands"]["caution_to"]) == (
        2,
        "Stricter",
        75,
    )
    assert AuditEntry.objects.filter(action="scorecard.version_saved").count() == 1
    history = leader.get(f"/settings/scorecards/{card.uid}/versions/").text
    assert "Stricter" in history
    assert "<del>70</del>" in history


def test_saving_over_somebody_elses_version_is_refused(
    leader: Client, card: Scorecard, spec: dict[str, Any]
) -> None:
    ask(leader, card, "save", spec={**spec, "min_coverage": 0.5}, base=1)
    answer = ask(leader, card, "save", spec={**spec, "min_coverage": 0.6}, base=1)
    assert answer.status_code == 409
    assert "Somebody else has saved a version" in answer.json()["message"]


def test_a_broken_draft_is_not_saved(leader: Client, card: Scorecard, spec: dict[str, Any]) -> None:
    assert ask(leader, card, "save", spec={**spec, "groups": []}, base=1).status_code == 400
    path = f"/settings/scorecards/{card.uid}/save/"
    assert leader.post(path, "{", content_type="application/json").status_code == 400
    assert card.versions.count() == 1


def test_only_leaders_design_scorecards(people: dict[str, Any], card: Scorecard) -> None:
    client = Client()
    client.force_login(people["csm"])
    assert client.get(f"/settings/scorecards/{card.uid}/").status_code == 403
    assert ask(client, card, "save", spec={}, base=1).status_code == 403


def test_a_scorecard_is_made_as_a_copy_for_some_accounts(leader: Client, card: Scorecard) -> None:
    sent = {"name_ja": "更新", "name_en": "Renewal", "lifecycles": ["renewal"]}
    leader.post("/settings/scorecards/new/", {**sent, "copy_of": str(card.uid)})
    made = Scorecard.objects.get(name_en="Renewal")
    assert made.lifecycles == ["renewal"]
    assert made.versions.get().spec == card.versions.first().spec
    page = leader.get("/settings/scorecards/").text
    assert page.index("Renewal") < page.index("all other accounts")


def test_scorecards_are_tried_in_the_order_chosen(leader: Client, card: Scorecard) -> None:
    for name in ("First", "Second"):
        leader.post("/settings/scorecards/new/", {"name_ja": name, "name_en": name})
    second = Scorecard.objects.get(name_en="Second")
    leader.post(f"/settings/scorecards/{second.uid}/move/", {"way": "up"})
    order = Scorecard.objects.filter(name_en__in=["First", "Second"]).order_by("position")
    assert [item.name_en for item in order] == ["Second", "First"]


def test_differences_name_every_part_that_changed(spec: dict[str, Any]) -> None:
    after = copy.deepcopy(spec)
    after["groups"][0]["weight"] = 40
    measure = after["groups"][0]["measures"][0]
    measure["weight"] = 30
    measure["curve"]["points"][0] = [1, 5]
    measure["empty"], measure["empty_points"] = "count_as", 10
    after["min_coverage"] = 0.5
    with translation.override("en"):
        lines = differences(spec, after, {"active_days_28d": "Active days"}, "en")
    assert lines == [
        ("Weight of the group “Usage”", "65", "40"),
        ("Weight of “Active days”", "20", "30"),
        ("Curve of “Active days”", "0→0, 4→35, 10→70, 16→100", "1→5, 4→35, 10→70, 16→100"),
        ("“Active days” without a value", "left out", "counts as 10 points"),
        ("Least share of weight with real values", "40 %", "50 %"),
    ]
    assert differences(spec, spec, {}, "en") == []


def test_stored_values_follow_the_worker(card: Scorecard) -> None:
    before = stored()
    assert spread(before.metrics["active_days_28d"]).count == 4
    put_values(Account.objects.get(name="Unknown"), {"active_days_28d": 7})
    assert spread(stored().metrics["active_days_28d"]).count == 5
    assert spread(stored().metrics["active_days_28d"]).median == 7


def test_a_preview_takes_constant_queries(
    leader: Client, card: Scorecard, spec: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        ask(leader, card, "preview", spec=spec)


def test_a_metric_page_shows_its_spread_and_the_accounts_at_both_ends(
    leader: Client, card: Scorecard
) -> None:
    metric = Metric.objects.get(key="active_days_28d")
    page = leader.get(f"/settings/metrics/{metric.uid}/").text
    assert page.index("Lowest") < page.index("Delta") < page.index("Highest")
    assert page.index("Highest") < page.rindex("Alpha")
    assert "4 / 5" in page
