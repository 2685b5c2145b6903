"""The one thing to do next about an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from banso.accounts.types import Lifecycle
from banso.web.reader import Reader

RENEWAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class NextStep:
    """A label, an icon, and where it leads."""

    label: str
    icon: str
    url: str


def _task(account: Any, title: str) -> str:
    query = {"title": title, "account_uid": account.uid, "account": account.name}
    query["next"] = reverse("account", args=[account.uid])
    return f"{reverse('task-new')}?{urlencode(query)}"


def next_step(reader: Reader, account: Any, pulse: Any) -> NextStep | None:
    """What the reader should do: see to a sign of churn, the renewal, the owner, a chance."""
    here = reverse("account", args=[account.uid])
    if pulse and pulse.risks_open:
        acts = reader.may("health.signal")
        label = _("See to the signals") if acts else _("Look at the signals")
        return NextStep(label, "bell-ring", f"{here}#signals")
    unowned = pulse and pulse.is_customer and account.cs_owner_id is None
    if unowned and reader.may("accounts.assign"):
        edit = reverse("account-edit", args=[account.uid])
        return NextStep(_("Assign a CS owner"), "user-round-plus", f"{edit}#id_cs_owner")
    if not reader.may("tasks.create"):
        return None
    renewal = pulse.renewal_on if pulse else None
    if renewal and 0 <= (renewal - reader.today).days <= RENEWAL_DAYS:
        title = _("Prepare the renewal of %(name)s") % {"name": account.name}
        return NextStep(_("Prepare the renewal"), "calendar-clock", _task(account, title))
    if pulse and pulse.opportunities_open:
        return NextStep(_("Look at the chance to expand"), "trending-up", f"{here}#signals")
    if account.lifecycle == Lifecycle.CHURNED:
        return None
    log = reverse("account-log", args=[account.uid])
    return NextStep(_("Note a touch"), "phone", f"{log}?kind=call")
