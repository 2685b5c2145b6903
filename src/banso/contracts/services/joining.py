"""Joining lines into subscriptions: monthly lines are one history, not churn and return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from banso.contracts.models import Subscription, SubscriptionLine
from banso.contracts.rules.chains import Span, chain
from banso.contracts.rules.renewed import Agreed, renewed_on

#: The source's own id of the subscription (or empty) and the values of a new line.
NewLine = tuple[str, Mapping[str, Any]]


def place_new(source: str, lines: Sequence[NewLine]) -> list[int]:
    """A subscription's key for every new line: the source's own, or one of its own for now.

    :func:`join_lines` puts together afterwards what belongs together.
    """
    named = _named(source, {own for own, _ in lines if own})
    placed: list[Subscription] = []
    for own, values in lines:
        key = (values["account_id"], own)
        subscription = named.get(key) or Subscription(
            account_id=values["account_id"],
            external_id=own,
            source=source,
            currency=values["currency"],
            started_on=values["start_on"],
            ended_on=values.get("end_on"),
            auto_renew=values.get("auto_renew"),
        )
        if own:
            named[key] = subscription
        placed.append(subscription)
    fresh = {id(subscription): subscription for subscription in placed if not subscription.pk}
    Subscription.objects.bulk_create(list(fresh.values()))
    return [subscription.pk for subscription in placed]


def join_lines(account_ids: Iterable[int], grace_days: int) -> None:
    """Regroup all lines of the accounts and bring their subscriptions in line with them."""
    accounts = list(account_ids)
    end_renewed(accounts, grace_days)
    lines = SubscriptionLine.objects.filter(account_id__in=accounts).select_related(
        "product", "subscription"
    )
    groups: dict[tuple[Any, ...], list[SubscriptionLine]] = defaultdict(list)
    for line in lines.order_by("start_on", "id"):
        groups[_group_of(line)].append(line)
    kept: set[int] = set()
    for key, members in groups.items():
        for member_positions in _chains(key, members, grace_days):
            run = [members[position] for position in member_positions]
            kept.add(_settle(run, kept))
    Subscription.objects.filter(account_id__in=accounts).exclude(pk__in=kept).delete()


def end_renewed(account_ids: Iterable[int], grace_days: int) -> None:
    """End lines without an end where another of the same product renews them, else open them again.

    Lines of a subscription that the source names are left to its word.
    """
    lines = SubscriptionLine.objects.filter(
        account_id__in=list(account_ids), subscription__external_id=""
    )
    groups: dict[tuple[Any, ...], list[SubscriptionLine]] = defaultdict(list)
    for line in lines.order_by("start_on", "id"):
        groups[line.account_id, line.product_id, line.is_trial].append(line)
    changed = [line for members in groups.values() for line in _renewed(members, grace_days)]
    SubscriptionLine.objects.bulk_update(changed, ["end_on", "ended_by_renewal"], batch_size=500)


def _renewed(lines: Sequence[SubscriptionLine], grace_days: int) -> Iterator[SubscriptionLine]:
    """The lines whose end by renewal is another than before, with that end."""
    agreed = [
        Agreed(line.start_on, line.term_end_on, line.end_on is None or line.ended_by_renewal)
        for line in lines
    ]
    for line, told, day in zip(lines, agreed, renewed_on(agreed, grace_days), strict=True):
        if told.open and line.end_on != day:
            line.end_on, line.ended_by_renewal = day, day is not None
            yield line


def _group_of(line: SubscriptionLine) -> tuple[Any, ...]:
    own = line.subscription.external_id
    if own:
        return line.account_id, "named", line.source, own
    return line.account_id, "family", line.product.family or line.product.key, line.is_trial


def _chains(
    key: tuple[Any, ...], lines: Sequence[SubscriptionLine], grace_days: int
) -> list[list[int]]:
    if key[1] == "named":
        return [list(range(len(lines)))]
    return chain([Span(line.start_on, line.end_on) for line in lines], grace_days)


def _settle(run: Sequence[SubscriptionLine], taken: set[int]) -> int:
    """Put the lines into one subscription, the oldest that is theirs and free, and date it."""
    account = run[0].account_id
    held = {line.subscription_id: line.subscription for line in run}
    # A line that the source moved to another account leaves its subscription where it was.
    candidates = [s for pk, s in held.items() if pk not in taken and s.account_id == account]
    target = min(candidates, key=lambda s: s.pk) if candidates else _another(run[0])
    moved = [line.pk for line in run if line.subscription_id != target.pk]
    if moved:
        SubscriptionLine.objects.filter(pk__in=moved).update(subscription=target)
    last = max(run, key=lambda line: (line.end_on or date.max, line.start_on))
    values = {
        "family": run[0].product.family,
        "currency": last.currency,
        "started_on": min(line.start_on for line in run),
        "ended_on": last.end_on,
        "auto_renew": last.auto_renew,
    }
    if any(getattr(target, name) != value for name, value in values.items()):
        Subscription.objects.filter(pk=target.pk).update(**values)
    return target.pk


def _another(line: SubscriptionLine) -> Subscription:
    return Subscription.objects.create(
        account_id=line.account_id,
        external_id=line.subscription.external_id,
        source=line.source,
        currency=line.currency,
        started_on=line.start_on,
        ended_on=line.end_on,
    )


def _named(source: str, own_ids: set[str]) -> dict[tuple[int, str], Subscription]:
    if not own_ids:
        return {}
    found = Subscription.objects.filter(source=source, external_id__in=own_ids)
    return {(s.account_id, s.external_id): s for s in found}
