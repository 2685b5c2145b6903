"""Writing pulses: one row per account, and only those that changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from django.db import connection

from banso.accounts.selectors.book import book_rows
from banso.contracts.selectors.subscriptions import Standing
from banso.health.models import Pulse
from banso.kit import clock
from banso.workspace.selectors import business_day, company

_BATCH = 500


@dataclass(frozen=True, slots=True)
class PulseRow:
    """Where one account stands; see :class:`banso.health.models.Pulse`."""

    account_id: int
    as_of: date
    is_customer: bool
    version_id: int | None
    score: float | None
    computed_score: float | None
    band: str
    band_7: str
    coverage: float
    change_7: float | None
    change_28: float | None
    measures: dict[str, list[float | None]]
    metrics: dict[str, float]
    spark: list[float | None]
    standing: Standing | None
    seats: int | None
    active_users: int | None
    last_active_on: date | None
    risks_open: int
    opportunities_open: int
    stake: float


#: Fields that are published as they stand in the row.
_SAME = tuple(
    field.name for field in fields(PulseRow) if field.name not in ("account_id", "standing")
)
_STORED = ("account_id", *_SAME, "arr_minor", "currency", "renewal_on", "digest", "updated_at")
_JSON = ("measures", "metrics", "spark")
_DAYS = ("as_of", "renewal_on", "last_active_on")


#: A row whose band is another than before, with the band and the score before.
Crossing: TypeAlias = tuple[PulseRow, str, float | None]


def publish_pulses(rows: Sequence[PulseRow]) -> tuple[list[int], list[Crossing]]:
    """Write the rows that differ from what is published.

    Returns:
        The accounts whose rows were written, and which crossed a band; an account that is judged
        for the first time has crossed nothing.
    """
    before = _published([row.account_id for row in rows])
    currency, now = company().currency, clock.now()
    changed, crossed = [], []
    for row in rows:
        values, old = _values(row, currency), before.get(row.account_id)
        if old is not None and old.digest == values["digest"]:
            continue
        changed.append({"account_id": row.account_id, "updated_at": now, **values})
        if old and old.band and row.band and old.band != row.band:
            crossed.append((row, old.band, old.score))
    _write(changed)
    return [values["account_id"] for values in changed], crossed


def _write(rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows in the place of those of the same accounts; models take four times as long."""
    names, places = ", ".join(_STORED), ", ".join(["%s"] * len(_STORED))
    updated = ", ".join(f"{name} = excluded.{name}" for name in _STORED[1:])
    statement = (
        f"INSERT INTO {Pulse._meta.db_table} ({names}) VALUES ({places}) "  # noqa: S608 - columns
        f"ON CONFLICT (account_id) DO UPDATE SET {updated}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_adapted(row) for row in rows])


def _adapted(row: Mapping[str, Any]) -> list[Any]:
    ops = connection.ops
    adapted = {
        **row,
        **{name: ops.adapt_datefield_value(row[name]) for name in _DAYS},
        "updated_at": ops.adapt_datetimefield_value(row["updated_at"]),
    }
    return [adapted[name] for name in _STORED]


def ensure_pulses(account_ids: Sequence[int]) -> None:
    """Give accounts that were never judged an empty pulse, so that lists show them at once."""
    day, currency, now = business_day(), company().currency, clock.now()
    Pulse.objects.bulk_create(
        [
            Pulse(account_id=one, as_of=day, currency=currency, updated_at=now)
            for one in account_ids
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def ensure_all_pulses() -> None:
    """The same for every account of which nothing is published yet."""
    present = set(Pulse.objects.order_by().values_list("pk", flat=True))
    ensure_pulses([row.account_id for row in book_rows() if row.account_id not in present])


class _Published(NamedTuple):
    digest: str
    band: str
    score: float | None


def _published(account_ids: Sequence[int]) -> dict[int, _Published]:
    kept = Pulse.objects.order_by().filter(account_id__in=account_ids)
    rows = kept.values_list("account_id", "digest", "band", "score")
    return {row[0]: _Published(*row[1:]) for row in rows}


def _values(row: PulseRow, currency: str) -> dict[str, Any]:
    arr = row.standing.recurring.arr if row.standing else None
    values: dict[str, Any] = {
        **{name: getattr(row, name) for name in _SAME},
        **{name: json.dumps(getattr(row, name), separators=(",", ":")) for name in _JSON},
        "arr_minor": arr.minor if arr else 0,
        "currency": arr.currency if arr else currency,
        "renewal_on": row.standing.renewal_on if row.standing else None,
    }
    # Reading what is published back to compare it would take longer than judging does.
    text = "\0".join(map(str, values.values()))
    return {**values, "digest": hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}
