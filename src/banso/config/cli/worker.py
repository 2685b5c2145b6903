"""``banso worker``: takes jobs from the queue and owns the warehouse."""

from __future__ import annotations

import argparse
from contextlib import nullcontext

from banso.config.cli.prepare import prepare, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is queued, then end")


def _stand_by() -> None:
    say("A worker of another machine is at work; this one stands by and takes over when it ends.")


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    from django.conf import settings

    from banso.health.services.live import LiveLoop, take_in_everything
    from banso.workspace.services.owner import only_worker
    from banso.workspace.tasks import BansoWorker

    with only_worker(settings.DATA_DIR / "worker.lock", stand_by=_stand_by):
        worker = BansoWorker(batch=options.once)
        worker.configure_signals()
        with nullcontext() if options.once else LiveLoop():
            worker.run()
        if options.once:
            take_in_everything()
    return 0
