"""What people say about an account's health, and what they do about signals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from banso.accounts.selectors.timeline import timeline
from banso.accounts.services.accounts import create_account
from banso.health.events import JudgementChanged
from banso.health.models import Pulse, Signal, SignalRule
from banso.health.selectors import judgement as told
from banso.health.selectors.signals import live_signals, signal_by_uid
from banso.health.services import judgement, signal_rules, signals
from banso.health.services.install import install_defaults
from banso.kit import clock
from banso.kit.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from banso.workspace.selectors import actor_of, audit_entries
from banso.workspace.services import events
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM

TODAY = date(2026, 4, 15)
NEXT_MONTH = TODAY + timedelta(days=30)


@pytest.fixture
def account(people, stopped_clock):
    """An account of the CSM."""
    install_defaults()
    return create_account(actor=SYSTEM, name="Sakura", cs_owner=people["csm"])


@pytest.fixture
def csm(people):
    """The CSM who owns the account."""
    return actor_of(people["csm"])


def override(actor, account, **changes):
    """Set the score to 30 for a month."""
    values = {"score": 30, "reason": "Their champion has left.", "until": NEXT_MONTH}
    return judgement.set_override(actor=actor, account=account, **{**values, **changes})


def test_an_override_holds_with_its_reason_until_its_day(account, csm):
    override(csm, account)
    held = told.current_override(account, NEXT_MONTH)
    assert (held.score, held.reason, held.set_by_id) == (
        30, "Their champion has left.", csm.user_id,
    )  # fmt: skip
    assert told.current_override(account, NEXT_MONTH + timedelta(days=1)) is None
    assert audit_entries().first().action == "override.set"


def test_a_new_override_ends_the_one_before_and_both_are_kept(account, csm):
    override(csm, account)
    override(csm, account, score=60)
    assert [item.score for item in told.overrides(account)] == [60, 30]
    assert told.current_override(account, TODAY).score == 60
    judgement.end_override(actor=csm, account=account)
    assert told.current_override(account, TODAY) is None
    with pytest.raises(ConflictError):
        judgement.end_override(actor=csm, account=account)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": 101}, "score"),
        ({"score": float("nan")}, "score"),
        ({"score": "30"}, "score"),
        ({"reason": "  "}, "reason"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({"until": TODAY + timedelta(days=367)}, "until"),
        ({"until": None}, "until"),
    ],
)
def test_an_override_without_sense_reason_or_end_is_refused(account, csm, changes, field):
    with pytest.raises(InvalidInputError) as caught:
        override(csm, account, **changes)
    assert field in caught.value.fields
    assert told.overrides(account).count() == 0


def test_the_latest_sentiment_counts_and_an_older_one_never_returns(account, csm):
    say = {"actor": csm, "account": account, "reason": "We talked."}
    judgement.set_sentiment(value="good", until=NEXT_MONTH, **say)
    judgement.set_sentiment(value="bad", until=TODAY + timedelta(days=5), **say)
    assert told.current_sentiment(account, TODAY).value == "bad"
    assert told.current_sentiment(account, TODAY + timedelta(days=6)) is None
    assert [item.value for item in told.sentiments(account)] == ["bad", "good"]
    with pytest.raises(InvalidInputError):
        judgement.set_sentiment(value="great", until=NEXT_MONTH, **say)


def test_only_owners_and_leaders_judge(account, people):
    override(actor_of(people["leader"]), account)
    for role in ("sales", "viewer"):
        with pytest.raises(ForbiddenError):
            override(actor_of(people[role]), account)
    other = create_account(actor=SYSTEM, name="Momiji")
    with pytest.raises(ForbiddenError):
        override(actor_of(people["csm"]), other)


def test_listeners_hear_of_a_judgement(
    account, csm, django_capture_on_commit_callbacks, monkeypatch
):
    heard: list[JudgementChanged] = []
    monkeypatch.setitem(events._handlers, JudgementChanged, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        override(csm, account)
    assert heard == [JudgementChanged(account.pk)]


@pytest.fixture
def signal(account):
    """An open signal of the account, counted in its pulse."""
    now = clock.now()
    Pulse.objects.create(account_id=account.pk, as_of=TODAY, risks_open=1, updated_at=now)
    return Signal.objects.create(
        account_id=account.pk, rule=SignalRule.objects.get(key="silence"),
        since=TODAY, last_seen_on=TODAY, created_at=now,
    )  # fmt: skip


def risks(account):
    """How many risks lists show for the account."""
    return Pulse.objects.get(pk=account.pk).risks_open


def test_a_snoozed_signal_is_quiet_and_on_the_timeline(account, signal, csm):
    snoozed = signals.snooze_signal(actor=csm, signal=signal, until=NEXT_MONTH, reason="Holidays")
    assert (snoozed.status, snoozed.snoozed_until) == ("snoozed", NEXT_MONTH)
    assert risks(account) == 0
    entry = timeline(account)[0][0]
    assert (entry.kind, entry.data["event"], entry.body) == ("signal", "snoozed", "Holidays")
    signals.reopen_signal(actor=csm, signal=snoozed)
    assert risks(account) == 1
    assert [item.status for item in live_signals(account)] == ["open"]


def test_a_resolved_signal_keeps_its_outcome_and_can_be_taken_back(account, signal, csm):
    resolved = signals.resolve_signal(actor=csm, signal=signal, outcome="helped", reason="Trained")
    assert (resolved.status, resolved.outcome, resolved.closed_by_id) == (
        "resolved", "helped", csm.user_id,
    )  # fmt: skip
    assert live_signals(account) == []
    with pytest.raises(ConflictError):
        signals.resolve_signal(actor=csm, signal=signal, outcome="helped")
    reopened = signals.reopen_signal(actor=csm, signal=signal)
    assert (reopened.status, reopened.outcome, reopened.closed_at) == ("open", "", None)


def test_a_resolved_signal_stays_closed_once_its_rule_has_a_newer_one(account, signal, csm):
    signals.resolve_signal(actor=csm, signal=signal, outcome="known")
    Signal.objects.create(
        account_id=account.pk, rule=signal.rule, since=TODAY, last_seen_on=TODAY,
        created_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(ConflictError):
        signals.reopen_signal(actor=csm, signal=signal)


def test_a_snooze_needs_a_reason_and_a_day_to_come(signal, csm):
    for until, reason in [(TODAY, "x"), (NEXT_MONTH, ""), (TODAY + timedelta(days=400), "x")]:
        with pytest.raises(InvalidInputError):
            signals.snooze_signal(actor=csm, signal=signal, until=until, reason=reason)


def test_signals_of_others_are_not_known_to_whoever_sees_only_the_own_book(signal, people, csm):
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    assert signal_by_uid(actor_of(people["csm"]), signal.uid) == signal
    with pytest.raises(NotFoundError):
        signal_by_uid(actor_of(people["sales"]), signal.uid)
    with pytest.raises(ForbiddenError):
        signals.snooze_signal(
            actor=actor_of(people["viewer"]), signal=signal, until=NEXT_MONTH, reason="x"
        )


def test_a_rule_switched_off_clears_its_signals(account, signal, people):
    leader = actor_of(people["leader"])
    signal_rules.switch_rule(actor=leader, rule=signal.rule, on=False)
    signal.refresh_from_db()
    assert signal.status == "cleared"
    assert risks(account) == 0
    assert audit_entries().first().action == "signal_rule.switched_off"


def test_rules_are_made_and_changed_by_leaders(account, people, csm):
    leader = actor_of(people["leader"])
    quiet = {"all": [{"metric": "touches_90d", "op": "eq", "value": 0}]}
    texts = {"name_ja": "接点なし", "name_en": "No touch", "conditions": quiet}
    rule = signal_rules.create_rule(actor=leader, key="no_touch", severity=1, **texts)
    assert rule.conditions == {**quiet, "show": []}
    changed = signal_rules.change_rule(actor=leader, rule=rule, severity=3, name_en="No touch")
    assert changed.severity == 3
    assert audit_entries().first().detail.after == {"severity": 3}
    with pytest.raises(ForbiddenError):
        signal_rules.create_rule(actor=csm, key="mine", **texts)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"conditions": {"all": [{"metric": "nothing", "op": "eq", "value": 0}]}}, "all[0].metric"),
        ({"conditions": {"all": [{"band_drop": 28}], "show": ["nothing"]}}, "show"),
        ({"severity": 4}, "severity"),
        ({"direction": "up"}, "direction"),
        ({"name_ja": ""}, "name_ja"),
        ({"key": "other"}, "key"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(account, changes, place):
    with pytest.raises(InvalidInputError) as caught:
        signal_rules.change_rule(
            actor=SYSTEM, rule=SignalRule.objects.get(key="silence"), **changes
        )
    assert place in caught.value.fields
