"""Trying refused messages and requests again, or throwing them away."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from banso.kit.errors import InvalidInputError
from banso.kit.numbers import small_int
from banso.usage.selectors.quarantine import refused_by_uid, set_aside_by_id
from banso.usage.services import quarantine
from banso.web.access import access
from banso.web.reader import reader
from banso.workspace.types import Actor


@access("usage.match")
@require_POST
def refused(request: HttpRequest) -> HttpResponse:
    """Replay or discard one refused message, or all that were refused for a reason."""
    actor, code = reader(request).actor, request.POST.get("code", "")
    again = request.POST.get("do") == "replay"
    if code:
        (_replay_all if again else _discard_all)(request, actor, code)
    else:
        _one(request, actor, _uid(request), again=again)
    return redirect("settings-refused")


def _uid(request: HttpRequest) -> UUID:
    with suppress(ValueError):
        return UUID(request.POST.get("uid", ""))
    raise InvalidInputError(_("Name the message."))


def _one(request: HttpRequest, actor: Actor, uid: UUID, *, again: bool) -> None:
    message = refused_by_uid(uid)
    if not again:
        quarantine.discard_message(actor=actor, message=message)
        messages.success(request, _("The message is discarded."))
    elif quarantine.replay_message(actor=actor, message=message):
        messages.success(request, _("The message is taken now."))
    else:
        messages.warning(request, _("The message is still refused; it stays here."))


def _replay_all(request: HttpRequest, actor: Actor, code: str) -> None:
    taken, still = quarantine.replay_all(actor=actor, code=code)
    told = ngettext("%(count)d message is taken now.", "%(count)d messages are taken now.", taken)
    messages.success(request, told % {"count": taken})
    if still:
        left = ngettext("%(count)d is still refused.", "%(count)d are still refused.", still)
        messages.warning(request, left % {"count": still})


def _discard_all(request: HttpRequest, actor: Actor, code: str) -> None:
    count = quarantine.discard_all(actor=actor, code=code)
    told = ngettext("%(count)d message is discarded.", "%(count)d messages are discarded.", count)
    messages.success(request, told % {"count": count})


@access("usage.match")
@require_POST
def set_aside(request: HttpRequest) -> HttpResponse:
    """Try a request again that was set aside, or throw it away."""
    actor, number = reader(request).actor, small_int(request.POST.get("batch", ""))
    if number is None:
        raise InvalidInputError(_("Name the request."))
    batch = set_aside_by_id(number)
    if request.POST.get("do") == "retry":
        quarantine.retry_request(actor=actor, batch=batch)
        messages.success(request, _("The request is tried again."))
    else:
        quarantine.discard_request(actor=actor, batch=batch)
        messages.success(request, _("The request is discarded."))
    return redirect("settings-refused")
