"""Writing many records at once: only what differs is written, and everything can be undone.

Rooms use this for rows that come from files and from other systems.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db.models import Model, Q

from banso.workspace.services.bulk_insert import insert_instances
from banso.workspace.types import RowOutcome, RowResult

M = TypeVar("M", bound=Model)
#: Fields made from others; they follow by themselves and are no part of what can be undone.
Derive = Callable[[Any], Mapping[str, Any]]
#: What a write did to one record: its key, its image before (None = it was created) and after.
Change = tuple[int, Mapping[str, Any] | None, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row to write: the record it belongs to (None = a new one) and its field values.

    Foreign keys go by column (``cs_owner_id``). A field ``attributes`` is merged, not replaced.
    ``placed`` are further values of a new record that the room may change by itself later, so they
    do not count when it is asked whether somebody has changed the record.
    """

    record: Model | None
    values: Mapping[str, Any]
    placed: Mapping[str, Any] = field(default_factory=dict)


class Named(Protocol):
    """A row of a source that has an id for everything; ``values`` are fields of the record."""

    @property
    def external_id(self) -> str: ...

    @property
    def values(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing did: keys that went back, and keys that were left alone with the reason.

    Of the keys that went back, ``removed`` are those of records that are gone now.
    """

    reverted: tuple[int, ...]
    skipped: Mapping[int, str]
    removed: frozenset[int] = frozenset()

    @property
    def restored(self) -> list[int]:
        """Keys of records that are there and as they were before."""
        return [key for key in self.reverted if key not in self.removed]


def upsert(
    model: type[M],
    record_type: str,
    rows: Sequence[Row],
    *,
    new: Mapping[str, Any],
    touch: Mapping[str, Any] | None = None,
    derive: Derive | None = None,
    dry_run: bool = False,
) -> tuple[list[RowResult], list[M]]:
    """Write rows of one model in a constant number of statements plus one per changed record.

    Args:
        model: the model.
        record_type: its name in the results.
        rows: what to write; a record occurs at most once.
        new: further values of new records (source, created_at).
        touch: further values of changed records (updated_at).
        derive: computes fields from a record after its values are set.
        dry_run: decide everything, write nothing.

    Returns:
        One result and one instance per row, in order; new instances have their keys.
    """
    instances: list[M] = []
    outcomes: list[tuple[RowOutcome, dict[str, Any] | None, dict[str, Any]]] = []
    created: list[M] = []
    for row in rows:
        record: M
        if row.record is None:
            record = model(**new, **row.placed, **row.values)
            outcomes.append((RowOutcome.NEW, None, _image(row.values)))
            created.append(record)
        else:
            record = row.record  # type: ignore[assignment]
            outcomes.append(_change(record, row.values, touch or {}, derive, dry_run))
        if row.record is None and derive:
            _assign(record, derive(record))
        instances.append(record)
    if created and not dry_run:
        insert_instances(model, created)
    results = [
        RowResult(outcome, record_type, record.pk, before, after)
        for (outcome, before, after), record in zip(outcomes, instances, strict=True)
    ]
    return results, instances


def records_of(model: type[M], source: str, rows: Iterable[Named]) -> dict[str, M]:
    """The source's id to the record, for those of the rows that are known."""
    ids = [row.external_id for row in rows]
    found = model._default_manager.filter(source=source, external_id__in=ids)
    return {record.external_id: record for record in found}  # type: ignore[attr-defined]


def upsert_named(
    model: type[M],
    record_type: str,
    source: str,
    rows: Sequence[Named],
    *,
    new: Mapping[str, Any] | None = None,
    dry_run: bool = False,
) -> tuple[list[RowResult], list[M]]:
    """:func:`upsert` of rows whose records are found by the source's id alone."""
    known = records_of(model, source, rows)
    drafts = [
        Row(known.get(row.external_id), {**row.values, "external_id": row.external_id})
        for row in rows
    ]
    return upsert(
        model, record_type, drafts, new={"source": source, **(new or {})}, dry_run=dry_run
    )


def undo(
    model: type[Model],
    changes: Iterable[Change],
    *,
    touch: Mapping[str, Any] | None = None,
    derive: Derive | None = None,
    owned: Collection[type[Model]] = (),
    counting: Mapping[type[Model], Q] | None = None,
) -> Undone:
    """Take back changes of one model, newest first.

    A record that somebody has changed since, or that others now depend on, is left alone. Rows of
    models marked ``is_projection`` are made from others and do not count as depending.

    Args:
        model: the model.
        changes: record id, image before (None = was created) and image after.
        touch, derive: as for :func:`upsert`.
        owned: models whose rows go with a created record instead of keeping it.
        counting: of these models, only the rows that match keep a record.
    """
    listed = list(changes)
    records = model._default_manager.in_bulk([key for key, _, _ in listed])
    created = [key for key, before, _ in listed if before is None]
    needed = _in_use(model, created, owned, counting or {})
    reverted: list[int] = []
    skipped: dict[int, str] = {}
    for key, before, after in listed:
        record = records.get(key)
        if record is None:
            skipped[key] = "gone"
        elif _image({name: getattr(record, name) for name in after}) != dict(after):
            skipped[key] = "changed-since"
        elif key in needed and before is None:
            skipped[key] = "in-use"
        else:
            if before is not None:
                _take_back(record, before, touch or {}, derive)
            reverted.append(key)
    removed = frozenset(created) & frozenset(reverted) - skipped.keys()
    model._default_manager.filter(pk__in=removed).delete()
    return Undone(tuple(reverted), skipped, removed)


def _change(
    record: Any,
    values: Mapping[str, Any],
    touch: Mapping[str, Any],
    derive: Derive | None,
    dry: bool,
) -> tuple[RowOutcome, dict[str, Any] | None, dict[str, Any]]:
    before, after = {}, {}
    for name, value in values.items():
        old = getattr(record, name)
        if name == "attributes":
            value = {**old, **value}
        if old != value:
            before[name], after[name] = old, value
    if not after:
        return RowOutcome.UNCHANGED, None, {}
    if not dry:
        _assign(record, after)
        derived = dict(derive(record)) if derive else {}
        _assign(record, derived)
        stored = {**after, **derived, **touch}
        type(record)._default_manager.filter(pk=record.pk).update(**stored)
    return RowOutcome.CHANGED, _image(before), _image(after)


def _assign(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _image(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in JSON's own types, so that an image is equal after it was stored and loaded."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value) if isinstance(value, str) else value


def _take_back(
    record: Any, before: Mapping[str, Any], touch: Mapping[str, Any], derive: Derive | None
) -> None:
    values = {name: _field_value(record, name, value) for name, value in before.items()}
    _assign(record, values)
    derived = dict(derive(record)) if derive else {}
    type(record)._default_manager.filter(pk=record.pk).update(**values, **derived, **touch)


def _field_value(record: Any, name: str, value: Any) -> Any:
    return record._meta.get_field(name).to_python(value)


def _in_use(
    model: type[Model],
    keys: Collection[int],
    owned: Collection[type[Model]],
    counting: Mapping[type[Model], Q],
) -> set[int]:
    """Those of the records that rows of other models point to; one query per relation."""
    needed: set[int] = set()
    relations: list[Any] = [
        r for r in model._meta.get_fields(include_hidden=True) if r.auto_created and not r.concrete
    ]
    for relation in relations if keys else ():
        other, column = relation.related_model, relation.field.attname
        if other in owned or getattr(other, "is_projection", False):
            continue
        pointing = other._default_manager.filter(**{f"{column}__in": keys}).order_by()
        pointing = pointing.filter(counting.get(other, Q()))
        needed |= set(pointing.values_list(column, flat=True))
    return needed
