"""``banso worker``: takes jobs from the queue and owns the warehouse."""

from __future__ import annotations

import argparse

from banso.config.cli.prepare import prepare


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is queued, then end")


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    from django.conf import settings

    from banso.workspace.tasks import BansoWorker, only_worker

    with only_worker(settings.DATA_DIR / "worker.lock"):
        worker = BansoWorker(batch=options.once)
        worker.configure_signals()
        worker.run()
    return 0
