"""Names that the pages about events use for codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES: dict[str, Any] = {
    "off": pgettext_lazy("event source", "Switched off"),
    "waiting": pgettext_lazy("event source", "Waiting for the first event"),
    "on": pgettext_lazy("event source", "Receiving"),
}
STATE_TONES = {"off": "", "waiting": "accent", "on": "healthy"}
OUTCOMES: dict[str, Any] = {
    "accepted": pgettext_lazy("event", "Accepted"),
    "duplicate": pgettext_lazy("event", "Sent twice"),
    "held": pgettext_lazy("event", "Not matched yet"),
    "refused": pgettext_lazy("event", "Refused"),
}
OUTCOME_TONES = {"accepted": "healthy", "duplicate": "", "held": "caution", "refused": "danger"}
#: Kinds of message that say who somebody is; the others are named by their event.
TYPES: dict[str, Any] = {
    "identify": pgettext_lazy("event", "Who somebody is"),
    "group": pgettext_lazy("event", "Which company"),
    "alias": pgettext_lazy("event", "A new id"),
    "page": pgettext_lazy("event", "Page"),
    "screen": pgettext_lazy("event", "Screen"),
    "track": pgettext_lazy("event", "Event"),
    "batch": pgettext_lazy("event", "Event"),
}
PARTIES: dict[str, Any] = {
    "group": pgettext_lazy("sender", "Company"),
    "user": pgettext_lazy("sender", "User"),
    "anonymous": pgettext_lazy("sender", "Visitor"),
    "domain": pgettext_lazy("sender", "Mail domain"),
}
#: Why a message was refused, and what to do about it in the sender.
REFUSALS: dict[str, tuple[Any, Any]] = {
    "message-too-large": (
        _("The message is larger than 32 KB."),
        _("Send ids instead of whole documents in its properties."),
    ),
    "too-deep": (
        _("The message is nested more than 32 levels deep."),
        _("Flatten its properties."),
    ),
    "not-finite": (
        _("A number is not a number, or infinite."),
        _("Leave the property out when there is nothing to count."),
    ),
    "number-too-large": (
        _("An integer does not fit into 64 bits."),
        _("Send long ids as text."),
    ),
    "nul-character": (
        _("A text holds a NUL character."),
        _("Remove it before sending; no database keeps it."),
    ),
    "half-character": (
        _("A text holds half a character, or is not UTF-8."),
        _("Cut texts between characters, and send them as UTF-8."),
    ),
    "not-an-object": (
        _("The message is not a JSON object."),
        _("Use one of the libraries above, or send an object in braces."),
    ),
    "wrong-type": (
        _("A field holds another kind of value than the protocol says."),
        _("Properties and traits are objects; ids and names are text."),
    ),
    "unknown-type": (
        _("The type is none of track, identify, group, page, screen and alias."),
        _("Set the type of every message in a batch."),
    ),
    "no-event": (
        _("A track message does not name its event."),
        _("Give the event a name, such as “Report Exported”."),
    ),
    "no-group": (
        _("A group message has no groupId."),
        _("Send the company's id as groupId."),
    ),
    "no-alias": (
        _("An alias message needs a previousId and a userId."),
        _("Send both; most products never need alias."),
    ),
    "nobody": (
        _("There is neither a userId nor an anonymousId, and no group."),
        _("Say who did it: call identify first, or pass a userId."),
    ),
    "message-id-too-long": (
        _("The messageId has 100 characters or more."),
        _("Leave it to the library, or send a UUID."),
    ),
}


def refusal(code: str) -> dict[str, Any]:
    """Reason and remedy of a refusal; a code from elsewhere speaks for itself."""
    reason, remedy = REFUSALS.get(code, (code, ""))
    return {"code": code, "reason": reason, "remedy": remedy}
