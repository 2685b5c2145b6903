"""The address of the stream by which open pages learn of changes."""

from __future__ import annotations

from django.urls import path

from banso.web.views.live import no_stream

urlpatterns = [path("live/", no_stream, name="live")]
