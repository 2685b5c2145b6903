"""What the doctor finds out about the engine that measures everybody, where one is named."""

from __future__ import annotations

from collections.abc import Iterator

from banso.config.cli.findings import Finding, good
from banso.kit.errors import BansoError


def engine() -> Iterator[Finding]:
    """Whether the engine answers; nothing where the warehouse measures."""
    from django.conf import settings

    from banso.health.services.engines import reach

    if not settings.ENGINE_URL:
        return
    try:
        yield good("Metrics engine", f"{reach()} answers")
    except BansoError as error:
        detail = f"{error.message} The warehouse measures in its place."
        yield Finding("Metrics engine", "warn", detail, error.remedy)
