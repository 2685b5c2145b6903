"""Plain values of the workspace that every room above may use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

#: A worker that has given no sign of life for so long is taken for dead.
DEAD_AFTER = timedelta(seconds=30)


class Role(StrEnum):
    """What a person may do here; each role is described in the user guide."""

    ADMIN = "admin"
    LEADER = "leader"
    CSM = "csm"
    SALES = "sales"
    VIEWER = "viewer"


class JobStatus(StrEnum):
    """The life of a background job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RowOutcome(StrEnum):
    """What a bulk write did with one row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a bulk write did to one record, with what is needed to undo it.

    Args:
        outcome: new, changed or unchanged.
        record_type: name of the kind of record, e.g. ``account``.
        record_id: its key; None while nothing is written (dry run).
        before: changed fields as they were, in JSON's types; None for a new record.
        after: the same fields as they are now.
    """

    outcome: RowOutcome
    record_type: str
    record_id: int | None
    before: dict[str, Any] | None = None
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, or the system on nobody's behalf.

    ``restricted`` is true for a person who may see only accounts of his own book of business.
    """

    kind: Literal["user", "system"]
    role: Role
    user_id: int | None = None
    label: str = ""
    restricted: bool = False


SYSTEM = Actor(kind="system", role=Role.ADMIN, label="system")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of a room that metrics can be made of.

    Event grain: columns ``account_id`` and ``day`` (the business day on which the fact became
    known). Interval grain: ``account_id``, ``from_day``, ``to_day`` (exclusive; null = open).

    Args:
        name: stable name, e.g. ``tickets``.
        grain: ``event`` or ``interval``.
        columns: further columns, name to ``int``, ``float``, ``text`` or ``day``.
        label: what a person calls it, by language code.
        load: returns the rows of some accounts, or all rows when given None, as column name to
            sequence, all of one length.
    """

    name: str
    grain: Literal["event", "interval"]
    columns: Mapping[str, str]
    label: Mapping[str, str]
    load: Callable[[Collection[int] | None], Mapping[str, Any]] = field(compare=False)


def by_column(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Rows turned into the columns that :attr:`Dataset.load` returns."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    return dict(zip(names, columns or [()] * len(names), strict=True))
