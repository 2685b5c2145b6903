"""``banso audit``: check that nobody has tampered with the audit log."""

from __future__ import annotations

import argparse

from banso.config.cli.prepare import prepare


def arguments(parser: argparse.ArgumentParser) -> None:
    del parser


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    from banso.workspace.services.audit import verify_chain

    report = verify_chain()
    if report.broken_at is None:
        print(f"The audit log is whole: {report.entries} entries.")
        return 0
    print(f"The audit log is broken at entry {report.broken_at}: {report.reason}.")
    return 1
