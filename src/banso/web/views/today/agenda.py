"""One account of the list: why, with numbers; what is at stake; what to click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from banso.health.selectors.today import Evidence, Item, Reason
from banso.health.types import Direction
from banso.web import formats
from banso.web.badges import band_word, band_word_of_code
from banso.web.reader import Reader

SHOWN_REASONS = 3
SHOWN_FACTS = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure behind a reason, and the page of the rows it was made from."""

    name: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Why:
    """One reason in words."""

    text: str
    since: str
    facts: Sequence[Fact]
    tone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of the list."""

    item: Item
    url: str
    open_health: str
    open_url: str
    open_label: str
    reasons: Sequence[Why]
    hidden_reasons: int
    advice: str
    icon: str
    tone: str
    signal_uid: UUID | None
    task_title: str
    stake: str


class Agenda:
    """Words entries for one reader."""

    def __init__(self, who: Reader, here: str) -> None:
        self.who, self.here = who, here
        self.may_task = who.may("tasks.create")
        self.may_signal = who.may("health.signal")

    def entry(self, item: Item) -> Entry:
        """One account with its gravest reasons."""
        first = item.reasons[0] if item.reasons else None
        grows = first is not None and first.direction is Direction.OPPORTUNITY
        open_url, open_label = self._next(item, grows)
        return Entry(
            item=item,
            url=reverse("account", args=[item.uid]),
            open_health=reverse("account-health", args=[item.uid]),
            open_url=open_url,
            open_label=open_label,
            reasons=[self._why(item, reason) for reason in item.reasons[:SHOWN_REASONS]],
            hidden_reasons=max(len(item.reasons) - SHOWN_REASONS, 0),
            advice=self._own(first, "advice") if first else "",
            icon=_icon(first),
            tone="healthy" if grows else "danger" if first and first.severity == 3 else "caution",
            signal_uid=next((r.signal_uid for r in item.reasons if r.signal_uid), None),
            task_title=self._task_title(item, first),
            stake=self._stake(item),
        )

    def _own(self, reason: Reason, field: str) -> str:
        return str(getattr(reason, f"{field}_{'ja' if self.who.language == 'ja' else 'en'}"))

    def _why(self, item: Item, reason: Reason) -> Why:
        known = [fact for fact in reason.evidence if fact.value is not None]
        return Why(
            text=self._sentence(item, reason),
            since=formats.ago(reason.since, self.who.today) if reason.since else "",
            facts=[self._fact(item, fact) for fact in known[:SHOWN_FACTS]],
            tone="healthy" if reason.direction is Direction.OPPORTUNITY else "danger",
        )

    def _sentence(self, item: Item, reason: Reason) -> str:
        if reason.kind == "signal":
            return self._own(reason, "name")
        if reason.kind == "score":
            return _("The health score fell within a week")
        return _("Renewal in %(days)s while health is “%(band)s”") % {
            "days": formats.metric_value(item.renewal_in_days, "days"),
            "band": band_word(item.band),
        }

    def _fact(self, item: Item, fact: Evidence) -> Fact:
        value = self._value(fact, fact.value)
        if fact.before is not None:
            value = f"{self._value(fact, fact.before)} → {value}"
        if fact.key in ("score", "band"):
            name = _("Health score") if fact.key == "score" else _("Band")
            return Fact(name, value, reverse("account-health", args=[item.uid]))
        name = (fact.name_ja if self.who.language == "ja" else fact.name_en) or fact.key
        return Fact(name, value, reverse("account-metric", args=[item.uid, fact.key]))

    def _value(self, fact: Evidence, value: float | None) -> str:
        if fact.key == "band":
            return band_word_of_code(value)
        if fact.key == "score":
            return formats.score(value)
        return formats.metric_value(value, fact.unit, self.who.company.currency)

    def _next(self, item: Item, grows: bool) -> tuple[str, str]:
        account = reverse("account", args=[item.uid])
        if item.next_step == "renewal":
            return reverse("account-contracts", args=[item.uid]), _("Look at the contract")
        if item.next_step == "score":
            return reverse("account-health", args=[item.uid]), _("See why it fell")
        acts = _("See to it") if self.may_signal else _("Look at the signals")
        return f"{account}#signals", _("Look at the chance") if grows else acts

    def _task_title(self, item: Item, reason: Reason | None) -> str:
        return _("%(signal)s: see to it") % {
            "signal": self._sentence(item, reason) if reason else item.name
        }

    def _stake(self, item: Item) -> str:
        return formats.short_money(item.arr.minor, item.arr.currency) if item.arr.minor else ""


def _icon(reason: Reason | None) -> str:
    if reason is None:
        return "circle"
    if reason.direction is Direction.OPPORTUNITY:
        return "trending-up"
    return {"renewal": "calendar-clock", "score": "trending-down"}.get(
        reason.kind, "triangle-alert"
    )
