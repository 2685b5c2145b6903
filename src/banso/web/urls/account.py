"""Addresses of the area “account”."""

from __future__ import annotations

from django.urls import path

from banso.web.views.account import (
    contracts,
    edit,
    erase,
    health,
    judgement,
    metric,
    overview,
    people,
    signals,
    timeline,
    usage,
)

urlpatterns = [
    path("accounts/new/", edit.new, name="account-new"),
    path("accounts/pick/", edit.pick, name="account-pick"),
    path("accounts/<uuid:uid>/", overview.overview, name="account"),
    path("accounts/<uuid:uid>/edit/", edit.edit, name="account-edit"),
    path("accounts/<uuid:uid>/erase/", erase.account, name="account-erase"),
    path("accounts/<uuid:uid>/timeline/", timeline.timeline, name="account-timeline"),
    path("accounts/<uuid:uid>/log/", timeline.log, name="account-log"),
    path("accounts/<uuid:uid>/timeline/<uuid:entry>/", timeline.edit_entry, name="account-entry"),
    path(
        "accounts/<uuid:uid>/timeline/<uuid:entry>/delete/",
        timeline.remove_entry,
        name="account-entry-delete",
    ),
    path("accounts/<uuid:uid>/usage/", usage.usage, name="account-usage"),
    path("accounts/<uuid:uid>/contracts/", contracts.contracts, name="account-contracts"),
    path("accounts/<uuid:uid>/people/", people.people, name="account-people"),
    path("accounts/<uuid:uid>/people/new/", people.new_contact, name="contact-new"),
    path("accounts/<uuid:uid>/people/<uuid:contact>/", people.edit_contact, name="contact"),
    path("accounts/<uuid:uid>/people/<uuid:contact>/left/", people.left, name="contact-left"),
    path("accounts/<uuid:uid>/people/<uuid:contact>/erase/", erase.person, name="contact-erase"),
    path("accounts/<uuid:uid>/health/", health.health, name="account-health"),
    path("accounts/<uuid:uid>/metrics/<slug:key>/", metric.metric, name="account-metric"),
    path("accounts/<uuid:uid>/override/", judgement.override, name="account-override"),
    path("accounts/<uuid:uid>/override/end/", judgement.end, name="account-override-end"),
    path("accounts/<uuid:uid>/sentiment/", judgement.sentiment, name="account-sentiment"),
    path("accounts/<uuid:uid>/signals/<uuid:signal>/snooze/", signals.snooze, name="signal-snooze"),
    path(
        "accounts/<uuid:uid>/signals/<uuid:signal>/resolve/", signals.resolve, name="signal-resolve"
    ),
    path("accounts/<uuid:uid>/signals/<uuid:signal>/reopen/", signals.reopen, name="signal-reopen"),
]
