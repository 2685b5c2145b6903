"""One account's rows of every dataset, as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from banso.accounts.selectors import timeline
from banso.contracts.selectors.subscriptions import annual, lines_on
from banso.health.selectors.judgement import sentiments
from banso.health.types import SENTIMENT_POINTS, Sentiment
from banso.helpdesk.selectors.tickets import open_on, opened_between, responded_between
from banso.usage.selectors.batches import features_marked
from banso.usage.selectors.profile import profile_of
from banso.usage.types import PROFILE_DAYS
from banso.voice.selectors.answers import answered_until
from banso.workspace.selectors import company

Row: TypeAlias = Mapping[str, Any]
#: As many entries as are looked through.
MOST_ENTRIES = 500
ACTIVITY_KINDS = ("note", "call", "meeting", "mail")


def _account_days(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    profile = profile_of(account)
    if profile is None:
        return []
    first = max(first, last - timedelta(days=PROFILE_DAYS), profile.first_day)
    events, users = profile.on(profile.events, first, last), profile.on(profile.users, first, last)
    rows: list[Row] = [
        {"day": first + timedelta(days=place), "events": events[place], "users": users[place]}
        for place in range(len(events))
        if events[place] or users[place]
    ]
    return rows[::-1]


def _features(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    profile = profile_of(account)
    if profile is None:
        return []
    core, login = dataset == "core_feature_days", dataset == "login_days"
    marked = features_marked(core=core, login=login) if core or login else profile.features
    first = max(first, profile.first_day)
    rows: list[Row] = []
    for feature in profile.features:
        days = profile.on(profile.features[feature], first, last)
        if feature in marked and any(days):
            used = [place for place, events in enumerate(days) if events]
            rows.append(
                {
                    "feature": feature,
                    "events": sum(days),
                    "days": len(used),
                    "last_day": first + timedelta(days=used[-1]),
                }
            )
    return sorted(rows, key=lambda row: -row["events"])


def _users(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    profile = profile_of(account)
    if profile is None:
        return []
    start = max((first - profile.first_week).days // 7, 0)
    end = (last - profile.first_week).days // 7 + 1
    rows: list[Row] = [
        {"user": user.user_key, "events": sum(user.events[start:end]), "last_day": user.last_day}
        for user in profile.user_weeks
        if user.last_day >= first
    ]
    return sorted((row for row in rows if row["events"]), key=lambda row: -row["events"])


def _ticket(ticket: Any) -> Row:
    response = ticket.first_response_at
    return {
        "opened": ticket.opened_at,
        "subject": ticket.subject or ticket.external_id,
        "priority": ticket.priority,
        "status": ticket.status,
        "minutes": (response - ticket.opened_at).total_seconds() / 60 if response else None,
        "closed": ticket.closed_at,
    }


def _tickets(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    return [_ticket(ticket) for ticket in opened_between(account, first, last)]


def _open_tickets(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    return [_ticket(ticket) for ticket in open_on(account, last)]


def _responses(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    return [_ticket(ticket) for ticket in responded_between(account, first, last)]


def _answers(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    zone = ZoneInfo(company().time_zone)
    rows: list[Row] = [
        {
            "answered": answer.answered_at,
            "score": answer.score,
            "comment": answer.comment,
            "person": answer.contact.name if answer.contact else "",
        }
        for answer in answered_until(account, last)
        if answer.answered_at.astimezone(zone).date() >= first
    ]
    return rows


def _lines(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    return [
        {
            "product": line.product.name,
            "from": line.start_on,
            "to": line.end_on,
            "term_ends": line.term_end_on,
            "per_year": (annual(line.mrr_minor), line.currency),
            "seats": line.seats,
            "is_trial": line.is_trial,
            "is_addon": line.product.is_addon,
        }
        for line in lines_on(account, last)
    ]


def _sentiments(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    rows: list[Row] = [
        {
            "from": said.from_day,
            "to": said.until_day,
            "points": SENTIMENT_POINTS[Sentiment(said.value)],
            "comment": said.reason,
            "person": said.set_by.name if said.set_by else "",
        }
        for said in sentiments(account)
        if said.from_day <= last <= said.until_day
    ]
    return rows[:1]


def _activities(account: Any, dataset: str, first: date, last: date) -> list[Row]:
    zone = ZoneInfo(company().time_zone)
    entries, _further = timeline(account, ACTIVITY_KINDS, limit=MOST_ENTRIES)
    return [
        {
            "when": entry.happened_at,
            "kind": entry.kind,
            "subject": entry.title or entry.body,
            "person": entry.author.name if entry.author else "",
        }
        for entry in entries
        if first <= entry.happened_at.astimezone(zone).date() <= last
    ]


#: Dataset to its rows of an account from a first to a last day; rows that hold on a day are looked
#: up for the last one.
SOURCES: dict[str, Callable[[Any, str, date, date], list[Row]]] = {
    "account_days": _account_days,
    "feature_days": _features,
    "core_feature_days": _features,
    "login_days": _features,
    "user_days": _users,
    "tickets": _tickets,
    "ticket_spans": _open_tickets,
    "ticket_responses": _responses,
    "nps": _answers,
    "subscription_lines": _lines,
    "subscription_terms": _lines,
    "sentiment_spans": _sentiments,
    "activities": _activities,
}
