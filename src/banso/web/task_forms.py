"""The form of a task, used on the tasks page and on accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.accounts import selectors
from banso.kit.errors import NotFoundError
from banso.web.reader import Reader
from banso.workspace.selectors import users
from banso.workspace.types import Role

_ONLY_NEW = ("account", "account_uid", "origin")


class TaskForm(forms.Form):
    """What, for which account, by whom, until when.

    The account is found by the id that the picker filled in, else by the name that was typed.
    """

    title = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=300,
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    account = forms.CharField(label=gettext_lazy("Account"), required=False, max_length=300)
    account_uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    origin = forms.RegexField(r"^signal:[0-9a-f-]{36}$", required=False, widget=forms.HiddenInput)
    owner = forms.TypedChoiceField(
        label=gettext_lazy("Assignee"), coerce=int, empty_value=None, required=False
    )
    due_on = forms.DateField(
        label=pgettext_lazy("task", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    body = forms.CharField(
        label=gettext_lazy("Details"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(
        self, *args: Any, reader: Reader, fixed_account: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader
        self._people = {user.pk: user for user in users().exclude(role=Role.VIEWER)}
        names = [(user.pk, user.name) for user in self._people.values()]
        self.fields["owner"].choices = names  # type: ignore[attr-defined]
        if fixed_account:
            for field in _ONLY_NEW:
                del self.fields[field]

    def clean(self) -> dict[str, Any]:
        """Find the account that is meant."""
        cleaned = super().clean() or {}
        if "account" in self.fields:
            cleaned["account"] = self._account(
                cleaned.get("account_uid"), cleaned.get("account", "").strip()
            )
        return cleaned

    def _account(self, uid: UUID | None, name: str) -> Any:
        actor = self._reader.actor
        if uid is not None:
            try:
                return selectors.account_by_uid(actor, uid)
            except NotFoundError as error:
                self.add_error("account", error.message)
                return None
        if not name:
            return None
        found = selectors.search(actor, name, limit=2)
        if len(found) == 1 or (found and found[0].name == name):
            return found[0]
        self.add_error(
            "account",
            _("Several accounts match “%(name)s”; choose one from the list.") % {"name": name}
            if found
            else _("No account matches “%(name)s”.") % {"name": name},
        )
        return None

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        new = ("account", "origin") if "account" in self.fields else ()
        fields = ("title", "body", "due_on", *new)
        values = {field: self.cleaned_data[field] for field in fields}
        owner_id = self.cleaned_data["owner"]
        return values | {"owner": self._people[owner_id] if owner_id else None}
