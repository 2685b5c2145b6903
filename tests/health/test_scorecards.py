"""Scorecards as people design them: versions, whom they judge, and what an edit would do."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from banso.engine.parsing import parse as parse_definition
from banso.engine.validation import validate
from banso.health.events import ScorecardChanged
from banso.health.models import Metric, Scorecard, SignalRule
from banso.health.rules import conditions
from banso.health.rules.defaults.metrics import METRICS
from banso.health.rules.defaults.scorecards import SCORECARDS, STANDARD
from banso.health.rules.defaults.signals import SIGNAL_RULES
from banso.health.rules.preview import Move, compare_versions
from banso.health.rules.scorecard import parse, score, to_dict
from banso.health.selectors.metrics import dataset_specs
from banso.health.selectors.scorecards import current_version, current_versions, scorecards
from banso.health.services import scorecards as services
from banso.health.services.install import install_defaults
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError
from banso.workspace.selectors import actor_of, audit_entries
from banso.workspace.services import events
from banso.workspace.types import SYSTEM
from tests.health.specs import FALLING, group, measure, spec

KEYS = {form.key for form in METRICS}


@pytest.fixture
def leader(people):
    """A leader, who may design health."""
    return actor_of(people["leader"])


@pytest.fixture
def standard(db, stopped_clock):
    """The default scorecard of a new installation."""
    install_defaults()
    return Scorecard.objects.get(is_default=True)


def edited(weight=99):
    """The standard scorecard with another weight of its first group."""
    data = deepcopy(STANDARD)
    data["groups"][0]["weight"] = weight
    return data


def test_everything_that_comes_ready_can_be_evaluated():
    catalogue = {form.key: parse_definition(form.definition) for form in METRICS}
    assert len(catalogue) == len(METRICS)
    for key, definition in catalogue.items():
        validate(definition, catalogue, dataset_specs(), key=key)
    for form in SCORECARDS:
        assert set(parse(form.spec).metric_keys()) <= KEYS
    for rule in SIGNAL_RULES:
        assert conditions.parse(rule.conditions).metrics() <= KEYS


def test_everything_that_comes_ready_has_words_in_both_languages():
    for form in (*METRICS, *SCORECARDS, *SIGNAL_RULES):
        assert form.name_ja
        assert form.name_en.isascii()
    for rule in SIGNAL_RULES:
        assert rule.advice_ja
        assert rule.advice_en.isascii()


def test_untracked_usage_gives_no_score_whatever_else_is_known():
    # Days since last activity count 0 when missing; that must not condemn an account whose usage
    # nobody measures.
    known = {"open_tickets": 0, "urgent_share_90d": 0, "nps_average_180d": 10, "csm_sentiment": 100}
    for form in SCORECARDS:
        card = parse(form.spec)
        assert np.isnan(score(card, {**known, "days_since_touch": 1}).score)


def test_an_account_in_daily_use_is_healthy_and_a_silent_one_in_danger():
    card = parse(STANDARD)
    lively = {
        "active_days_28d": 19, "seats_used_share": 80, "usage_trend_28d": 2,
        "days_since_activity": 0, "core_days_28d": 15, "features_28d": 6, "open_tickets": 1,
    }  # fmt: skip
    silent = {
        "active_days_28d": 1, "seats_used_share": 5, "usage_trend_28d": -90,
        "days_since_activity": 25, "core_days_28d": 0, "features_28d": 1, "open_tickets": 0,
    }  # fmt: skip
    assert float(score(card, lively).score) > 90
    assert float(score(card, silent).score) < 40


def test_defaults_are_installed_once_and_never_overwrite(standard):
    assert install_defaults() == {"metrics": 0, "scorecards": 0, "signal_rules": 0}
    assert Metric.objects.count() == len(METRICS)
    assert [card.name_en for card in scorecards()] == ["Onboarding", "Standard"]
    rule = SignalRule.objects.get(key="silence")
    SignalRule.objects.filter(pk=rule.pk).update(severity=1)
    Metric.objects.filter(key="logins_7d").delete()
    assert install_defaults() == {"metrics": 1, "scorecards": 0, "signal_rules": 0}
    rule.refresh_from_db()
    assert rule.severity == 1


def test_an_edit_makes_a_new_version_and_keeps_the_old_one(standard, leader):
    version = services.save_version(actor=leader, scorecard=standard, spec=edited(), note="more")
    assert (version.number, version.note, version.created_by_id) == (2, "more", leader.user_id)
    assert current_version(standard) == version
    assert standard.versions.get(number=1).spec == to_dict(parse(STANDARD))
    entry = audit_entries().first()
    assert entry.action == "scorecard.version_saved"
    assert entry.detail.before["number"] == 1
    assert current_versions()[standard.pk] == version


def test_an_edit_that_changes_nothing_makes_no_version(standard, leader):
    version = services.save_version(actor=leader, scorecard=standard, spec=deepcopy(STANDARD))
    assert version.number == 1
    assert standard.versions.count() == 1


def test_two_people_do_not_overwrite_each_other(standard, leader):
    services.save_version(actor=leader, scorecard=standard, spec=edited(), expected_number=1)
    with pytest.raises(ConflictError):
        services.save_version(actor=leader, scorecard=standard, spec=edited(5), expected_number=1)


def test_a_scorecard_of_unknown_metrics_is_refused_with_its_place(standard, leader):
    data = edited()
    data["groups"][0]["measures"][2]["key"] = "no_such_metric"
    with pytest.raises(InvalidInputError) as caught:
        services.save_version(actor=leader, scorecard=standard, spec=data)
    assert list(caught.value.fields) == ["groups[0].measures[2].key"]


def test_listeners_hear_of_a_change_after_the_commit(
    standard, leader, django_capture_on_commit_callbacks, monkeypatch
):
    heard: list[ScorecardChanged] = []
    monkeypatch.setitem(events._handlers, ScorecardChanged, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        services.save_version(actor=leader, scorecard=standard, spec=edited())
        assert heard == []
    assert heard == [ScorecardChanged(standard.pk)]


def test_a_new_scorecard_is_tried_after_the_present_ones(standard, leader):
    card = services.create_scorecard(
        actor=leader, name_ja="大手", name_en="Enterprise", spec=STANDARD,
        segments=["Enterprise", "Enterprise", " "], lifecycles=["renewal", "adoption"],
    )  # fmt: skip
    assert not card.is_default
    assert card.segments == ["Enterprise"]
    assert card.lifecycles == ["adoption", "renewal"]
    names = [item.name_en for item in scorecards()]
    assert names == ["Onboarding", "Enterprise", "Standard"]
    services.order_scorecards(actor=leader, scorecards=[card, *scorecards().exclude(pk=card.pk)])
    assert [item.name_en for item in scorecards()] == ["Enterprise", "Onboarding", "Standard"]


def test_there_is_always_one_default_that_judges_everybody_else(standard, leader):
    with pytest.raises(ConflictError):
        services.archive_scorecard(actor=leader, scorecard=standard)
    with pytest.raises(InvalidInputError):
        services.change_scorecard(actor=leader, scorecard=standard, segments=["SMB"])
    onboarding = Scorecard.objects.get(is_default=False)
    services.make_default(actor=leader, scorecard=onboarding)
    assert [card.is_default for card in scorecards()] == [False, True]
    assert Scorecard.objects.get(is_default=True).lifecycles == []
    standard.refresh_from_db()
    services.archive_scorecard(actor=leader, scorecard=standard)
    assert [card.name_en for card in scorecards()] == ["Onboarding"]


@pytest.mark.parametrize("role", ["csm", "sales", "viewer"])
def test_only_leaders_design_scorecards(standard, people, role):
    actor = actor_of(people[role])
    with pytest.raises(ForbiddenError):
        services.save_version(actor=actor, scorecard=standard, spec=edited())
    with pytest.raises(ForbiddenError):
        services.create_scorecard(actor=actor, name_ja="あ", name_en="a", spec=STANDARD)
    with pytest.raises(ForbiddenError):
        services.make_default(actor=actor, scorecard=standard)


def test_a_preview_says_who_would_change_band():
    present = spec(group("use", 1, measure("a")))
    draft = spec(group("use", 1, measure("a", 1, FALLING)), min_coverage=0)
    found = compare_versions(present, draft, [7, 8, 9, 10], {"a": [9.0, 1, np.nan, 5]})
    assert (found.accounts, found.changed, found.rescored) == (4, 2, 2)
    assert found.bands == (("healthy", 1, 1), ("caution", 1, 1), ("danger", 1, 1), ("", 1, 1))
    assert found.moves == (
        Move(7, 90, 10, "healthy", "danger"), Move(8, 10, 90, "danger", "healthy"),
    )  # fmt: skip


def test_the_first_scorecard_of_all_is_the_default(db, stopped_clock):
    install_defaults()
    Scorecard.objects.all().delete()
    card = services.create_scorecard(actor=SYSTEM, name_ja="あ", name_en="A", spec=STANDARD)
    assert card.is_default
