"""Two of everything that an address can name: one that the CSM and the seller own, one not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from banso.accounts.services import contacts, tasks, timeline
from banso.accounts.services.accounts import create_account
from banso.accounts.services.owners import assign_owner
from banso.accounts.services.segments import save_segment, share_segment
from banso.accounts.types import Side
from banso.connectors.services.runs import create_import
from banso.connectors.types import Kind
from banso.health.models import Metric, Scorecard, Signal, SignalRule
from banso.health.services.install import install_defaults
from banso.kit import clock
from banso.usage.models import UnmatchedParty
from banso.usage.services.matching import match_domain
from banso.usage.services.sources import create_source
from banso.workspace.models import Job, User
from banso.workspace.selectors import actor_of
from banso.workspace.services.people import save_team
from banso.workspace.types import SYSTEM


@dataclass
class Records:
    """What stands behind the placeholders of an address, on one side."""

    account: Any
    values: dict[str, UUID] = field(default_factory=dict)


def shared_records(people: dict[str, User], account: Any) -> dict[str, UUID]:
    """Records that belong to nobody in particular, by the word after the address's prefix."""
    team = save_team(actor=SYSTEM, name="CS", member_ids=[people["csm"].pk])
    job = Job.objects.create(kind="test", created_at=clock.now(), status="done")
    trial = Job.objects.create(kind="health.try_metric", created_at=clock.now(), status="failed")
    file = Path(settings.DATA_DIR) / "companies.csv"
    file.write_text("id,name\n1,Aoba\n")
    run = create_import(actor=SYSTEM, path=file, kind=Kind.ACCOUNTS)
    segment = save_segment(actor=actor_of(people["csm"]), name="Mine", query={})
    share_segment(actor=SYSTEM, segment=segment, shared=True)
    source = create_source(actor=SYSTEM, name="Web app")
    party = UnmatchedParty.objects.create(
        source=source,
        kind="user",
        key="u-1",
        messages=1,
        first_seen_at=clock.now(),
        last_seen_at=clock.now(),
    )
    rule = match_domain(actor=SYSTEM, source=source, domain="aoba.example", account=account)
    handed = assign_owner(actor=SYSTEM, account_ids=[account.pk], side=Side.CS, owner=None)
    return {
        "settings-user": people["viewer"].uid,
        "settings-team": team.uid,
        "settings-job": job.uid,
        "settings-trial": trial.uid,
        "settings-scorecard": Scorecard.objects.get(is_default=True).uid,
        "settings-source": source.uid,
        "settings-party": party.uid,
        "settings-match-rule": rule.uid,
        "settings-metric": Metric.objects.first().uid,
        "settings-signal": SignalRule.objects.first().uid,
        "import": run.uid,
        "segment": segment.uid,
        "token": handed.token,
    }


def one_side(people: dict[str, User], name: str, *, csm: str, sales: str) -> Records:
    """An account owned by two people, with a contact, an entry, a task and a signal of its own."""
    account = create_account(
        actor=SYSTEM, name=name, cs_owner=people[csm], sales_owner=people[sales]
    )
    writer = actor_of(people[csm])
    entry = timeline.log_touch(
        actor=writer, account=account, kind="note", body="Called about the roll-out"
    )
    person = contacts.create_contact(actor=SYSTEM, account=account, name="Hana")
    task = tasks.create_task(actor=writer, account=account, title="Call back", owner=people[sales])
    signal = Signal.objects.create(
        account_id=account.pk,
        rule=SignalRule.objects.first(),
        since=date(2026, 4, 1),
        last_seen_on=date(2026, 4, 15),
        created_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    values = {
        "account": account.uid,
        "entry": entry.uid,
        "contact": person.uid,
        "task": task.uid,
        "signal": signal.uid,
    }
    return Records(account, values)


def both_sides(people: dict[str, User]) -> tuple[Records, Records]:
    """Own and other, as the CSM and the seller see them."""
    install_defaults()
    own = one_side(people, "Own Ltd", csm="csm", sales="sales")
    other = one_side(people, "Other Ltd", csm="leader", sales="leader")
    return own, other
