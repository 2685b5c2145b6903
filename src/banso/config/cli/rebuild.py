"""``banso rebuild``: make the warehouse anew from the database."""

from __future__ import annotations

import argparse

from banso.config.cli.prepare import prepare, say


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def rebuild() -> None:
    """Drop the warehouse and project everything that the database holds."""
    from django.conf import settings

    from banso.health.services.requests import REBUILD
    from banso.workspace.tasks import do_now
    from banso.workspace.types import SYSTEM

    do_now(actor=SYSTEM, kind=REBUILD, lock_path=settings.DATA_DIR / "worker.lock")


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    rebuild()
    say("The warehouse was made anew.")
    return 0
