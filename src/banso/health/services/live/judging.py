"""Judging a few accounts at once, and filling their past where late events changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from banso.accounts.selectors.book import book_rows
from banso.health.services.compute.assessment import Assessment, assess
from banso.health.services.compute.live import active_rules
from banso.health.services.compute.publication import publish
from banso.health.services.history import fill_history
from banso.health.services.publish import publish_usage
from banso.workspace.selectors import business_day


def judge(account_ids: Sequence[int]) -> Assessment:
    """Publish where accounts stand as of today, their usage first; unknown ones are passed over.

    Pages that are open fetch themselves anew when the score is published, and are to find the
    usage that goes with it.
    """
    day = business_day()
    known = [row.account_id for row in book_rows(account_ids)]
    publish_usage(known, day)
    rules = active_rules()
    found = assess(day, [rule.conditions for rule in rules], known)
    publish(found, rules)
    return found


def fill_past(account_ids: Sequence[int], start: date) -> None:
    """Score the accounts' days from ``start`` on once more."""
    if start < business_day():
        fill_history(start, account_ids=sorted(account_ids))
