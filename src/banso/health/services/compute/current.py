"""Judging accounts as of one day and publishing where they stand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from banso.accounts.selectors.book import book_rows
from banso.accounts.services.lifecycle import move_accounts
from banso.accounts.types import Lifecycle
from banso.contracts.selectors.subscriptions import active_spans
from banso.health.rules.conditions import SCORE
from banso.health.rules.customers import has_left, has_service
from banso.health.rules.query import CHANGE_DAYS
from banso.health.selectors.due import due_accounts
from banso.health.services.compute import live
from banso.health.services.compute.assessment import Assessment, assess
from banso.health.services.compute.columns import publish_columns
from banso.health.services.compute.last_run import leave
from banso.health.services.compute.picture import moment_of
from banso.health.services.compute.publication import publish
from banso.health.services.due import forget_due
from banso.health.services.pending import pending
from banso.health.services.values import Floats
from banso.workspace.selectors import business_day
from banso.workspace.types import SYSTEM


@dataclass(frozen=True, slots=True)
class Current:
    """What a run did: accounts judged, pulses written, signals opened and cleared."""

    accounts: int
    written: int
    opened: int
    cleared: int


def compute_current(*, opening: bool = True) -> Current:
    """Judge every account as of today from the warehouse and publish the result.

    Only what changed is written: the pulse of an account, its signals, and entries on the timeline
    for a changed band. Needs a warehouse that has been synchronised.

    Args:
        opening: whether signals open. Since when they hold is read from the history, so none opens
            while that is about to be filled.
    """
    began = time.monotonic()
    day = business_day()
    due = due_accounts()
    _move_lifecycles(day)
    rules = live.active_rules()
    found = assess(day, [rule.conditions for rule in rules], earlier=CHANGE_DAYS)
    done = publish(found, rules, opening=opening)
    publish_columns(found.picture.ids, _columns(found))
    leave(found, began)
    forget_due(due)
    pending.again(began)
    return Current(len(found.picture.ids), done.written, done.opened, done.cleared)


def _columns(found: Assessment) -> dict[int, dict[str, Floats]]:
    """Days ago to metric key to values, the scores that counted among them."""
    metrics = {0: found.picture.values, **found.picture.earlier}
    scores = {0: found.score, **found.past.scores}
    return {ago: {**values, SCORE: scores[ago]} for ago, values in metrics.items()}


def _move_lifecycles(day: date) -> None:
    """Accounts whose last line has ended have churned; those that came back are adopting again."""
    spans = active_spans()
    rows = [row for row in book_rows() if row.account_id in spans]
    left = [
        row.account_id
        for row in rows
        if row.lifecycle != Lifecycle.CHURNED and has_left(spans[row.account_id], day)
    ]
    back = [
        row.account_id
        for row in rows
        if row.lifecycle == Lifecycle.CHURNED and has_service(spans[row.account_id], day)
    ]
    moment = moment_of(day)
    for ids, stage in ((left, Lifecycle.CHURNED), (back, Lifecycle.ADOPTION)):
        if ids:
            move_accounts(actor=SYSTEM, account_ids=ids, to=stage, happened_at=moment)
