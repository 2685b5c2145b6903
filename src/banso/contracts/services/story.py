"""What subscriptions put on an account's timeline: begun, changed, ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from banso.accounts.services.timeline import record_entries, withdraw_entries
from banso.accounts.types import ActivityKind, Entry
from banso.contracts.models import Subscription, SubscriptionLine
from banso.contracts.rules.recurring import MONTHS_A_YEAR
from banso.kit import clock
from banso.workspace.selectors import company_zone

TIMELINE_SOURCE = "contracts"
_EVENTS = ("started", "changed", "ended")
_CHUNK = 200


def tell_contracts(account_ids: Iterable[int]) -> None:
    """Bring the timelines of accounts in line with their subscriptions.

    Lines that only continue at the same price tell nothing. Call it when all lines are in: until
    then the last line of a chunk looks like an end.
    """
    accounts = sorted(account_ids)
    zone = company_zone()
    for start in range(0, len(accounts), _CHUNK):
        _tell(accounts[start : start + _CHUNK], zone)


def line_uids(line_ids: Iterable[int]) -> list[str]:
    """The public ids of lines, to be kept while the lines go."""
    lines = SubscriptionLine.objects.filter(pk__in=list(line_ids))
    return [str(uid) for uid in lines.order_by().values_list("uid", flat=True)]


def forget_lines(uids: Iterable[str]) -> None:
    """Take from the timelines what lines told that may be gone; tell the contracts anew after."""
    withdraw_entries(TIMELINE_SOURCE, _possible(uids))


def _possible(uids: Iterable[object]) -> set[str]:
    """The ids of everything that lines can tell."""
    return {f"{uid}:{event}" for uid in uids for event in _EVENTS}


def _tell(accounts: list[int], zone: ZoneInfo) -> None:
    lines = SubscriptionLine.objects.filter(account_id__in=accounts).order_by("start_on", "id")
    chains: dict[int, list[SubscriptionLine]] = {}
    for line in lines.select_related("product"):
        chains.setdefault(line.subscription_id, []).append(line)
    ends = dict(Subscription.objects.filter(account_id__in=accounts).values_list("pk", "ended_on"))
    entries = {
        entry.external_id: entry
        for key, chain in chains.items()
        for entry in _story(chain, ends.get(key), zone)
    }
    possible = _possible(line.uid for chain in chains.values() for line in chain)
    withdraw_entries(TIMELINE_SOURCE, possible - entries.keys())
    record_entries(entries.values())


def _story(chain: list[SubscriptionLine], ended_on: date | None, zone: ZoneInfo) -> Iterator[Entry]:
    first, last = chain[0], chain[-1]
    yield _entry(first, "started", first.start_on, zone, 0, _arr(first))
    for before, after in pairwise(chain):
        if _arr(before) != _arr(after) or before.product_id != after.product_id:
            yield _entry(after, "changed", after.start_on, zone, _arr(before), _arr(after))
    # An end ahead is what was agreed, not yet what happened.
    if ended_on is not None and ended_on <= clock.today(zone.key):
        yield _entry(last, "ended", ended_on, zone, _arr(last), 0)


def _entry(
    line: SubscriptionLine, event: str, day: date, zone: ZoneInfo, before: int, after: int
) -> Entry:
    data: dict[str, Any] = {
        "event": event,
        "product": line.product.name,
        "arr_before": before,
        "arr_after": after,
        "currency": line.currency,
    }
    return Entry(
        account_id=line.account_id,
        kind=ActivityKind.CONTRACT,
        happened_at=clock.midnight(day, zone),
        source=TIMELINE_SOURCE,
        external_id=f"{line.uid}:{event}",
        data=data,
    )


def _arr(line: SubscriptionLine) -> int:
    return 0 if line.is_trial else MONTHS_A_YEAR * line.mrr_minor
