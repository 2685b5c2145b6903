"""``banso erase``: erase a person or an account wherever the product keeps them."""

from __future__ import annotations

import argparse
from uuid import UUID

from banso.config.cli.prepare import prepare, say
from banso.workspace.types import SYSTEM


def arguments(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--person",
        nargs=2,
        metavar=("SOURCE", "USER_KEY"),
        help="a user by the key of the source and the id under which it names him",
    )
    which.add_argument("--account", type=UUID, metavar="UID", help="as in the account's address")
    parser.add_argument(
        "--scrub",
        action="store_true",
        help="then write SQLite's file anew; nobody can write meanwhile",
    )


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    from banso.accounts.selectors import account_by_uid
    from banso.usage.services.erasure import erase_account, erase_person
    from banso.usage.services.scrubbing import rewrite_database

    if options.person:
        source, user_key = options.person
        changed = erase_person(actor=SYSTEM, source=source, user_key=user_key)
    else:
        changed = erase_account(actor=SYSTEM, account=account_by_uid(SYSTEM, options.account))
    say(f"Erased, also from {changed} batches of usage. The worker brings scores up to date.")
    if options.scrub and rewrite_database():
        say("The database file was written anew.")
    return 0
