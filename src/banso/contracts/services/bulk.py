"""Subscription lines that come in many at once, and their joining into subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from banso.contracts.models import Product, SubscriptionLine
from banso.contracts.services.joining import join_lines, place_new
from banso.contracts.services.story import forget_lines, line_uids, tell_contracts
from banso.workspace.policies import require
from banso.workspace.services import bulk
from banso.workspace.types import Actor, RowResult


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as a source knows it.

    Args:
        external_id: the source's id of the line.
        product: key of the product.
        subscription: the source's own id of what belongs together; empty = it is found out.
        values: fields of a line (``account_id``, ``start_on``, ``end_on`` exclusive, …); what is
            absent stays as it is.
    """

    external_id: str
    product: str
    subscription: str
    values: Mapping[str, Any]


@transaction.atomic
def upsert_lines(
    *,
    actor: Actor,
    source: str,
    rows: Sequence[LineRow],
    grace_days: int,
    products: Mapping[str, Mapping[str, Any]] | None = None,
    dry_run: bool = False,
) -> list[RowResult]:
    """Create or change lines; the same rows again change nothing.

    Lines of one product family that follow each other within ``grace_days`` become one
    subscription; where the source names the subscription, its word counts.

    Args:
        products: product key to name, family and ``is_addon``, for products that are new.

    Returns:
        One result per row, in order.
    """
    require(actor, "contracts.load")
    known = bulk.records_of(SubscriptionLine, source, rows)
    ids = _product_ids({row.product for row in rows}, products or {}, dry_run=dry_run)
    drafts = [bulk.Row(known.get(r.external_id), _values(r, ids[r.product])) for r in rows]
    old = [draft for draft in drafts if draft.record is not None]
    changed, _ = bulk.upsert(SubscriptionLine, "line", old, new={}, dry_run=dry_run)
    new = [(row, d.values) for row, d in zip(rows, drafts, strict=True) if d.record is None]
    placed: Sequence[int | None] = [None] * len(new)
    if not dry_run:
        placed = place_new(source, [(row.subscription, values) for row, values in new])
    fresh = [
        bulk.Row(None, {**values, "external_id": row.external_id}, {"subscription_id": place})
        for (row, values), place in zip(new, placed, strict=True)
    ]
    created, _ = bulk.upsert(
        SubscriptionLine, "line", fresh, new={"source": source}, dry_run=dry_run
    )
    if not dry_run:
        touched = [result for result in (*changed, *created) if result.after]
        left = {r.before["account_id"] for r in changed if r.before and "account_id" in r.before}
        now_with = _accounts_of(r.record_id for r in touched if r.record_id)
        join_lines(left | now_with, grace_days)
    results = iter(changed), iter(created)
    return [next(results[draft.record is None]) for draft in drafts]


@transaction.atomic
def undo_lines(
    *,
    actor: Actor,
    changes: Iterable[bulk.Change],
    grace_days: int,
) -> bulk.Undone:
    """Take back what :func:`upsert_lines` did, newest first, and join what remains anew."""
    require(actor, "contracts.load")
    listed = list(changes)
    keys = [key for key, _, _ in listed]
    accounts, uids = _accounts_of(keys), line_uids(keys)
    undone = bulk.undo(SubscriptionLine, listed)
    accounts |= _accounts_of(keys)
    join_lines(accounts, grace_days)
    forget_lines(uids)
    tell_contracts(accounts)
    return undone


def _values(row: LineRow, product: int | None) -> dict[str, Any]:
    """Fields of the line; an end that the source tells is no longer one that was found out."""
    told = {"ended_by_renewal": False} if row.values.get("end_on") else {}
    return {**row.values, **told, "product_id": product}


def _accounts_of(line_ids: Iterable[int]) -> set[int]:
    lines = SubscriptionLine.objects.filter(pk__in=list(line_ids))
    return set(lines.order_by().values_list("account_id", flat=True))


def _product_ids(
    keys: set[str], described: Mapping[str, Mapping[str, Any]], *, dry_run: bool
) -> dict[str, int | None]:
    found: dict[str, int | None] = dict(
        Product.objects.filter(key__in=keys).values_list("key", "id")
    )
    for key in sorted(keys - found.keys()):
        about = described.get(key, {})
        product = Product(
            key=key,
            name=str(about.get("name") or key)[:200],
            family=str(about.get("family") or key)[:120],
            is_addon=bool(about.get("is_addon", False)),
        )
        if not dry_run:
            product.save()
        found[key] = product.pk
    return found
