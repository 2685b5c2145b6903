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
from banso.health.selectors.today.reasons import (
    DROPPED_POINTS,
    FELL_POINTS,
    RENEWAL_DAYS,
    RENEWAL_NOW_DAYS,
    Reason,
    reasons_of,
)
from banso.health.selectors.today.scope import Scope, default_scope, pulses_in
from banso.health.types import Direction, SignalStatus
from banso.kit.money import Money
from banso.workspace.selectors import business_day
from banso.workspace.types import Actor, Role

#: Tasks due within so many days are listed.
TASK_DAYS = 7
#: Severities of signals to act on today, and this week; lighter ones are seen at the account.
NOW, SOON = 3, 2
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
        total: accounts in the list, also beyond the limit.
        later: accounts left out because there is time until later this week.
        tasks: the actor's open tasks that are overdue or due within a week.
    """

    day: date
    scope: Scope
    items: list[Item]
    total: int
    later: int
    tasks: list[Any]


def today(
    actor: Actor,
    as_of: date | None = None,
    *,
    scope: Scope | None = None,
    limit: int = DEFAULT_LIMIT,
    whole_week: bool = False,
) -> Today:
    """What the actor should look at, in order.

    An account is for today when a signal of severity 3 is open, or its renewal lies within 30 days
    and its health is not good. It is for this week when a signal of severity 2 is open, its renewal
    lies within 90 days and its health is not good, or it fell ten points, or five into a worse
    band, within seven days. Signals of severity 1 are worth a look when one is at the account
    anyway. For sales each sign of expansion counts one step more. The order is by stake; each step
    of severity of the gravest reason counts for a quarter more.

    Args:
        whole_week: list what is for this week too; so it is when nothing is for today.
    """
    day = as_of or business_day()
    wanted = scope or default_scope(actor)
    pulses = pulses_in(actor, wanted)
    now, week = pulses.filter(_for_today(actor, day)), pulses.filter(_for_this_week(actor, day))
    urgent, total = now.count(), week.count()
    shown = week if whole_week or not urgent else now
    rows = _rows(_first(actor, shown, min(max(limit, 1), MOST)))
    reasons = reasons_of(rows, day)
    items = [_item(row, reasons[row["account_id"]], day) for row in rows]
    items.sort(key=lambda item: _rank(actor, item))
    listed = total if shown is week else urgent
    return Today(day, wanted, items, listed, total - listed, _tasks(actor, day))


def _for_today(actor: Actor, day: date) -> Q:
    return _signalled(actor, NOW) | _renews_in_doubt(day, RENEWAL_NOW_DAYS)


def _for_this_week(actor: Actor, day: date) -> Q:
    worse = Q(band_7="healthy", band__in=["caution", "danger"]) | Q(band_7="caution", band="danger")
    fell = Q(change_7__lte=FELL_POINTS) | (Q(change_7__lte=DROPPED_POINTS) & worse)
    return _signalled(actor, SOON) | _renews_in_doubt(day, RENEWAL_DAYS) | fell


def _signalled(actor: Actor, severity: int) -> Q:
    grave = Q(rule__severity__gte=severity)
    if actor.role is Role.SALES:
        grave |= Q(rule__severity__gte=severity - 1, rule__direction=Direction.OPPORTUNITY)
    found = Signal.objects.filter(grave, status=SignalStatus.OPEN)
    return Q(account_id__in=found.order_by().values("account_id"))


def _renews_in_doubt(day: date, within: int) -> Q:
    near = Q(renewal_on__gte=day, renewal_on__lte=day + timedelta(days=within))
    return near & ~Q(band="healthy")


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
