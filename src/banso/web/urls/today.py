"""Addresses of Today and of search."""

from __future__ import annotations

from django.urls import path

from banso.web.views import search, today

urlpatterns = [
    path("today/", today.today, name="today"),
    path("search/", search.search, name="search"),
]
