"""Nobody sees or does what is not his: every address, method, role, on own and others' records."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from banso.accounts.services.accounts import create_account
from banso.web.urls import urlpatterns
from banso.workspace.models import User
from banso.workspace.services.company import change_company
from banso.workspace.types import SYSTEM
from tests.access.records import Records, both_sides, shared_records
from tests.access.routes import READERS, ROUTES, roles_of

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "head")
ROLES = ("admin", "leader", "csm", "sales", "viewer")
#: Whose record it is where the account's owners are not the ones who count.
OWNERS: dict[str, set[str]] = {
    "account-entry": {"csm"},
    "account-entry-delete": {"csm"},
    "settings-job-cancel": set(),
    "segment-delete": {"csm"},
}
PATTERNS: dict[str, URLPattern] = {str(pattern.name): pattern for pattern in urlpatterns}
NAMES = sorted(PATTERNS)


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


def ask(user: User | None, method: str, path: str) -> int:
    """The status of one request that leaves nothing behind."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    with transaction.atomic():
        status = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    return int(status)


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    assert set(PATTERNS) == set(ROUTES)
    assert len(PATTERNS) == len(urlpatterns), "two addresses share a name"


@pytest.mark.parametrize("name", NAMES)
def test_who_may_what(name: str, people: dict[str, User], stopped_clock: object) -> None:
    own, other = both_sides(people)
    spare = create_account(actor=SYSTEM, name="Spare Ltd", cs_owner=people["csm"])
    shared = shared_records(people, spare)
    always, on_own = roles_of(name)
    mine, theirs = address(name, own, shared), address(name, other, shared)
    for method in METHODS:
        if ROUTES[name] == "*":
            assert ask(None, method, mine) < 500
            continue
        assert ask(None, method, mine) == 302, f"{method} {mine} without sign-in"
        for role in ROLES:
            may_mine = role in always or role in on_own & OWNERS.get(name, on_own)
            sides = {theirs: role in always, mine: may_mine}
            reads = method in ("get", "head") and role in READERS.get(name, ())
            for path, may in sides.items():
                allowed = may or reads
                status = ask(people[role], method, path)
                told = f"{role} {method} {path} → {status}"
                assert status < 500, told
                if allowed and status != 405:
                    assert status not in (403, 404), told
                elif status != 405:
                    # A page that shows a record in several ways may refuse only the change of it.
                    assert status == 403, told


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_pages_answer_to_no_other_method(
    method: str, people: dict[str, User], stopped_clock: object
) -> None:
    own, _other = both_sides(people)
    shared = shared_records(people, own.account)
    for name in NAMES:
        for user in (None, people["admin"]):
            assert ask(user, method, address(name, own, shared)) == 405, name


ACCOUNT_ADDRESSES = [name for name in NAMES if name.startswith(("account-", "contact", "signal-"))]


@pytest.mark.parametrize(
    "name", ["account", *(n for n in ACCOUNT_ADDRESSES if "uid" in placeholders(n))]
)
def test_a_restricted_person_does_not_learn_that_others_accounts_exist(
    name: str, people: dict[str, User], stopped_clock: object
) -> None:
    own, other = both_sides(people)
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    always, on_own = roles_of(name)
    for role in ("csm", "sales"):
        if role not in always | on_own:
            continue
        for method in ("get", "post"):
            assert ask(people[role], method, address(name, own, {})) not in (404, 500)
            status = ask(people[role], method, address(name, other, {}))
            assert status in (404, 405), f"{role} {method} {name} → {status}"


@pytest.mark.parametrize("page", ["accounts", "search", "today", "tasks", "account-pick"])
def test_no_list_or_search_leaks_others_accounts(
    page: str, people: dict[str, User], stopped_clock: object
) -> None:
    both_sides(people)
    change_company(actor=SYSTEM, restrict_to_own_book=True)
    for role in ("csm", "sales"):
        client = Client()
        client.force_login(people[role])
        body = client.get(reverse(page), {"q": "Other", "show": "all", "scope": "all"}).content
        assert b"Other Ltd" not in body


def test_a_page_that_names_no_permission_is_refused(
    people: dict[str, User], settings: Any, tmp_path: object
) -> None:
    settings.ROOT_URLCONF = "tests.access.unnamed"
    client = Client()
    client.force_login(people["admin"])
    assert client.get("/unnamed/").status_code == 403
