"""Talk upwards: a room publishes what happened, rooms above react after the commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[E], handler: Callable[[E], None]) -> None:
    """Call ``handler`` after every committed event of the type; listed in a room's ``apps``."""
    if handler not in _handlers[event_type]:
        _handlers[event_type].append(handler)


def publish(event: object) -> None:
    """Tell the handlers once the present transaction has been committed."""
    for handler in _handlers[type(event)]:
        transaction.on_commit(lambda handler=handler: handler(event))  # type: ignore[misc]
