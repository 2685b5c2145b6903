"""Facts that lie on another engine, and the values that it computes from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any

import ibis
import pyarrow as pa
from ibis.common.exceptions import IbisError
from ibis.expr import types as ir

from banso.engine.compile.days import on_day
from banso.engine.compile.passes import requested_table
from banso.engine.compile.predicates import dataset_table
from banso.engine.compile.statement import specs_used
from banso.engine.compile.values import metric_values
from banso.engine.datasets import DatasetSpec
from banso.engine.definitions import Definition
from banso.engine.warehouse.contents import NEVER, Extent
from banso.kit.errors import ConflictError, InvalidInputError, NotFoundError


class RemoteFacts:
    """Tables on an engine that Ibis speaks to, named and shaped as in the warehouse.

    Args:
        backend: a connected backend of Ibis.
        specs: the datasets that the engine has, by name.
        engine: the engine's name, for messages.
    """

    def __init__(self, backend: Any, specs: Mapping[str, DatasetSpec], engine: str) -> None:
        self._backend = backend
        self._specs = dict(specs)
        self.engine = engine

    def close(self) -> None:
        """Let go of the engine."""
        self._backend.disconnect()

    def datasets(self) -> dict[str, DatasetSpec]:
        """Everything that can be measured, by name."""
        return dict(self._specs)

    def spec(self, name: str) -> DatasetSpec:
        """One dataset.

        Raises:
            NotFoundError: there is none of that name.
        """
        if name not in self._specs:
            raise NotFoundError(
                f"There is no dataset “{name}” on {self.engine}.", code="unknown-dataset"
            )
        return self._specs[name]

    def extents(self, names: Iterable[str]) -> dict[str, Extent]:
        """How far datasets reach, asked in one query; an empty one begins on 9999-12-31.

        Raises:
            ConflictError: the engine fails (code ``engine-failed``).
        """
        wanted = [self.spec(name) for name in names]
        if not wanted:
            return {}
        rows = self._run(reduce(ir.Table.union, map(_extent, wanted))).to_pylist()
        return {
            row["name"]: Extent(
                # Some engines give their least day, and not none, for a table without rows.
                row["first_day"] if row["count"] else NEVER,
                row["last_day"] if row["count"] else None,
                row["count"],
                row["span"] if row["count"] else 0,
            )
            for row in rows
        }

    def values(
        self,
        metrics: Mapping[str, Definition],
        day: date,
        first_days: Mapping[str, date],
        requested: pa.Table,
        *,
        narrow: bool,
    ) -> pa.Table:
        """Values of resolved definitions, as :func:`banso.engine.evaluate.evaluate` gives them.

        Raises:
            InvalidInputError: the engine cannot express a metric (code ``engine-expression``);
                the message says which.
            ConflictError: the engine fails (code ``engine-failed``).
        """
        question = _question(self._specs, list(metrics.values()), day, first_days, narrow=narrow)
        accounts = {requested_table().op(): ibis.memtable(requested).op()}
        question = question.op().replace(accounts).to_expr()
        try:
            self._backend.compile(question)
        except IbisError as error:
            raise self._refusal(metrics) from error
        table = self._run(question).sort_by("position").drop_columns(["position"])
        return table.rename_columns(["account_id", *metrics])

    def _refusal(self, metrics: Mapping[str, Definition]) -> InvalidInputError:
        found = self.unsupported(metrics).items()
        listed = "; ".join(f"{key} ({reason})" for key, reason in found)
        return InvalidInputError(
            f"{self.engine} cannot compute these metrics: {listed}.",
            code="engine-expression",
            remedy="Measure them in the warehouse.",
        )

    def unsupported(self, metrics: Mapping[str, Definition]) -> dict[str, str]:
        """The keys of resolved definitions that the engine cannot express, each with the reason."""
        found = {}
        for key, definition in metrics.items():
            days = dict.fromkeys(self._specs, NEVER)
            question = _question(self._specs, [definition], date(2000, 1, 1), days, narrow=True)
            try:
                self._backend.compile(question)
            except IbisError as error:
                found[key] = str(error)
        return found

    def _run(self, question: ir.Table) -> pa.Table:
        try:
            return self._backend.to_pyarrow(question)
        # Every driver has errors of its own, and to the caller all of them mean the same.
        except Exception as error:
            raise ConflictError(
                f"{self.engine} could not answer: {str(error).strip()[:500]}",
                code="engine-failed",
                remedy="Look whether it runs and whether it has the tables.",
            ) from error


def _question(
    specs: Mapping[str, DatasetSpec],
    definitions: list[Definition],
    day: date,
    first_days: Mapping[str, date],
    *,
    narrow: bool,
) -> ir.Table:
    used = specs_used(definitions, specs)
    values = metric_values(definitions, used, narrow=narrow, portable=True)
    return on_day(values, day, {i: first_days[name] for i, name in enumerate(used)})


def _extent(spec: DatasetSpec) -> ir.Table:
    table = dataset_table(spec)
    day, account = table[spec.day_column], table.account_id
    return table.aggregate(
        first_day=day.min(),
        last_day=day.max(),
        count=table.count(),
        span=account.max() - account.min() + 1,
    ).mutate(name=ibis.literal(spec.name))
