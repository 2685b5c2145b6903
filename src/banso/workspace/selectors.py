"""Reads of the workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from banso.kit import clock
from banso.kit.errors import NotFoundError
from banso.workspace.models import AuditEntry, Company, Job, Team, User, WorkerHeartbeat
from banso.workspace.types import DEAD_AFTER, Actor, Dataset, Role

Rows = TypeVar("Rows", bound="QuerySet[Any]")
_datasets: dict[str, Dataset] = {}
#: What ``company`` has read, one at most; null where every call reads anew.
_read_once: ContextVar[list[Company] | None] = ContextVar("company_read_once", default=None)


def company() -> Company:
    """The company's settings; defaults until somebody has saved any."""
    kept = _read_once.get()
    if kept:
        return kept[0]
    found = Company.objects.filter(id=1).first() or Company()
    if kept is not None:
        kept.append(found)
    return found


@contextmanager
def company_read_once() -> Iterator[None]:
    """Read the company's settings once within the block, as a page asks for them ten times.

    A change made within the block is seen at once, one made elsewhere by the next block.
    """
    token = _read_once.set([])
    try:
        yield
    finally:
        _read_once.reset(token)


def forget_company() -> None:
    """Let the next call of ``company`` read it anew; for the service that changes it."""
    if kept := _read_once.get():
        kept.clear()


def business_day(of: Company | None = None) -> date:
    """The day the product looks at: the pinned one, or today in the company's time zone."""
    settings = of or company()
    return settings.pinned_on or clock.today(settings.time_zone)


def company_zone() -> ZoneInfo:
    """The zone in which a day of the company begins and ends."""
    return ZoneInfo(company().time_zone)


def actor_of(user: User, settings: Company | None = None) -> Actor:
    """The signed-in person as an actor."""
    role = Role(user.role)
    narrow = role in {Role.CSM, Role.SALES} and (settings or company()).restrict_to_own_book
    return Actor(kind="user", role=role, user_id=user.pk, label=user.name, restricted=narrow)


def users(*, active_only: bool = True) -> QuerySet[User]:
    """People by name."""
    return User.objects.filter(is_active=True) if active_only else User.objects.all()


def find_users(*, text: str = "", role: str = "") -> QuerySet[User]:
    """People whose name or mail address contains the text; those without access come last."""
    found = User.objects.order_by("-is_active", "name", "id")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text))
    return found.filter(role=role) if role else found


def owners(role: Role) -> QuerySet[User]:
    """People who can own accounts on the CS or the sales side, leaders included."""
    return users().filter(Q(role=role) | Q(role=Role.LEADER))


def demo_users() -> list[User]:
    """A person of each role of the demo company; none in a real installation."""
    found = User.objects.filter(is_active=True, email__endswith="@demo.example")
    first: dict[str, User] = {}
    for user in found.order_by("email"):
        first.setdefault(user.role, user)
    return [first[role] for role in Role if role in first]


def user_by_uid(uid: UUID) -> User:
    """One person.

    Raises:
        NotFoundError: nobody has this id.
    """
    found = User.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This person does not exist."))
    return found


def users_by_email(emails: set[str]) -> dict[str, User]:
    """Lower-case mail address to person, for those that exist."""
    lowered = {email.strip().lower() for email in emails}
    return {user.email.lower(): user for user in User.objects.filter(email__in=lowered)}


def teams() -> QuerySet[Team]:
    """Teams with their members."""
    return Team.objects.prefetch_related("members")


def team_by_uid(uid: UUID) -> Team:
    """One team.

    Raises:
        NotFoundError: no team has this id.
    """
    found = Team.objects.filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This team does not exist."))
    return found


def teammates(actor: Actor) -> list[int]:
    """Ids of the people who share a team with the actor, himself included."""
    mine = Team.objects.filter(members=actor.user_id)
    return list(User.objects.filter(teams__in=mine).values_list("pk", flat=True).distinct())


def audit_entries() -> QuerySet[AuditEntry]:
    """The audit log, newest first, with details."""
    return AuditEntry.objects.select_related("detail").order_by("-seq")


def find_audit_entries(
    *,
    actor_id: int | None = None,
    target_type: str = "",
    target_uid: str = "",
    first: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[AuditEntry]:
    """The audit log narrowed to a person, a kind of record, one record or a span of time.

    Args:
        first: entries from this moment on.
        before: entries earlier than this moment.
    """
    wanted = {
        "actor_id": actor_id,
        "target_type": target_type or None,
        "target_uid": target_uid or None,
        "at__gte": first,
        "at__lt": before,
    }
    return audit_entries().filter(**{key: value for key, value in wanted.items() if value})


def names_of(user_ids: set[int]) -> dict[int, str]:
    """User id to name, for those that still exist."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))


def jobs() -> QuerySet[Job]:
    """Background jobs, newest first."""
    return Job.objects.select_related("started_by")


def job_by_uid(uid: UUID) -> Job:
    """One job.

    Raises:
        NotFoundError: no job has this id.
    """
    found = jobs().filter(uid=uid).first()
    if found is None:
        raise NotFoundError(_("This job does not exist."))
    return found


def live_workers() -> int:
    """How many workers gave a sign of life lately."""
    return WorkerHeartbeat.objects.filter(seen_at__gt=clock.now() - DEAD_AFTER).count()


def of_accounts(rows: Rows, account_ids: Collection[int] | None) -> Rows:
    """The rows of some accounts, or all rows when given None; for the loaders of datasets."""
    return rows if account_ids is None else rows.filter(account_id__in=account_ids)


def register_dataset(dataset: Dataset) -> None:
    """Offer rows for metrics; called by a room's ``apps`` at start-up."""
    _datasets[dataset.name] = dataset


def datasets() -> dict[str, Dataset]:
    """All rows that rooms offer for metrics, by name."""
    return dict(_datasets)
