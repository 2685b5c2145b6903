"""What the room does when something happened below."""

from __future__ import annotations

from banso.accounts.events import AccountChanged, AccountCreated, AccountErased, TouchLogged
from banso.health.events import (
    JudgementChanged,
    MetricChanged,
    ScorecardChanged,
    SignalRuleChanged,
)
from banso.health.services.compute.pulses import ensure_pulses
from banso.health.services.due import request_judgement
from banso.health.services.requests import request_history, request_refresh
from banso.usage.events import FeaturesMarked, UsageAccepted, UsageErased, UsageReverted
from banso.workspace.events import CompanyChanged
from banso.workspace.services.events import subscribe

#: Settings that change what every past day looked like, and those that change only today.
_PAST = frozenset({"currency", "time_zone", "exchange_rates"})
_TODAY = frozenset({"pinned_on"})
_JUDGED = frozenset({"segment", "lifecycle"})


def on_account_created(event: AccountCreated) -> None:
    """A new account stands in lists at once, and is judged soon."""
    ensure_pulses([event.account_id])
    request_judgement([event.account_id])


def on_account_changed(event: AccountChanged) -> None:
    """Another segment or stage may mean another scorecard."""
    if event.fields & _JUDGED:
        request_judgement([event.account_id])


def on_account_erased(event: AccountErased) -> None:
    """Whoever still knows the account is to forget it before it is judged once more."""
    request_judgement([event.account_id])
    request_refresh()


def on_touch(event: TouchLogged) -> None:
    """Metrics of one account may see what a person did."""
    request_judgement([event.account_id])


def on_judgement(event: JudgementChanged) -> None:
    """A person said what he thinks of one account."""
    request_judgement([event.account_id])


def on_company_changed(event: CompanyChanged) -> None:
    """Money and days read differently, or the product looks at another day."""
    if event.fields & (_PAST | _TODAY):
        request_refresh()
    if event.fields & _PAST:
        request_history()


def on_new_facts(event: object) -> None:
    """Something that today's metrics see has changed."""
    del event
    request_refresh()


def on_new_meaning(event: object) -> None:
    """Past days are measured differently too."""
    del event
    request_refresh()
    request_history()


def register() -> None:
    """Listen; called at start-up."""
    subscribe(AccountCreated, on_account_created)
    subscribe(AccountChanged, on_account_changed)
    subscribe(AccountErased, on_account_erased)
    subscribe(CompanyChanged, on_company_changed)
    subscribe(TouchLogged, on_touch)
    subscribe(JudgementChanged, on_judgement)
    for facts in (UsageAccepted, UsageErased, ScorecardChanged):
        subscribe(facts, on_new_facts)
    subscribe(SignalRuleChanged, on_new_facts)
    for meaning in (FeaturesMarked, MetricChanged, UsageReverted):
        subscribe(meaning, on_new_meaning)
