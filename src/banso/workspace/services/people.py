"""Creating and changing users and teams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from banso.kit.errors import InvalidInputError
from banso.workspace.models import Team, User
from banso.workspace.policies import require
from banso.workspace.services import audit
from banso.workspace.services.records import check_fields, take
from banso.workspace.types import Actor, Role

PROFILE_FIELDS = ("name", "language", "time_zone", "theme")
ADMIN_FIELDS = (*PROFILE_FIELDS, "role", "is_active", "email")


def _snapshot(user: User, fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(user, field) for field in fields}


def _check_email(email: str, *, but: User | None = None) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        message = _("This is not a mail address.")
        raise InvalidInputError(message, fields={"email": message}) from error
    taken = User.objects.filter(email__iexact=email)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        message = _("Somebody already signs in with %(email)s.") % {"email": email}
        raise InvalidInputError(message, code="duplicate-email", fields={"email": message})
    return email


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise InvalidInputError(message, fields={"password": message}) from error


@transaction.atomic
def create_user(
    *, actor: Actor, email: str, name: str, role: str, password: str | None, language: str = "ja"
) -> User:
    """Add a person; without a password the person cannot sign in until one is set."""
    require(actor, "workspace.users")
    email = _check_email(email)
    user = User(email=email, name=name.strip() or email, role=role, language=language)
    check_fields(user, ("email", "name", "role", "language"))
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    audit.record(
        actor, "user.created", "user", user.uid, after=_snapshot(user, ("email", "name", "role"))
    )
    return user


@transaction.atomic
def change_user(*, actor: Actor, user: User, **changes: Any) -> User:
    """Change a person's profile, role or access; the last active admin cannot be taken away."""
    take(user)
    own = actor.user_id == user.pk and set(changes) <= set(PROFILE_FIELDS)
    require(actor, "workspace.own_profile" if own else "workspace.users")
    if unknown := changes.keys() - set(ADMIN_FIELDS):
        raise InvalidInputError(f"Unknown fields: {', '.join(sorted(unknown))}.")
    if "email" in changes:
        changes["email"] = _check_email(changes["email"], but=user)
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    before = _snapshot(user, changes)
    if before == changes:
        return user
    for field, value in changes.items():
        setattr(user, field, value)
    check_fields(user, changes)
    user.save()
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exists():
        raise InvalidInputError(
            _("This is the last active administrator."),
            code="last-admin",
            remedy=_("Make somebody else an administrator first."),
        )
    audit.record(actor, "user.changed", "user", user.uid, before=before, after=changes)
    return user


@transaction.atomic
def set_password(*, actor: Actor, user: User, password: str) -> None:
    """Give a person a new password; his open sessions end."""
    require(actor, "workspace.own_profile" if actor.user_id == user.pk else "workspace.users")
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor, "user.password_set", "user", user.uid)


@transaction.atomic
def save_team(
    *, actor: Actor, name: str, member_ids: Iterable[int], team: Team | None = None
) -> Team:
    """Create or change a team and its members (user ids)."""
    require(actor, "workspace.teams")
    name = name.strip()
    clash = Team.objects.filter(name__iexact=name)
    if not name or (clash.exclude(pk=team.pk) if team else clash).exists():
        message = _("A team needs a name that no other team has.")
        raise InvalidInputError(message, fields={"name": message})
    before = _team_image(take(team)) if team else None
    team = team or Team()
    team.name = name
    check_fields(team, ["name"])
    team.save()
    team.members.set(User.objects.filter(pk__in=list(member_ids)))
    audit.record(actor, "team.saved", "team", team.uid, before=before, after=_team_image(team))
    return team


def _team_image(team: Team) -> dict[str, Any]:
    return {"name": team.name, "members": sorted(team.members.values_list("pk", flat=True))}


@transaction.atomic
def set_teams(*, actor: Actor, user: User, team_ids: Iterable[int]) -> None:
    """Put a person into exactly these teams."""
    require(actor, "workspace.teams")
    wanted = set(team_ids)
    for team in Team.objects.order_by("pk"):
        members = set(team.members.values_list("pk", flat=True))
        if (user.pk in members) != (team.pk in wanted):
            save_team(actor=actor, name=team.name, member_ids=members ^ {user.pk}, team=team)


@transaction.atomic
def delete_team(*, actor: Actor, team: Team) -> None:
    """Remove a team; its members stay."""
    require(actor, "workspace.teams")
    audit.record(actor, "team.deleted", "team", team.uid, before=_team_image(team))
    team.delete()
