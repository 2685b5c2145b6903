"""Names that the import pages use for codes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS: dict[str, Any] = {
    "accounts": pgettext_lazy("kind of file", "Accounts"),
    "contacts": pgettext_lazy("kind of file", "Contacts"),
    "subscriptions": pgettext_lazy("kind of file", "Subscriptions"),
    "usage": pgettext_lazy("kind of file", "Usage"),
    "tickets": pgettext_lazy("kind of file", "Tickets"),
    "nps": pgettext_lazy("kind of file", "NPS answers"),
    "activities": pgettext_lazy("kind of file", "Activities"),
}
KINDS_ABOUT: dict[str, Any] = {
    "accounts": _("One row per company: name, industry, size, owner."),
    "contacts": _("One row per person at a customer."),
    "subscriptions": _("One row per contract line: product, price, seats, from when to when."),
    "usage": _("Events as they happened, or counts per day and feature."),
    "tickets": _("One row per support ticket, or a log of their states."),
    "nps": _("One row per answer from 0 to 10."),
    "activities": _("One row per call, meeting, mail or note."),
}
STATUS: dict[str, Any] = {
    "uploaded": pgettext_lazy("import", "Uploaded"),
    "mapped": pgettext_lazy("import", "Columns chosen"),
    "checked": pgettext_lazy("import", "Checked"),
    "running": pgettext_lazy("import", "Running"),
    "done": pgettext_lazy("import", "Done"),
    "failed": pgettext_lazy("import", "Failed"),
    "cancelled": pgettext_lazy("import", "Cancelled"),
    "undoing": pgettext_lazy("import", "Being undone"),
    "undone": pgettext_lazy("import", "Undone"),
}
TONES = {
    "done": "healthy",
    "failed": "danger",
    "running": "accent",
    "undoing": "accent",
    "checked": "accent",
}
ORDERS: dict[str, Any] = {
    "ymd": _("year, month, day (2024-02-03)"),
    "dmy": _("day, month, year (3/2/2024)"),
    "mdy": _("month, day, year (2/3/2024)"),
    "excel": _("Excel's serial days (45325)"),
    "epoch": _("seconds since 1970"),
}
DECIMALS: dict[str, Any] = {".": "1,234.5", ",": "1.234,5"}
#: Shapes a kind of file can have; the first is the usual one.
SHAPES: dict[str, dict[str, Any]] = {
    "usage": {
        "counted": _("counted per day"),
        "raw": _("single events"),
    },
    "tickets": {
        "flat": _("one row per ticket"),
        "log": _("a log: one row per change of state"),
    },
}
#: Encodings that a person can choose from, and names of them that are only found out.
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "cp932": "Shift_JIS (CP932)",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP (JIS)",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}
FOUND_ENCODINGS = {
    **ENCODINGS,
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
DELIMITERS: dict[str, Any] = {
    ",": _("separated by commas"),
    ";": _("separated by semicolons"),
    "\t": _("separated by tabs"),
    "|": _("separated by |"),
}
#: What is wrong with rows, as short as a button; the sentences say more.
PROBLEMS: dict[str, Any] = {
    "too-many-cells": pgettext_lazy("rows with", "too many cells"),
    "too-few-cells": pgettext_lazy("rows with", "too few cells"),
    "duplicate-headers": pgettext_lazy("rows with", "columns of one name"),
    "required": pgettext_lazy("rows with", "an empty cell"),
    "spreadsheet-error": pgettext_lazy("rows with", "an error of the spreadsheet"),
    "not-a-date": pgettext_lazy("rows with", "no date"),
    "no-such-day": pgettext_lazy("rows with", "a day that does not exist"),
    "no-such-time": pgettext_lazy("rows with", "a time that does not exist"),
    "year-out-of-range": pgettext_lazy("rows with", "an impossible year"),
    "wrong-date-order": pgettext_lazy("rows with", "another date order"),
    "not-a-number": pgettext_lazy("rows with", "no number"),
    "not-finite": pgettext_lazy("rows with", "an infinite number"),
    "number-too-large": pgettext_lazy("rows with", "a number too large"),
    "not-whole": pgettext_lazy("rows with", "a number that is not whole"),
    "negative": pgettext_lazy("rows with", "a negative number"),
    "out-of-range": pgettext_lazy("rows with", "a number out of range"),
    "not-yes-no": pgettext_lazy("rows with", "neither yes nor no"),
    "unknown-choice": pgettext_lazy("rows with", "an unknown word"),
    "too-long": pgettext_lazy("rows with", "a text too long"),
    "not-an-address": pgettext_lazy("rows with", "no mail address"),
    "bad-corporate-number": pgettext_lazy("rows with", "a wrong corporate number"),
    "unknown-currency": pgettext_lazy("rows with", "an unknown currency"),
    "mixed-currencies": pgettext_lazy("rows with", "another currency"),
    "duplicate-id": pgettext_lazy("rows with", "an id used twice"),
    "duplicate-id-kept": pgettext_lazy("rows with", "an id used twice, kept"),
    "repeated-row": pgettext_lazy("rows with", "the same subject"),
    "repeated-row-kept": pgettext_lazy("rows with", "the same subject, kept"),
    "unknown-account": pgettext_lazy("rows with", "an unknown account"),
    "unknown-subscription": pgettext_lazy("rows with", "an unknown subscription"),
    "not-a-domain": pgettext_lazy("rows with", "no domain"),
    "unknown-user": pgettext_lazy("rows with", "an unknown user"),
    "ambiguous-match": pgettext_lazy("rows with", "several accounts that fit"),
    "end-before-start": pgettext_lazy("rows with", "an end before its start"),
    "in-the-future": pgettext_lazy("rows with", "usage in the future"),
    "dated-ahead": pgettext_lazy("rows with", "a date in the future"),
    "outside-subscription": pgettext_lazy("rows with", "usage outside the subscription"),
    "closed-before-opened": pgettext_lazy("rows with", "a closing before the opening"),
    "churned-but-served": pgettext_lazy("rows with", "churned, yet a subscription runs"),
    "customer-but-not-served": pgettext_lazy("rows with", "customer, yet no subscription runs"),
    "cancelled-but-served": pgettext_lazy("rows with", "cancelled, yet a subscription runs"),
}
UNDO_REASONS: dict[str, Any] = {
    "changed-since": _("changed since by somebody"),
    "in-use": _("used by other records"),
    "gone": _("no longer there"),
}
