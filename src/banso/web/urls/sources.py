"""Addresses of data sources: what sends events, whose they are, and what was refused."""

from __future__ import annotations

from django.urls import path

from banso.web.views.sources import (
    changing,
    erasing,
    listing,
    matching,
    refused,
    replaying,
    source,
    unmatched,
)

urlpatterns = [
    path("settings/sources/", listing.sources, name="settings-sources"),
    path("settings/sources/new/", changing.new, name="settings-source-new"),
    path("settings/sources/unmatched/", unmatched.unmatched, name="settings-unmatched"),
    path("settings/sources/unmatched/<uuid:uid>/", unmatched.party, name="settings-party"),
    path(
        "settings/sources/unmatched/<uuid:uid>/match/",
        matching.match,
        name="settings-party-match",
    ),
    path(
        "settings/sources/unmatched/<uuid:uid>/ignore/",
        matching.ignore,
        name="settings-party-ignore",
    ),
    path(
        "settings/sources/unmatched/<uuid:uid>/erase/",
        erasing.party,
        name="settings-party-erase",
    ),
    path("settings/sources/<uuid:uid>/domain/", matching.domain, name="settings-source-domain"),
    path(
        "settings/sources/rules/<uuid:uid>/take-back/",
        matching.take_back,
        name="settings-match-rule-remove",
    ),
    path("settings/sources/refused/", refused.refused, name="settings-refused"),
    path("settings/sources/refused/act/", replaying.refused, name="settings-refused-act"),
    path("settings/sources/set-aside/act/", replaying.set_aside, name="settings-set-aside-act"),
    path("settings/sources/<uuid:uid>/", source.source, name="settings-source"),
    path("settings/sources/<uuid:uid>/change/", changing.change, name="settings-source-change"),
    path("settings/sources/<uuid:uid>/switch/", changing.switch, name="settings-source-switch"),
    path("settings/sources/<uuid:uid>/rotate/", changing.rotate, name="settings-source-rotate"),
    path("settings/sources/<uuid:uid>/retire/", changing.retire, name="settings-source-retire"),
]
