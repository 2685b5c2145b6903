"""Addresses of Today and of search."""

from __future__ import annotations

from django.urls import path

from banso.web.views import search
from banso.web.views.today import page

urlpatterns = [
    path("today/", page.today, name="today"),
    path("search/", search.search, name="search"),
]
