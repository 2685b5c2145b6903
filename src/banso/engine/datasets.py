"""What can be measured: named tables of facts per account, and the columns they have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from banso.kit.errors import InvalidInputError

Grain = Literal["event", "interval"]
ColumnType = Literal["int", "float", "text", "day"]

NUMERIC: frozenset[ColumnType] = frozenset({"int", "float"})
GRAIN_COLUMNS: dict[Grain, dict[str, ColumnType]] = {
    "event": {"account_id": "int", "day": "day"},
    "interval": {"account_id": "int", "from_day": "day", "to_day": "day"},
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class DatasetSpec:
    """A dataset's name, grain and columns.

    Grain ``event``: one row per fact, with ``account_id`` and ``day``, the business day on which
    the fact became known. Grain ``interval``: one row per state, true from ``from_day`` up to but
    not including ``to_day`` (empty: still true). ``columns`` lists what comes on top of those; an
    integer column named ``seq`` orders the facts of one day.

    Raises:
        InvalidInputError: a name is not lower snake case, or a column hides one of the grain's.
    """

    name: str
    grain: Grain
    columns: Mapping[str, ColumnType]
    label_en: str = ""
    label_ja: str = ""

    def __post_init__(self) -> None:
        for name in (self.name, *self.columns):
            if not _NAME.fullmatch(name):
                raise InvalidInputError(
                    f"“{name}” cannot name a dataset or a column.",
                    code="invalid-dataset",
                    remedy="Use lower-case letters, digits and _, beginning with a letter.",
                )
        hidden = sorted(set(GRAIN_COLUMNS[self.grain]) & set(self.columns))
        if hidden:
            raise InvalidInputError(
                f"Dataset {self.name} lists {', '.join(hidden)}, which every {self.grain} "
                "dataset has anyway.",
                code="invalid-dataset",
                remedy="Leave these columns out of the list.",
            )

    @property
    def all_columns(self) -> dict[str, ColumnType]:
        """The grain's own columns followed by the listed ones."""
        return {**GRAIN_COLUMNS[self.grain], **self.columns}

    @property
    def day_column(self) -> str:
        """The column that says since when a row is known."""
        return "day" if self.grain == "event" else "from_day"

    @property
    def required(self) -> tuple[str, str]:
        """The columns that are never empty."""
        return ("account_id", self.day_column)


FEATURE_DAYS = DatasetSpec(
    "feature_days",
    "event",
    {"feature": "text", "events": "int", "users": "int", "value": "float"},
    "Feature use per day",
    "機能別の日次利用",
)
USER_DAYS = DatasetSpec(
    "user_days",
    "event",
    {"user_key": "text", "events": "int"},
    "Active users per day",
    "利用者別の日次利用",
)
ACCOUNT_DAYS = DatasetSpec(
    "account_days",
    "event",
    {"events": "int", "users": "int", "features": "int"},
    "Activity per day",
    "日次の利用状況",
)
USAGE_DATASETS: dict[str, DatasetSpec] = {
    spec.name: spec for spec in (FEATURE_DAYS, USER_DAYS, ACCOUNT_DAYS)
}
