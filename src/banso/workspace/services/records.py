"""What every service does with a record that it changes: take it for itself, check what goes in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from banso.kit.errors import InvalidInputError, NotFoundError

M = TypeVar("M", bound=Model)


def take(record: M) -> M:
    """Read a record anew and keep others from changing it until the transaction ends.

    Who fetched it did so before the transaction: without this, saving it would bring back whatever
    somebody else has changed since.

    Raises:
        NotFoundError: it has been deleted meanwhile.
    """
    locked: QuerySet[Any] = record._meta.model._default_manager.select_for_update()
    try:
        record.refresh_from_db(from_queryset=locked)
    except ObjectDoesNotExist:
        raise NotFoundError(_("This has been deleted meanwhile.")) from None
    return record


def check_fields(record: Model, names: Iterable[str]) -> None:
    """Refuse values that fields of a record cannot keep.

    Fields called ``language`` and ``time_zone`` are known by those names.

    Raises:
        InvalidInputError: with a sentence per field.
    """
    checked = set(names)
    bad: dict[str, str] = {}
    try:
        record.clean_fields(exclude={field.name for field in record._meta.fields} - checked)
    except ValidationError as error:
        bad = {name: " ".join(messages) for name, messages in error.message_dict.items()}
    if "language" in checked and getattr(record, "language", "") not in dict(settings.LANGUAGES):
        bad["language"] = _("Choose one of the values offered.")
    zone = getattr(record, "time_zone", "") if "time_zone" in checked else ""
    if zone and zone not in available_timezones():
        bad["time_zone"] = _("“%(name)s” is not a time zone.") % {"name": zone}
    if bad:
        raise InvalidInputError(next(iter(bad.values())), fields=bad)
