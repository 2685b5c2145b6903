"""Metrics as people define them."""

from __future__ import annotations

import pytest

from banso.health.models import Metric
from banso.health.selectors.metrics import catalogue, metric_by_key, metric_users
from banso.health.services import metrics as services
from banso.health.services.install import install_defaults
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from banso.workspace.selectors import actor_of, audit_entries

EVENTS = {"kind": "window", "dataset": "account_days", "aggregation": "sum", "column": "events",
          "window": 7}  # fmt: skip


@pytest.fixture
def leader(people, stopped_clock):
    """A leader in an installation with the metrics that come ready."""
    install_defaults()
    return actor_of(people["leader"])


def create(actor, **changes):
    """A metric of the events of seven days."""
    values = {"key": "events_7d", "name_ja": "利用回数", "name_en": "Actions", "definition": EVENTS}
    return services.create_metric(actor=actor, **{**values, **changes})


def test_a_metric_is_created_with_its_definition_in_full(leader):
    metric = create(leader, unit="number", more_is_better=True)
    assert metric.definition == {**EVENTS, "offset": 0, "filters": []}
    assert "events_7d" in catalogue()
    assert audit_entries().first().action == "metric.created"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"key": "Events 7"}, "key"),
        ({"key": "events_28d"}, "key"),
        ({"key": "score"}, "key"),
        ({"name_ja": " "}, "name_ja"),
        ({"unit": "yards"}, "unit"),
        ({"definition": {**EVENTS, "window": 0}}, "window"),
        ({"definition": {**EVENTS, "dataset": "nothing"}}, "dataset"),
        ({"definition": {**EVENTS, "column": "colour"}}, "column"),
        ({"definition": {"kind": "greatest", "of": ["events_7d"]}}, "of[0]"),
    ],
)
def test_a_wrong_metric_is_refused_with_its_place(leader, changes, place):
    with pytest.raises(InvalidInputError) as caught:
        create(leader, **changes)
    assert place in caught.value.fields
    assert not Metric.objects.filter(key="events_7d").exists()


def test_a_change_makes_the_next_version_and_nothing_new_makes_none(leader):
    metric = create(leader)
    changed = services.change_metric(actor=leader, metric=metric, name_en="Clicks")
    assert (changed.name_en, changed.version) == ("Clicks", 2)
    same = services.change_metric(actor=leader, metric=changed, definition=EVENTS)
    assert same.version == 2
    with pytest.raises(ConflictError):
        services.change_metric(actor=leader, metric=metric, expected_version=1, name_en="Taps")


def test_the_key_never_changes(leader):
    with pytest.raises(InvalidInputError):
        services.change_metric(actor=leader, metric=create(leader), key="other")


def test_a_change_that_would_close_a_circle_is_refused(leader):
    create(leader, key="doubled", definition={"kind": "greatest", "of": ["events_28d"]})
    with pytest.raises(InvalidInputError) as caught:
        services.change_metric(
            actor=leader,
            metric=metric_by_key("events_28d"),
            definition={"kind": "greatest", "of": ["doubled"]},
        )
    assert "doubled" in str(caught.value)


def test_a_metric_in_use_cannot_be_archived_and_one_that_is_not_can_come_back(leader):
    users = metric_users("usage_trend_28d")
    assert users["scorecards"] == ["Standard"]
    assert metric_users("usage_trend_28d", "ja")["scorecards"] == ["標準"]
    assert "Usage falls" in users["signals"]
    with pytest.raises(ConflictError, match=r"Standard|標準"):
        services.archive_metric(actor=leader, metric=metric_by_key("usage_trend_28d"))
    metric = services.archive_metric(actor=leader, metric=create(leader))
    assert "events_7d" not in catalogue()
    services.restore_metric(actor=leader, metric=metric)
    assert "events_7d" in catalogue()


def test_metrics_that_others_are_made_of_are_in_use(leader):
    assert "Actions per active user, 28 days" in metric_users("active_users_28d")["metrics"]


@pytest.mark.parametrize("role", ["csm", "sales", "viewer"])
def test_only_leaders_define_metrics(leader, people, role):
    with pytest.raises(ForbiddenError):
        create(actor_of(people[role]))


def test_an_unknown_metric_is_not_found(db):
    with pytest.raises(NotFoundError):
        metric_by_key("nothing")
