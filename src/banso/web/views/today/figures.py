"""The figures above Today; each is a link to the accounts it was counted from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from banso.health.selectors.portfolio import BAND_CHANGED
from banso.health.selectors.today import Scope, Summary
from banso.kit.money import Money
from banso.web import formats
from banso.web.badges import band_word
from banso.web.reader import Reader
from banso.workspace.selectors import teammates, users

Json = dict[str, Any]


class Figures:
    """What the head of the page shows."""

    def __init__(self, who: Reader, summary: Summary, scope: Scope) -> None:
        self.summary = summary
        self.scope_query = _owners(who, scope)

    @property
    def bands(self) -> list[dict[str, Any]]:
        """Bands with number of customers, share of customers, ARR and address."""
        total = self.summary.accounts or 1
        return [
            {
                "band": part.band,
                "word": band_word(part.band),
                "accounts": part.accounts,
                "share": part.accounts / total,
                "arr": amounts(part.arr),
                "url": self._url(band=part.band or "none"),
            }
            for part in self.summary.bands
        ]

    @property
    def bar(self) -> list[tuple[float, str]]:
        """The bands as parts of one bar."""
        return [(part["share"], part["band"] or "none") for part in self.bands]

    @property
    def tiles(self) -> list[dict[str, str]]:
        """The head figures."""
        found = self.summary
        moved = _("%(down)s down, %(up)s up") % {
            "down": formats.number(found.moved_down),
            "up": formats.number(found.moved_up),
        }
        return [
            {
                "label": _("ARR"),
                "value": amounts(found.arr[:1]),
                "note": _also(
                    found.arr[1:], _("%(n)s customers") % {"n": formats.number(found.accounts)}
                ),
                "url": self._url(),
            },
            {
                "label": _("ARR in danger"),
                "value": amounts(found.arr_at_risk[:1]),
                "note": _also(found.arr_at_risk[1:], _share(found.arr_at_risk, found.arr)),
                "url": self._url(band="danger"),
            },
            {
                "label": _("Changed band in 7 days"),
                "value": formats.number(found.moved_down + found.moved_up),
                "note": moved,
                "url": self._url(
                    also={"field": BAND_CHANGED, "op": "is", "value": True}, sort="change_7"
                ),
            },
            {
                "label": _("Renewals in 90 days"),
                "value": formats.number(found.renewals),
                "note": _("%(arr)s, %(n)s of them not healthy")
                % {
                    "arr": amounts(found.renewals_arr),
                    "n": formats.number(found.renewals_at_risk),
                },
                "url": self._url(renewal="90", sort="renewal_on"),
            },
            *self._unowned(),
        ]

    def _unowned(self) -> list[dict[str, str]]:
        if not self.summary.unowned:
            return []
        return [
            {
                "label": _("Without a CS owner"),
                "value": formats.number(self.summary.unowned),
                "note": amounts(self.summary.unowned_arr),
                "url": self._url(owner="none"),
            }
        ]

    def _url(self, also: Json | None = None, **more: str) -> str:
        query = {"customer": "yes", **more}
        if parts := [part for part in (self.scope_query, also) if part]:
            built = parts[0] if len(parts) == 1 else {"and": parts}
            query["query"] = json.dumps(built, separators=(",", ":"))
        return f"{reverse('accounts')}?{urlencode(query)}"


def amounts(parts: Sequence[Money]) -> str:
    """Sums of one or several currencies, side by side."""
    shown = [formats.short_money(part.minor, part.currency) for part in parts if part.currency]
    return " + ".join(shown) or "0"


def _also(others: Sequence[Money], text: str) -> str:
    """Amounts in further currencies in front of a note."""
    return " · ".join(filter(None, [f"+ {amounts(others)}" if others else "", text]))


def _share(part: Sequence[Money], whole: Sequence[Money]) -> str:
    if len(whole) != 1 or not whole[0].minor:
        return ""
    same = sum(money.minor for money in part if money.currency == whole[0].currency)
    return _("%(share)s of the ARR") % {"share": formats.percent(same / whole[0].minor)}


def _owners(who: Reader, scope: Scope) -> Json:
    """The condition that leaves the accounts in scope."""
    if scope is Scope.ALL:
        return {}
    people = ["me"]
    if scope is Scope.TEAM:
        ids = teammates(who.actor)
        people += [str(uid) for uid in users().filter(pk__in=ids).values_list("uid", flat=True)]
    sides = ("cs_owner", "sales_owner")
    return {"or": [{"field": side, "op": "in", "value": people} for side in sides]}
