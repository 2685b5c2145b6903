"""Reading rows by thousands of keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from banso.workspace.services.many_keys import among


def rows_of(found: QuerySet[Any], name: str, keys: Iterable[str]) -> Iterable[Any]:
    """Rows whose column is among the keys; empty keys are nobody's."""
    wanted = {key for key in keys if key}
    return found.filter(**{f"{name}__in": among(wanted)}) if wanted else ()
