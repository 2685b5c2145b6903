"""What entries of the audit log say: which record was meant, and what became of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext_lazy

from banso.accounts.selectors.accounts import account_names_by_uid
from banso.health.selectors.metrics import metrics
from banso.health.selectors.scorecards import scorecards
from banso.health.selectors.signals import signal_rules
from banso.web.reader import Reader
from banso.web.views.settings.words import TARGETS, label
from banso.workspace.selectors import users

if TYPE_CHECKING:
    from banso.workspace.models import AuditEntry

#: The part of an action after its dot.
VERBS: dict[str, Any] = {
    "accepted": pgettext_lazy("audit", "brought in"),
    "added": pgettext_lazy("audit", "added"),
    "archived": pgettext_lazy("audit", "archived"),
    "cancelled": pgettext_lazy("audit", "cancelled"),
    "changed": pgettext_lazy("audit", "changed"),
    "created": pgettext_lazy("audit", "added"),
    "defaults_installed": pgettext_lazy("audit", "set up as delivered"),
    "deleted": pgettext_lazy("audit", "deleted"),
    "done": pgettext_lazy("audit", "done"),
    "dropped": pgettext_lazy("audit", "dropped"),
    "ended": pgettext_lazy("audit", "ended"),
    "exported": pgettext_lazy("audit", "exported"),
    "failed": pgettext_lazy("audit", "failed"),
    "mapped": pgettext_lazy("audit", "columns chosen"),
    "erased": pgettext_lazy("audit", "erased"),
    "erasure_requested": pgettext_lazy("audit", "to be erased"),
    "person_erased": pgettext_lazy("audit", "usage of a person erased"),
    "from_events": pgettext_lazy("audit", "set by events"),
    "ignored": pgettext_lazy("audit", "ignored"),
    "key_retired": pgettext_lazy("audit", "key refused from now on"),
    "key_rotated": pgettext_lazy("audit", "new write key"),
    "marked": pgettext_lazy("audit", "marked"),
    "match_removed": pgettext_lazy("audit", "match taken back"),
    "matched": pgettext_lazy("audit", "matched to an account"),
    "moved": pgettext_lazy("audit", "moved to another stage"),
    "ordered": pgettext_lazy("audit", "put in another order"),
    "owner_assigned": pgettext_lazy("audit", "assigned to somebody"),
    "owner_assignment_undone": pgettext_lazy("audit", "assignment undone"),
    "password_set": pgettext_lazy("audit", "new password"),
    "discarded": pgettext_lazy("audit", "discarded"),
    "removed": pgettext_lazy("audit", "removed"),
    "reopened": pgettext_lazy("audit", "opened again"),
    "replayed": pgettext_lazy("audit", "replayed"),
    "resolved": pgettext_lazy("audit", "resolved"),
    "restored": pgettext_lazy("audit", "taken back into use"),
    "reverted": pgettext_lazy("audit", "taken back"),
    "saved": pgettext_lazy("audit", "saved"),
    "set": pgettext_lazy("audit", "set"),
    "shared": pgettext_lazy("audit", "shared"),
    "snoozed": pgettext_lazy("audit", "snoozed"),
    "switched_off": pgettext_lazy("audit", "switched off"),
    "switched_on": pgettext_lazy("audit", "switched on"),
    "undone": pgettext_lazy("audit", "undone"),
    "version_saved": pgettext_lazy("audit", "new version"),
}
_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What a record is called in its own detail, where nothing else knows its name any more.
_NAMES = ("name", "name_ja", "title", "file", "key", "email")


def subject(entry: AuditEntry) -> Any:
    """The kind of thing that the action was about, which is not always the record it stands on."""
    return label(TARGETS, _first(entry) if _first(entry) in TARGETS else entry.target_type)


def verb(entry: AuditEntry) -> Any:
    """What became of it; an action that nobody has worded yet is shown as it is."""
    return label(VERBS, entry.action.partition(".")[2] or entry.action)


def _first(entry: AuditEntry) -> str:
    return str(entry.action.partition(".")[0])


def record_names(reader: Reader, entries: Iterable[AuditEntry]) -> dict[tuple[str, str], str]:
    """Names of the records of some entries by type and public id, in one query per type."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        # Some entries are about no single record and carry another text, or none.
        if _UID.fullmatch(entry.target_uid):
            wanted[entry.target_type].add(entry.target_uid)
    field = "name_ja" if reader.language == "ja" else "name_en"
    found = {
        (kind, str(uid)): name
        for kind, rows in (
            ("user", users(active_only=False).values_list("uid", "name")),
            ("metric", metrics(include_archived=True).values_list("uid", field)),
            ("scorecard", scorecards(include_archived=True).values_list("uid", field)),
            ("signal_rule", signal_rules().values_list("uid", field)),
        )
        if wanted[kind]
        for uid, name in rows.filter(uid__in=wanted[kind])
    }
    if wanted["account"]:
        named = account_names_by_uid(reader.actor, wanted["account"])
        found |= {("account", uid): name for uid, name in named.items()}
    return found


def name_in(entry: AuditEntry) -> str:
    """The name that the entry itself gives its record, or nothing."""
    detail = getattr(entry, "detail", None)
    sides = ((detail.after or {}), (detail.before or {})) if detail is not None else ()
    return next((str(side[key]) for side in sides for key in _NAMES if side.get(key)), "")
