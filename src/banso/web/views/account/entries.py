"""Wording timeline entries: what the system noted, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from banso.accounts.types import MANUAL_KINDS
from banso.web import formats
from banso.web.badges import band_word
from banso.web.reader import Reader
from banso.web.views.account.words import KINDS, PRIORITIES, SIDES, label
from banso.web.words import lifecycle_word

Wording = Callable[[Mapping[str, Any], Any], str]


def _named(data: Mapping[str, Any]) -> str:
    own = "name_ja" if (get_language() or "").startswith("ja") else "name_en"
    return str(data.get(own) or data.get("name_en") or "")


def _score(data: Mapping[str, Any], _entry: Any) -> str:
    values = {
        "before": formats.score(data.get("from")),
        "after": formats.score(data.get("to")),
        "from_band": band_word(data.get("from_band") or ""),
        "to_band": band_word(data.get("to_band") or ""),
    }
    return _("Health %(before)s (%(from_band)s) → %(after)s (%(to_band)s)") % values


def _signal(data: Mapping[str, Any], entry: Any) -> str:
    sentences = {
        "opened": _("Signal: %(name)s"),
        "cleared": _("Signal has cleared: %(name)s"),
        "snoozed": _("Signal snoozed: %(name)s"),
        "resolved": _("Signal resolved: %(name)s"),
        "reopened": _("Signal open again: %(name)s"),
    }
    text = sentences.get(data.get("event", ""), "%(name)s") % {"name": _named(data)}
    if data.get("event") != "opened" or "since" not in data:
        return text
    since = date.fromisoformat(data["since"])
    return f"{text} ({formats.since_and_noticed(since, entry.happened_at)})"


def _contract(data: Mapping[str, Any], entry: Any) -> str:
    sentences = {
        "started": _("%(product)s started: ARR %(after)s"),
        "changed": _("%(product)s: ARR %(before)s → %(after)s"),
        "renewed": _("%(product)s renewed: ARR %(after)s"),
        "ended": _("%(product)s ended: ARR %(before)s lost"),
    }
    if data.get("event") not in sentences:
        return str(entry.title)
    currency = data.get("currency") or ""
    return sentences[data["event"]] % {
        "product": data.get("product") or _("Contract"),
        "before": formats.money(data.get("arr_before"), currency),
        "after": formats.money(data.get("arr_after"), currency),
    }


def _stage(data: Mapping[str, Any], entry: Any) -> str:
    if "to" not in data:
        return str(entry.title)
    nothing = _("none")
    values = {
        "before": lifecycle_word(data.get("from") or "") or nothing,
        "after": lifecycle_word(data["to"] or "") or nothing,
    }
    return _("Stage: %(before)s → %(after)s") % values


def _owner(data: Mapping[str, Any], _entry: Any) -> str:
    values = {
        "side": label(SIDES, data.get("side", "")),
        "before": data.get("from") or _("nobody"),
        "after": data.get("to") or _("nobody"),
    }
    return _("%(side)s: %(before)s → %(after)s") % values


def _task(data: Mapping[str, Any], entry: Any) -> str:
    return _("Task done: %(title)s") % {"title": data.get("title") or entry.title}


def _ticket(data: Mapping[str, Any], entry: Any) -> str:
    sentences = {"opened": _("Ticket: %(subject)s"), "closed": _("Ticket closed: %(subject)s")}
    text = sentences.get(data.get("event", ""), "%(subject)s") % {
        "subject": entry.title or _("(no subject)")
    }
    if data.get("priority") in ("high", "urgent"):
        text += f" ({label(PRIORITIES, data['priority'])})"
    return text


def _survey(data: Mapping[str, Any], entry: Any) -> str:
    if data.get("score") is None:
        return str(entry.title)
    return _("NPS answer: %(score)s of 10") % {"score": data["score"]}


WORDING: dict[str, Wording] = {
    "score": _score,
    "signal": _signal,
    "contract": _contract,
    "stage": _stage,
    "owner": _owner,
    "task": _task,
    "ticket": _ticket,
    "survey": _survey,
}


def _tone(kind: str, data: Mapping[str, Any]) -> str:
    if kind == "signal" and data.get("event") in ("opened", "reopened"):
        return "danger" if data.get("direction") == "risk" else "healthy"
    if kind == "score":
        return str(data.get("to_band") or "")
    if kind == "survey" and data.get("score") is not None:
        score = data["score"]
        return "healthy" if score >= 9 else "caution" if score >= 7 else "danger"
    if kind == "cancellation":
        return "danger"
    return "accent" if kind in MANUAL_KINDS else ""


def entry_row(reader: Reader, entry: Any) -> dict[str, Any]:
    """One entry as the timeline shows it: icon, tone, title, text, who and when."""
    name, icon = KINDS.get(entry.kind, (entry.kind, "circle"))
    wording = WORDING.get(entry.kind)
    title = wording(entry.data, entry) if wording and entry.data else entry.title
    by_hand = entry.kind in MANUAL_KINDS
    return {
        "entry": entry,
        "kind": name,
        "icon": icon,
        "tone": _tone(entry.kind, entry.data),
        "title": title or str(name),
        "by_hand": by_hand,
        "may_edit": by_hand and reader.may("accounts.edit_entry", entry),
    }


def entry_rows(reader: Reader, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Entries as the timeline shows them."""
    return [entry_row(reader, entry) for entry in entries]
