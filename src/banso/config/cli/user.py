"""``banso user``: add a person who can sign in, or set a new password."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys

from banso.config.cli.prepare import prepare, say
from banso.workspace.types import SYSTEM, Role


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the address to sign in with")
    parser.add_argument("--name", default="", help="how the person is shown")
    parser.add_argument("--role", default=Role.ADMIN, choices=list(Role))
    parser.add_argument("--language", default="ja", choices=["ja", "en"])
    parser.add_argument(
        "--generate", action="store_true", help="make up a password and print it, instead of asking"
    )


def _password(generate: bool) -> str:
    if not generate and sys.stdin.isatty():
        return getpass.getpass("Password: ")
    password = secrets.token_urlsafe(12)
    print(password)
    return password


def run(options: argparse.Namespace) -> int:
    prepare(static=False)
    from banso.workspace.selectors import users_by_email
    from banso.workspace.services.people import create_user, set_password

    known = users_by_email({options.email}).get(options.email.strip().lower())
    password = _password(options.generate)
    if known:
        set_password(actor=SYSTEM, user=known, password=password)
        say(f"{known.email} has a new password.")
        return 0
    user = create_user(
        actor=SYSTEM,
        email=options.email,
        name=options.name,
        role=options.role,
        password=password,
        language=options.language,
    )
    say(f"{user.email} can sign in as {user.role}.")
    return 0
