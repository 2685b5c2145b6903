"""Which engine measures everybody: the warehouse, or the one that the installation names.

A few accounts are always measured in the warehouse, which answers at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pyarrow as pa
import structlog
from django.conf import settings

from banso.engine.evaluate import Facts, evaluate
from banso.engine.planning import Catalogue
from banso.engine.remote import RemoteFacts, connect, export_facts, parse_address
from banso.engine.warehouse import Warehouse
from banso.kit.errors import BansoError

logger = structlog.get_logger(__name__)


@contextmanager
def measuring(store: Warehouse, *, everybody: bool) -> Iterator[Facts]:
    """What measures in a run: the warehouse, or the named engine with the facts as they are now.

    An engine that cannot be reached is passed over, as the warehouse gives the same values.
    """
    engine = _engine(store) if everybody and settings.ENGINE_URL else None
    if engine is None:
        yield store
        return
    try:
        yield engine
    finally:
        engine.close()


def _engine(store: Warehouse) -> RemoteFacts | None:
    try:
        return connected(store)
    except BansoError as error:
        _passed_over(error)
        return None


def connected(store: Warehouse) -> RemoteFacts:
    """The engine of ``BANSO_ENGINE_URL``, with the facts exported if it reads them from a folder.

    Raises:
        InvalidInputError: the address names no engine, or a folder that cannot be written.
        ConflictError: the driver is missing, or the engine cannot be reached.
    """
    address = parse_address(settings.ENGINE_URL)
    specs = export_facts(store, address.tables) if address.tables else store.datasets()
    return connect(settings.ENGINE_URL, specs)


def reach() -> str:
    """The name of the engine of ``BANSO_ENGINE_URL``, once it has answered.

    Raises:
        InvalidInputError: the address names no engine.
        ConflictError: the driver is missing, or the engine cannot be reached.
    """
    engine = connect(settings.ENGINE_URL, {})
    engine.close()
    return engine.engine


def evaluate_on(
    facts: Facts,
    store: Warehouse,
    known: Catalogue,
    keys: Sequence[str],
    day: date,
    ids: Sequence[int],
) -> pa.Table:
    """Values as :func:`~banso.engine.evaluate.evaluate` gives them; if need be the warehouse's."""
    try:
        return evaluate(facts, known, keys, day, ids)
    except BansoError as error:
        if isinstance(facts, Warehouse):
            raise
        _passed_over(error)
        return evaluate(store, known, keys, day, ids)


def _passed_over(error: BansoError) -> None:
    logger.warning(
        "the metrics engine was passed over; the warehouse measures",
        code=error.code,
        reason=str(error),
    )
