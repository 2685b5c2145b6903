"""The command line. Each command is a module with ``arguments(parser)`` and ``run(options)``."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

COMMANDS = {
    "demo": "open the running product with the demo company",
    "serve": "run the product: pages and worker",
    "worker": "run a worker alone",
    "import": "bring in a file, or several that belong together",
    "score": "print every account's score, band, coverage and measures",
    "user": "add a person who can sign in, or set a new password",
    "erase": "erase a person or an account for good",
    "rebuild": "make the warehouse anew from the database",
    "backup": "write everything into one file",
    "restore": "bring a backup into an empty data directory",
    "audit": "check that nobody has tampered with the audit log",
    "doctor": "check this machine and this installation, and say what to do",
    "test": "run all checks and tests",
}
#: A module cannot be called ``import``.
MODULES = {"import": "import_files"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="banso", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary}.".capitalize())
        command.add_argument("--data-dir", metavar="DIR", help="where this installation lives")
        _module(name).arguments(command)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]
    return importlib.import_module(f"banso.config.cli.{MODULES.get(name, name)}")


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status: 0 good, 1 a problem, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    if options.data_dir:
        os.environ["BANSO_DATA_DIR"] = options.data_dir
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")

    from banso.kit.errors import BansoError

    try:
        return int(_module(options.command).run(options) or 0)
    except BansoError as error:
        print(f"banso: {error.message}", file=sys.stderr)
        if error.remedy:
            print(f"       {error.remedy}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; Python must not complain at its end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
