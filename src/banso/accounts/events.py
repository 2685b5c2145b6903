"""What happened to accounts, in the past tense; rooms above react after the commit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """Somebody added an account."""

    account_id: int


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Fields of an account have new values."""

    account_id: int
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountErased:
    """An account is gone with everything that belonged to it."""

    account_id: int


@dataclass(frozen=True, slots=True)
class OwnersAssigned:
    """Accounts have another owner on one side."""

    account_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TouchLogged:
    """A person added, changed or removed a note, call, meeting or mail."""

    account_id: int
