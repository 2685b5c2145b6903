"""Remembering that a list of accounts left the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.types import Actor


@transaction.atomic
def record_export(*, actor: Actor, rows: int, file_format: str, query: Mapping[str, Any]) -> None:
    """Check that the actor may take accounts out, and note how many, as what, by which filter."""
    require(actor, "accounts.export")
    audit.record(
        actor,
        "accounts.exported",
        "accounts",
        "",
        after={"rows": rows, "format": file_format, "query": dict(query)},
    )
