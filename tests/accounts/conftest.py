"""Actors and an account to try things on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from banso.accounts.services.accounts import create_account
from banso.workspace.selectors import actor_of
from banso.workspace.types import SYSTEM, Actor


@pytest.fixture
def actors(people: dict[str, Any]) -> dict[str, Actor]:
    """One actor of each role, by role name."""
    return {role: actor_of(user) for role, user in people.items()}


@pytest.fixture
def make_account(db: None) -> Callable[..., Any]:
    """Adds an account with a name and any fields."""

    def make(name: str = "株式会社あおぞら商事", **fields: Any) -> Any:
        return create_account(actor=SYSTEM, name=name, allow_duplicate=True, **fields)

    return make
