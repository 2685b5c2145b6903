"""``banso demo``: the running product with the demo company in it."""

from __future__ import annotations

import argparse
from typing import Literal

from banso.config.cli import serve
from banso.config.cli.import_files import Progress, score_now
from banso.config.cli.prepare import Steps, prepare, say


def arguments(parser: argparse.ArgumentParser) -> None:
    serve.arguments(parser)
    parser.add_argument(
        "--size", choices=["normal", "large"], default="normal", help="400 or 10,000 accounts"
    )
    parser.add_argument("--no-serve", action="store_true", help="load the demo company, then end")


def load(size: Literal["normal", "large"]) -> None:
    """Bring in the demo company unless this installation already holds accounts."""
    from banso.accounts.selectors.accounts import any_account
    from banso.connectors.services.demo import load_demo
    from banso.health.services.warehouse import close_warehouse

    if any_account():
        return
    steps = Steps(2)
    steps.do("Loading the demo company", lambda: load_demo(size=size))
    steps.do("Scoring every account on every day", lambda: score_now(Progress(live=False)))
    # This process stays as long as the product runs, and the worker is another one.
    close_warehouse()


def show_logins(address: str) -> None:
    """Say where the product is and how each role signs in."""
    from banso.connectors.services.demo import PASSWORD, demo_logins

    say(f"\nBanso is running at {address}  (Ctrl-C ends it)\n")
    for role, email in demo_logins():
        say(f"  {role:<7} {email:<28} {PASSWORD}")


def run(options: argparse.Namespace) -> int:
    prepare()
    load(options.size)
    if options.no_serve:
        return 0
    address, web = serve.start(options)
    worker = None if options.web_only else serve.worker_process()
    show_logins(address)
    return serve.supervise(web, worker)
