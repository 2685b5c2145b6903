"""People, roles and company settings."""

from __future__ import annotations

import pytest

from banso.kit.errors import ForbiddenError, InvalidInputError
from banso.workspace import selectors
from banso.workspace.models import AuditEntry, User
from banso.workspace.policies import all_permissions, may
from banso.workspace.services.company import change_company, pin_day
from banso.workspace.services.people import change_user, create_user, save_team, set_password
from banso.workspace.types import SYSTEM, Actor, Role

pytestmark = pytest.mark.django_db


def actor(people: dict[str, User], role: str) -> Actor:
    return selectors.actor_of(people[role])


def test_only_an_administrator_adds_people(people: dict[str, User]) -> None:
    for role in ("leader", "csm", "sales", "viewer"):
        with pytest.raises(ForbiddenError):
            create_user(
                actor=actor(people, role), email="n@x.example", name="N", role="csm", password=None
            )
    made = create_user(
        actor=actor(people, "admin"), email="N@X.example", name="N", role="csm", password=None
    )
    assert made.email == "n@x.example"
    assert AuditEntry.objects.first().action == "user.created"  # type: ignore[union-attr]


def test_one_address_signs_in_one_person(people: dict[str, User]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        create_user(actor=SYSTEM, email="CSM@banso.example", name="Twin", role="csm", password=None)
    assert "email" in caught.value.fields


def test_a_weak_password_is_refused_and_nobody_is_added() -> None:
    with pytest.raises(InvalidInputError) as caught:
        create_user(actor=SYSTEM, email="w@x.example", name="W", role="csm", password="12345678")
    assert "password" in caught.value.fields
    assert not User.objects.exists()


def test_a_person_changes_his_own_profile_but_not_his_role(people: dict[str, User]) -> None:
    csm = people["csm"]
    change_user(actor=actor(people, "csm"), user=csm, language="ja", theme="dark")
    assert csm.language == "ja"
    with pytest.raises(ForbiddenError):
        change_user(actor=actor(people, "csm"), user=csm, role="admin")
    with pytest.raises(ForbiddenError):
        change_user(actor=actor(people, "csm"), user=people["sales"], name="Renamed")


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"name": "x" * 121},
        {"name": " "},
        {"theme": "pink"},
        {"language": "tlh"},
        {"time_zone": "Tokyo"},
        {"email": "nobody"},
    ],
)
def test_impossible_fields_of_a_person_are_refused_by_name(
    people: dict[str, User], wrong: dict[str, str]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change_user(actor=SYSTEM, user=people["csm"], **wrong)
    assert caught.value.fields.keys() == wrong.keys()
    people["csm"].refresh_from_db()
    assert people["csm"].name == "Csm"


@pytest.mark.parametrize("wrong", [{"role": "king"}, {"name": "x" * 121}, {"language": "tlh"}])
def test_nobody_is_added_with_impossible_fields(db: None, wrong: dict[str, str]) -> None:
    given = {"email": "n@x.example", "name": "N", "role": "csm", **wrong}
    with pytest.raises(InvalidInputError) as caught:
        create_user(actor=SYSTEM, password=None, **given)
    assert caught.value.fields.keys() == wrong.keys()


def test_a_changed_name_does_not_bring_an_old_password_back(people: dict[str, User]) -> None:
    stale = User.objects.get(pk=people["csm"].pk)
    set_password(actor=SYSTEM, user=people["csm"], password="a-better-secret-9")
    change_user(actor=SYSTEM, user=stale, name="Renamed")
    assert User.objects.get(pk=stale.pk).check_password("a-better-secret-9")


def test_the_last_administrator_stays(people: dict[str, User]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change_user(actor=SYSTEM, user=people["admin"], is_active=False)
    assert caught.value.code == "last-admin"
    people["admin"].refresh_from_db()
    assert people["admin"].is_active


def test_a_password_can_be_set_by_oneself_and_an_administrator(people: dict[str, User]) -> None:
    set_password(actor=actor(people, "csm"), user=people["csm"], password="a-better-secret-9")
    people["csm"].refresh_from_db()
    assert people["csm"].check_password("a-better-secret-9")
    with pytest.raises(ForbiddenError):
        set_password(actor=actor(people, "leader"), user=people["csm"], password="stolen-secret-9")


def test_teams_have_different_names(people: dict[str, User]) -> None:
    save_team(actor=actor(people, "leader"), name="CS East", member_ids=[people["csm"].pk])
    with pytest.raises(InvalidInputError):
        save_team(actor=actor(people, "leader"), name="cs east", member_ids=[])
    with pytest.raises(InvalidInputError):
        save_team(actor=actor(people, "leader"), name="x" * 121, member_ids=[])


def test_the_log_says_who_was_in_a_team_and_who_is(people: dict[str, User]) -> None:
    csm, sales = people["csm"].pk, people["sales"].pk
    team = save_team(actor=SYSTEM, name="CS East", member_ids=[csm])
    save_team(actor=SYSTEM, name="CS East", member_ids=[sales], team=team)
    detail = selectors.audit_entries().filter(action="team.saved").first().detail
    assert (detail.before["members"], detail.after["members"]) == ([csm], [sales])


def test_the_pinned_day_is_the_day_the_product_looks_at(stopped_clock: object) -> None:
    from datetime import date

    assert selectors.business_day() == date(2026, 4, 15)
    pin_day(day=date(2024, 1, 31))
    assert selectors.business_day() == date(2024, 1, 31)
    pin_day(day=None)
    assert selectors.business_day() == date(2026, 4, 15)


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Tokyo"},
        {"currency": "YEN"},
        {"fiscal_start_month": 13},
        {"fiscal_start_month": "April"},
        {"grace_days": -1},
        {"name": "x" * 201},
        {"name": ""},
        {"language": "tlh"},
        {"pinned_on": "soon"},
        {"id": 2},
    ],
)
def test_impossible_company_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        change_company(actor=SYSTEM, **wrong)


def test_an_unchanged_setting_leaves_no_trace() -> None:
    change_company(actor=SYSTEM, currency="EUR")
    change_company(actor=SYSTEM, currency="EUR")
    assert AuditEntry.objects.count() == 1


def test_what_nobody_granted_nobody_may() -> None:
    for role in Role:
        assert not may(Actor(kind="user", role=role, user_id=1), "no.such.permission")


def test_a_viewer_may_only_look() -> None:
    viewer = Actor(kind="user", role=Role.VIEWER, user_id=1)
    allowed = {name for name in all_permissions() if may(viewer, name)}
    assert allowed == {
        "workspace.view",
        "workspace.jobs",
        "workspace.own_profile",
        "accounts.view",
        "health.view",
    }
