"""Addresses of the import wizard and of the NPS page."""

from __future__ import annotations

from django.urls import path

from banso.web.views import voice
from banso.web.views.imports import listing, mapping, run

urlpatterns = [
    path("imports/", listing.imports, name="imports"),
    path("imports/upload/", listing.upload, name="import-upload"),
    path("imports/<uuid:uid>/", run.show, name="import"),
    path("imports/<uuid:uid>/map/", mapping.choose, name="import-map"),
    path("imports/<uuid:uid>/preview/", mapping.preview, name="import-preview"),
    path("imports/<uuid:uid>/check/", run.check, name="import-check"),
    path("imports/<uuid:uid>/start/", run.start, name="import-start"),
    path("imports/<uuid:uid>/cancel/", run.cancel, name="import-cancel"),
    path("imports/<uuid:uid>/undo/", run.take_back, name="import-undo"),
    path("imports/<uuid:uid>/errors.csv", run.errors, name="import-errors"),
    path("imports/<uuid:uid>/look/", run.look, name="import-look"),
    path("voice/nps/", voice.nps, name="nps"),
]
