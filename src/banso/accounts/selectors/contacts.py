"""The people at an account."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from banso.accounts.models import Account, Contact
from banso.accounts.selectors.accounts import visible
from banso.accounts.types import ContactRole
from banso.kit.errors import NotFoundError
from banso.kit.text import search_key
from banso.workspace.types import Actor

#: Who is named first: those whose leaving or word weighs most.
ROLE_ORDER = (
    ContactRole.DECISION_MAKER,
    ContactRole.CHAMPION,
    ContactRole.ADMIN,
    ContactRole.OPERATOR,
    ContactRole.BILLING,
    ContactRole.OTHER,
)


def contacts(account: Account, *, present_only: bool = False) -> QuerySet[Contact]:
    """People at the account: those still there first, then by weight of their role, then name."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER)),
        default=Value(len(ROLE_ORDER)),
        output_field=IntegerField(),
    )
    people = Contact.objects.filter(account=account)
    if present_only:
        people = people.filter(left_on__isnull=True)
    return people.annotate(rank=rank).order_by(
        F("left_on").asc(nulls_first=True), "rank", "name", "id"
    )


def contact_by_uid(actor: Actor, uid: UUID) -> Contact:
    """One person with the account.

    Raises:
        NotFoundError: nobody has this id at an account the actor may see.
    """
    found = (
        Contact.objects.select_related("account")
        .filter(uid=uid, account__in=visible(actor))
        .first()
    )
    if found is None:
        raise NotFoundError(_("This contact does not exist."))
    return found


def search_contacts(actor: Actor, q: str, limit: int = 20) -> list[Contact]:
    """People in whose name, mail address, department or title every word of ``q`` occurs."""
    words = search_key(q).split()
    if not words:
        return []
    hit = Q()
    for word in words:
        hit &= Q(search_text__contains=word)
    people = Contact.objects.select_related("account").filter(hit)
    if actor.restricted:
        people = people.filter(account__in=visible(actor))
    return list(people.order_by("name", "id")[:limit])
