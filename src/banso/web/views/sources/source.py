"""One source of events: how to send, with which keys, and what arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from banso.accounts.selectors import accounts_by_ids
from banso.kit import clock
from banso.usage.selectors.arrivals import Arrival, arrivals_by_minute, inbox_state, last_arrivals
from banso.usage.selectors.sources import day_of, keys_of, source_by_uid
from banso.web.access import access
from banso.web.reader import Reader, reader
from banso.web.views.settings.frame import render_section
from banso.web.views.settings.inbox import inbox_context
from banso.web.views.sources.drawing import minute_bars
from banso.web.views.sources.listing import state_of
from banso.web.views.sources.snippets import LANGUAGES, snippet
from banso.web.views.sources.words import OUTCOME_TONES, OUTCOMES, TYPES, refusal

if TYPE_CHECKING:
    from banso.usage.models import EventSource

MINUTES = 30
#: How long the page celebrates the first event.
CELEBRATED = timedelta(hours=1)


@access("usage.view_sources")
def source(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What arrives, and how to send."""
    who, found = reader(request), source_by_uid(uid)
    context = {
        "source": found,
        "state": state_of(found),
        "may_connect": who.may("usage.sources"),
        **_arrivals(who, found),
        **_sending(request, found),
        **inbox_context(),
    }
    return render_section(request, "sources", "sources/source", context)


def _arrivals(who: Reader, found: EventSource) -> dict[str, Any]:
    last = last_arrivals(found)
    accounts = accounts_by_ids(who.actor, {one.account_id for one in last if one.account_id})
    rows = [
        {"key": key, **_row(one, accounts.get(one.account_id or 0))}
        for key, one in zip(_keys(last), last, strict=True)
    ]
    first = found.first_event_at
    return {
        "today": day_of(found),
        "arrivals": rows,
        "bars": minute_bars(arrivals_by_minute(found, MINUTES)),
        "minutes": MINUTES,
        "is_new": first is not None and clock.now() - first < CELEBRATED,
        # The oldest, which does not change as more come in.
        "named": next((row for row in reversed(rows) if row["account"]), None),
        "is_coming": first is None and bool(inbox_state().requests),
    }


def _keys(last: Sequence[Arrival]) -> Iterator[str]:
    """What tells the messages apart while newer ones come in above: those of one request have the
    same time, and come and go together."""
    known: Counter[datetime] = Counter()
    for one in last:
        known[one.at] += 1
        yield f"{one.at.isoformat()} {known[one.at]}"


def _row(one: Arrival, account: Any) -> dict[str, Any]:
    return {
        "arrival": one,
        "account": account,
        "type": TYPES.get(one.type, one.type),
        "outcome": OUTCOMES.get(one.outcome, one.outcome),
        "tone": OUTCOME_TONES.get(one.outcome, ""),
        "refusal": refusal(one.code) if one.code else None,
    }


def _sending(request: HttpRequest, found: EventSource) -> dict[str, Any]:
    keys, address = keys_of(found), request.build_absolute_uri("/").rstrip("/")
    key = keys[0].key if keys else ""
    return {
        "keys": keys,
        "key": key,
        "address": address,
        "languages": LANGUAGES,
        "snippet": snippet(request.GET.get("in", ""), address, key),
    }
