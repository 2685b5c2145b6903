"""The ordered list: accounts with their reasons, the greatest stake first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from banso.accounts.selectors.tasks import open_tasks
from banso.health.models import Pulse, Signal
from banso.health.selectors.today.reasons import FELL_POINTS, RENEWAL_DAYS, Reason, reasons_of
from banso.health.selectors.today.scope import Scope, default_scope, pulses_in
from banso.health.types import Direction, SignalStatus
from banso.kit.money import Money
from banso.workspace.selectors import business_day
from banso.workspace.types import Actor, Role

#: Tasks due within so many days are listed.
TASK_DAYS = 7
#: Severity from which a signal alone brings an account onto Today.
GRAVE = 2
DEFAULT_LIMIT, MOST = 50, 200
NextStep = Literal["signal", "renewal", "score", "task"]


@dataclass(frozen=True, slots=True)
class Item:
    """One account in the list.

    Attributes:
        stake: ARR × risk × nearness of the renewal, see ``banso.health.rules.signals.stake``.
        reasons: the most severe first.
        next_step: what the first click should open.
    """

    account_id: int
    uid: UUID
    name: str
    lifecycle: str
    segment: str
    cs_owner: str | None
    sales_owner: str | None
    score: float | None
    band: str
    band_7: str
    change_7: float | None
    change_28: float | None
    spark: list[float | None]
    arr: Money
    renewal_on: date | None
    renewal_in_days: int | None
    stake: float
    reasons: tuple[Reason, ...]
    next_step: NextStep


@dataclass(frozen=True, slots=True)
class Today:
    """The list of a day.

    Attributes:
        items: the greatest stake first; for sales, what can grow comes before what is at risk.
        total: accounts with a reason, also beyond the limit.
        tasks: the actor's open tasks that are overdue or due within a week.
    """

    day: date
    scope: Scope
    items: list[Item]
    total: int
    tasks: list[Any]


def today(
    actor: Actor,
    as_of: date | None = None,
    *,
    scope: Scope | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Today:
    """What the actor should look at, in order.

    An account is in the list when a signal of severity 2 or 3 is open, its renewal lies within 90
    days and its health is not good, or it fell a band or ten points within a week. Signals of
    severity 1 are worth a look when one is at the account anyway. The order is by stake; each step
    of severity of the gravest reason counts for a quarter more.
    """
    day = as_of or business_day()
    wanted = scope or default_scope(actor)
    found = _candidates(pulses_in(actor, wanted), day)
    total = found.count()
    rows = _rows(_first(actor, found, min(max(limit, 1), MOST)))
    reasons = reasons_of(rows, day)
    items = [_item(row, reasons[row["account_id"]], day) for row in rows]
    items.sort(key=lambda item: _rank(actor, item))
    return Today(day, wanted, items, total, _tasks(actor, day))


def _candidates(pulses: QuerySet[Pulse], day: date) -> QuerySet[Pulse]:
    near = Q(renewal_on__gte=day, renewal_on__lte=day + timedelta(days=RENEWAL_DAYS))
    fell = Q(change_7__lte=FELL_POINTS) | (
        Q(band_7="healthy", band__in=["caution", "danger"]) | Q(band_7="caution", band="danger")
    )
    grave = Signal.objects.filter(status=SignalStatus.OPEN, rule__severity__gte=GRAVE)
    signalled = Q(account_id__in=grave.order_by().values("account_id"))
    return pulses.filter(signalled | (near & ~Q(band="healthy")) | fell)


_NAMED = {
    "uid": "account__uid",
    "name": "account__name",
    "lifecycle": "account__lifecycle",
    "segment": "account__segment",
    "cs_owner": "account__cs_owner__name",
    "sales_owner": "account__sales_owner__name",
}
_SHOWN = ("score", "band", "band_7", "change_7", "change_28", "spark", "renewal_on", "stake")
_PLAIN = (*_SHOWN, "arr_minor", "currency", "opportunities_open")


def _first(actor: Actor, found: QuerySet[Pulse], limit: int) -> list[int]:
    first = ["-opportunities_open"] if actor.role is Role.SALES else []
    ordered = found.order_by(*first, "-stake", "-arr_minor", "pk")
    return list(ordered.values_list("pk", flat=True)[:limit])


def _rows(ids: Sequence[int]) -> list[dict[str, Any]]:
    """What the list shows; the wide columns are read for these accounts only."""
    named = {name: F(path) for name, path in _NAMED.items()}
    found = Pulse.objects.order_by().filter(pk__in=ids)
    return list(found.values("account_id", *_PLAIN, **named))


def _rank(actor: Actor, item: Item) -> tuple[Any, ...]:
    grows = any(reason.direction is Direction.OPPORTUNITY for reason in item.reasons)
    gravest = max((reason.severity for reason in item.reasons), default=0)
    grown_first = not grows if actor.role is Role.SALES else False
    return (grown_first, -item.stake * (1 + gravest / 4), -item.arr.amount, item.account_id)


def _item(row: Mapping[str, Any], reasons: Sequence[Reason], day: date) -> Item:
    renewal = row["renewal_on"]
    return Item(
        **{name: row[name] for name in ("account_id", *_NAMED, *_SHOWN)},
        arr=Money(row["arr_minor"], row["currency"]),
        renewal_in_days=None if renewal is None else (renewal - day).days,
        reasons=tuple(reasons),
        next_step=reasons[0].kind if reasons else "score",
    )


def _tasks(actor: Actor, day: date) -> list[Any]:
    if actor.user_id is None:
        return []
    due = day + timedelta(days=TASK_DAYS)
    return list(open_tasks(actor, owner_id=actor.user_id, due_by=due)[:MOST])
