"""Why a request as a whole is not taken."""

from __future__ import annotations

from banso.kit.errors import BansoError

#: Code → status of the answer; every other code is a 400.
STATUSES = {
    "no-key": 401,
    "unknown-key": 401,
    "source-disabled": 403,
    "unknown-route": 404,
    "post-only": 405,
    "body-too-large": 413,
    "wrong-content-type": 415,
    "wrong-encoding": 415,
    "busy": 429,
    "disk-full": 503,
    "not-kept": 503,
}
#: Seconds after which a sender may try again.
RETRY_AFTER = {"busy": 1, "disk-full": 30, "not-kept": 2}

_TEXTS = {
    "no-key": ("The request shows no write key.", "Send it as the user name of Basic auth."),
    "unknown-key": ("This write key is not known, or retired.", "Copy a valid one from Settings."),
    "source-disabled": ("This source is switched off.", "Ask an administrator to switch it on."),
    "unknown-route": (
        "There is no such route.",
        "Use /v1/track, identify, group, page, screen, alias or batch.",
    ),
    "post-only": ("This route takes POST only.", "Send the message as the body of a POST."),
    "wrong-content-type": (
        "The body is said to be neither JSON nor plain text.",
        "Send Content-Type: application/json.",
    ),
    "wrong-encoding": (
        "The body is said to be encoded in an unknown way.",
        "Send it as it is, or with Content-Encoding: gzip.",
    ),
    "busy": ("More arrives than can be kept right now.", "Send the same request again later."),
    "disk-full": ("The disk is nearly full.", "Make room; then send the same request again."),
    "not-kept": ("The request could not be kept.", "Send the same request again."),
}


def problem(code: str) -> BansoError:
    """The error of a code."""
    message, remedy = _TEXTS[code]
    return BansoError(message, code=code, remedy=remedy)
