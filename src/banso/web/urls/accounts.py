"""Addresses of the account list."""

from __future__ import annotations

from django.urls import path

from banso.web.views.accounts import builder, bulk, exporting, listing, segments

urlpatterns = [
    path("accounts/", listing.accounts, name="accounts"),
    path("accounts/filter/", builder.build_filter, name="accounts-filter"),
    path("accounts/columns/choose/", builder.choose_columns, name="accounts-columns-choose"),
    path("accounts/columns/", segments.columns, name="accounts-columns"),
    path("accounts/assign/", bulk.assign, name="accounts-assign"),
    path("accounts/assign/<uuid:token>/undo/", bulk.undo, name="accounts-assign-undo"),
    path("accounts/export/", exporting.export_accounts, name="accounts-export"),
    path("accounts/segments/", segments.save, name="segment-save"),
    path("accounts/segments/<uuid:uid>/delete/", segments.delete, name="segment-delete"),
]
