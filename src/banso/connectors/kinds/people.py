"""Finding our own people by the mail address that a file gives."""

from __future__ import annotations

from collections.abc import Iterable

from banso.workspace.selectors import users_by_email


class UserFinder:
    """Remembers who was looked for, so that each address is looked up once."""

    def __init__(self) -> None:
        self._ids: dict[str, int | None] = {}

    def load(self, mails: Iterable[str | None]) -> None:
        """Look up all addresses that are new, with one query."""
        new = {mail for mail in mails if mail} - self._ids.keys()
        if new:
            found = users_by_email(new)
            self._ids |= {mail: found[mail].pk if mail in found else None for mail in new}

    def find(self, mail: str | None) -> int | None:
        """The person's key, if anybody here has the address."""
        return self._ids.get(mail) if mail else None
