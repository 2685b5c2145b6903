"""Addresses of pages, one module per area."""

from banso.web.urls import (
    account,
    accounts,
    imports,
    live,
    session,
    settings,
    sources,
    tasks,
    today,
)

urlpatterns = [
    *session.urlpatterns,
    *today.urlpatterns,
    *accounts.urlpatterns,
    *account.urlpatterns,
    *tasks.urlpatterns,
    *settings.urlpatterns,
    *imports.urlpatterns,
    *sources.urlpatterns,
    *live.urlpatterns,
]
