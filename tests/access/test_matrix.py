"""Nobody sees or does what is not his: every address, method, role, on own and others' records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, reverse

from banso.accounts.services.accounts import create_account
from banso.web.urls import urlpatterns
from banso.workspace.models import User
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM
from tests.access.records import Records, both_sides, shared_records
from tests.access.routes import READERS, ROUTES, roles_of
from tests.conftest import Open, create_people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]
ROLES = ("admin", "leader", "csm", "sales", "viewer")
#: A head is a get without its body: that it is refused to whom it should be is what counts.
METHODS = {"get": ROLES, "post": ROLES, "head": ("admin", "viewer")}
#: Whose record it is where the account's owners are not the ones who count.
OWNERS: dict[str, set[str]] = {
    "account-entry": {"csm"},
    "account-entry-delete": {"csm"},
    "settings-job-cancel": set(),
    "segment-delete": {"csm"},
}
PATTERNS: dict[str, URLPattern] = {str(pattern.name): pattern for pattern in urlpatterns}
NAMES = sorted(PATTERNS)


@dataclass
class World:
    """Everybody, signed in, and everything that an address can name."""

    people: dict[str, User]
    sessions: dict[str, str]
    own: Records
    other: Records
    shared: dict[str, UUID]

    def ask(self, role: str | None, method: str, path: str) -> int:
        """The status of one request that leaves nothing behind."""
        client = Client(raise_request_exception=False)
        if role is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with transaction.atomic():
            status = getattr(client, method)(path).status_code
            transaction.set_rollback(True)
        return int(status)


@pytest.fixture(scope="module")
def world(shared_db: Open) -> World:
    with shared_db():
        people = create_people()
        own, other = both_sides(people)
        spare = create_account(actor=SYSTEM, name="Spare Ltd", cs_owner=people["csm"])
        sessions = {role: session_of(user) for role, user in people.items()}
        return World(people, sessions, own, other, shared_records(people, spare))


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def placeholders(name: str) -> list[str]:
    return sorted(PATTERNS[name].pattern.converters)


def address(name: str, side: Records, shared: dict[str, UUID]) -> str:
    """The address with real ids in it, of the records on one side."""
    values: dict[str, Any] = {}
    for part in placeholders(name):
        if part == "key":
            values[part] = "active_users_28d"
        elif part == "token":
            values[part] = shared[part]
        elif part != "uid":
            values[part] = side.values[part]
        else:
            values[part] = uid_of(name, side, shared)
    return reverse(name, kwargs=values)


def uid_of(name: str, side: Records, shared: dict[str, UUID]) -> UUID:
    if name.startswith(("account", "contact", "signal-")):
        return side.account.uid
    if name.startswith("task"):
        return side.values["task"]
    return next(
        shared[prefix] for prefix in sorted(shared, reverse=True) if name.startswith(prefix)
    )


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert set(PATTERNS) == set(ROUTES)
    assert len(PATTERNS) == len(urlpatterns), "two addresses share a name"


@pytest.mark.parametrize("name", NAMES)
def test_who_may_what(name: str, world: World) -> None:
    always, on_own = roles_of(name)
    mine = address(name, world.own, world.shared)
    theirs = address(name, world.other, world.shared)
    for method, roles in METHODS.items():
        if ROUTES[name] == "*":
            assert world.ask(None, method, mine) < 500
            continue
        assert world.ask(None, method, mine) == 302, f"{method} {mine} without sign-in"
        for role in roles:
            may_mine = role in always or role in on_own & OWNERS.get(name, on_own)
            sides = {theirs: role in always, mine: may_mine}
            reads = method in ("get", "head") and role in READERS.get(name, ())
            for path, may in sides.items():
                allowed = may or reads
                status = world.ask(role, method, path)
                told = f"{role} {method} {path} → {status}"
                assert status < 500, told
                if allowed and status != 405:
                    assert status not in (403, 404), told
                elif status != 405:
                    # A page that shows a record in several ways may refuse only the change of it.
                    assert status == 403, told


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_pages_answer_to_no_other_method(method: str, world: World) -> None:
    for name in NAMES:
        for role in (None, "admin"):
            assert world.ask(role, method, address(name, world.own, world.shared)) == 405, name


ACCOUNT_ADDRESSES = [name for name in NAMES if name.startswith(("account-", "contact", "signal-"))]


@pytest.mark.parametrize(
    "name", ["account", *(n for n in ACCOUNT_ADDRESSES if "uid" in placeholders(n))]
)
def test_a_restricted_person_does_not_learn_that_others_accounts_exist(
    name: str, world: World
) -> None:
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    always, on_own = roles_of(name)
    for role in ("csm", "sales"):
        if role not in always | on_own:
            continue
        for method in ("get", "post"):
            assert world.ask(role, method, address(name, world.own, {})) not in (404, 500)
            status = world.ask(role, method, address(name, world.other, {}))
            assert status in (404, 405), f"{role} {method} {name} → {status}"


@pytest.mark.parametrize("page", ["accounts", "search", "today", "tasks", "account-pick"])
def test_no_list_or_search_leaks_others_accounts(page: str, world: World) -> None:
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    for role in ("csm", "sales"):
        client = Client()
        client.force_login(world.people[role])
        body = client.get(reverse(page), {"q": "Other", "show": "all", "scope": "all"}).content
        assert b"Other Ltd" not in body


@override_settings(ROOT_URLCONF="tests.access.unnamed")
def test_a_page_that_names_no_permission_is_refused(world: World) -> None:
    assert world.ask("admin", "get", "/unnamed/") == 403
